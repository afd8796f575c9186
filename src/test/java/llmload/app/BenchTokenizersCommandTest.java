package llmload.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import llmload.tokens.Tokenizer;
import org.junit.jupiter.api.Test;

class BenchTokenizersCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final AtomicLong clock = new AtomicLong(9);

  private int run(String... arguments) {
    return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** A token for so many characters; each call takes so long. */
  private Tokenizer every(int characters, long micros) {
    return new Tokenizer() {
      @Override
      public String name() {
        return "every " + characters;
      }

      @Override
      public int[] encode(String text) {
        clock.addAndGet(micros * 1_000);
        return new int[text.length() / characters];
      }
    };
  }

  @Test
  void json_hasTheFieldsOfTheInfrastructureRecord_forTwoRealTokenizers() throws IOException {
    assertThat(
            run(
                "bench",
                "tokenizers",
                "--iterations",
                "3",
                "--sustained",
                "0s",
                "--trace",
                "none",
                "--format",
                "json"))
        .as(err.toString())
        .isZero();

    JsonNode report = JSON.readTree(out.toString());
    assertThat(report.path("notes").get(2).asText())
        .isEqualTo("Both cut every text into the same tokens.");
    JsonNode results = report.path("results");
    // Four texts, either side.
    assertThat(results).hasSize(8);
    for (JsonNode result : results) {
      assertThat(names(result)).isEqualTo(documented());
      assertThat(result.path("iterations").asLong()).isEqualTo(3);
      assertThat(result.path("success").asBoolean()).isTrue();
      assertThat(result.path("output_tokens").isNull()).isTrue();
      assertThat(result.path("total_tokens").asDouble())
          .isEqualTo(3 * result.at("/metrics/tokens_per_call").asDouble());
    }
    assertThat(results.get(0).path("name").asText()).isEqualTo("Tokenizer Short (Java)");
    assertThat(names(results.get(0).path("metrics"))).doesNotContain("speedup");
    assertThat(names(results.get(1).path("metrics")))
        .contains("avg_time_us", "chars_per_token", "tokens_per_call", "speedup");
  }

  private static List<String> documented() throws IOException {
    String resource = "/fixtures/report/token-generation-benchmark-fields.json";
    try (InputStream in = BenchTokenizersCommandTest.class.getResourceAsStream(resource)) {
      List<String> names = new ArrayList<>();
      JSON.readTree(in)
          .path("infrastructure record (code)")
          .forEach(name -> names.add(name.asText().replaceAll("[({].*", "")));
      assertThat(names).hasSize(14);
      return names;
    }
  }

  @Test
  void trial_dividesTheFirstsTimeByTheSeconds() {
    List<InfrastructureResult> results =
        new InfrastructureTrial(Map.of("Short", "0123456789"), clock::get, line -> {})
            .calls(every(2, 300), every(5, 100), 50);

    // 50 calls of 300 us with 5 tokens each; the other takes a third of that for 2 tokens.
    InfrastructureResult java = results.get(0);
    assertThat(java.durationSeconds()).isCloseTo(0.015, within(1e-9));
    assertThat(java.totalTokenCount()).isEqualTo(250);
    assertThat(java.metrics())
        .containsEntry("avg_time_us", 300.0)
        .containsEntry("chars_per_token", 2.0)
        .containsEntry("same_tokens", false);
    assertThat(java.tokensPerSecond()).isCloseTo(250 / 0.015, within(1e-6));
    assertThat(java.millisPerIteration()).isCloseTo(0.3, within(1e-9));
    assertThat(java.millisPerToken()).isCloseTo(15.0 / 250, within(1e-9));
    assertThat(results.get(1).metrics()).containsEntry("speedup", 3.0);
  }

  @Test
  void sustained_ofFiveMinutes_tellsItsProgressEveryHalfMinute() {
    List<String> lines = new ArrayList<>();
    InfrastructureResult result =
        new InfrastructureTrial(Map.of("Short", "0123456789"), clock::get, lines::add)
            .sustained("Rust", every(5, 1_000_000), Duration.ofMinutes(5));

    // A call a second with 2 tokens: 300 calls.
    assertThat(result.name()).isEqualTo("Sustained Throughput (300s) (Rust)");
    assertThat(result.iterationCount()).isEqualTo(300);
    assertThat(result.totalTokenCount()).isEqualTo(600);
    assertThat(result.metrics())
        .containsEntry("tokens_per_minute", 120.0)
        .containsEntry("tokens_per_hour", 7200.0);
    // After 30, 60 ... 270 s.
    assertThat(lines).hasSize(9);
    assertThat(lines.get(0)).isEqualTo("Sustained Throughput (300s), Rust: 30 s, 60 tokens");
  }

  @Test
  void table_showsEachResult_andWhatFailed() {
    StringWriter text = new StringWriter();
    InfrastructureWriter.table(
        List.of(
            new InfrastructureResult(
                "Loop", 2.0, 4L, 1_000L, 1_000L, null, true, null, Map.of(), "t"),
            InfrastructureResult.failed("Agent Latency Trace", "no answer")),
        List.of("A note."),
        new PrintWriter(text));

    assertThat(text.toString().lines())
        .anySatisfy(line -> assertThat(line).startsWith("Test Name").contains("Tokens/s"))
        .anySatisfy(line -> assertThat(line).matches("Loop +2 +1,000 +500 +- +-"))
        .contains("A note.", "FAILED Agent Latency Trace: no answer");
  }

  @Test
  void badOptions_areRefusedInOneLine() {
    assertThat(run("bench", "tokenizers", "--sustained", "soon")).isEqualTo(5);
    assertThat(run("bench", "tokenizers", "--iterations", "0")).isEqualTo(5);
    assertThat(run("bench", "tokenizers", "--tokenizer", "nowhere.json")).isEqualTo(5);
    assertThat(err.toString().lines())
        .hasSize(3)
        .anyMatch(line -> line.contains("--sustained") && line.contains("Found: soon."))
        .anyMatch(line -> line.contains("--iterations") && line.contains("Found: 0."))
        .anyMatch(line -> line.contains("nowhere.json"));
  }
}
