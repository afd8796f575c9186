package llmload.report.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import llmload.metrics.RequestFixture;
import llmload.model.LoadPlan;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.TargetServer;
import llmload.model.TelemetrySample;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSpeedExporterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private record Requests(List<RequestRecord> all) implements JournalRecords {
    @Override
    public void forEachRequest(Consumer<RequestRecord> sink) {
      all.forEach(sink);
    }

    @Override
    public void forEachSample(Consumer<TelemetrySample> sink) {}
  }

  private static RunReport report() {
    RunReport sample = SampleRunReports.ordinary();
    RunManifest manifest =
        new RunManifest(
            "run",
            "llmload.simulations.TokenSpeedSimulation",
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T00:01:00.500Z"),
            60_500_000_000L,
            new TargetServer("http://gpu:8000/v1", "openai-chat", "own-model", null, null),
            new LoadPlan("token_speed", "closed", 1, null, null, 4L, null, true, 1L),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            null,
            List.of());
    return new RunReport(
        manifest, sample.measurements(), List.of(), sample.verdict(), null, Map.of(), null);
  }

  private JsonNode export(RequestRecord... requests) throws IOException {
    new TokenSpeedExporter().write(report(), new Requests(List.of(requests)), folder);
    return JSON.readTree(Files.readString(folder.resolve("token_generation_benchmark.json")));
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The names of a list of fields, whose entries carry remarks in brackets and after a bar. */
  private static List<String> documented(String list) throws IOException {
    String resource = "/fixtures/report/token-generation-benchmark-fields.json";
    try (InputStream in = TokenSpeedExporterTest.class.getResourceAsStream(resource)) {
      List<String> names = new ArrayList<>();
      JSON.readTree(in)
          .path(list)
          .forEach(name -> names.add(name.asText().replaceAll("[(|\\[].*", "")));
      assertThat(names).isNotEmpty();
      return names;
    }
  }

  private static RequestRecord streamed() {
    return RequestFixture.stream(100, 150, 250)
        .name("streaming_short")
        .sent(1_000)
        .end(600)
        .usage(21, 3)
        .build();
  }

  @Test
  void fields_areThoseOfTheDocument_andThreeMore() throws IOException {
    JsonNode file = export(streamed());

    assertThat(names(file)).isEqualTo(documented("top"));
    List<String> result = new ArrayList<>(documented("results[]"));
    result.addAll(
        List.of("latency_per_output_token_ms", "throughput_per_item", "token_count_source"));
    assertThat(names(file.path("results").get(0))).isEqualTo(result);
  }

  @Test
  void stream_hasItsNumbers() throws IOException {
    JsonNode file = export(streamed());
    JsonNode result = file.path("results").get(0);

    // 2026-01-01 is day 20,454 since 1970: 1,767,225,600 s.
    assertThat(file.path("timestamp").decimalValue()).isEqualByComparingTo("1767225660.5");
    assertThat(result.path("timestamp").decimalValue()).isEqualByComparingTo("1767225601.6");
    assertThat(Files.readString(folder.resolve("token_generation_benchmark.json")))
        .contains("\"timestamp\" : 1767225660.500000,");
    assertThat(result.path("test_name").asText()).isEqualTo("streaming_short");
    assertThat(result.path("backend").asText()).isEqualTo("gpu:8000");
    assertThat(result.path("model_name").asText()).isEqualTo("own-model");
    assertThat(result.path("total_duration_sec").asDouble()).isEqualTo(0.6);
    assertThat(result.path("time_to_first_token_sec").asDouble()).isEqualTo(0.1);
    assertThat(result.path("total_tokens").asInt()).isEqualTo(24);
    // 24 and 3 tokens in 0.6 s.
    assertThat(result.path("tokens_per_second").asDouble()).isCloseTo(40, within(1e-9));
    assertThat(result.path("tokens_per_second_output_only").asDouble()).isCloseTo(5, within(1e-9));
    assertThat(result.path("latency_per_token_ms").asDouble()).isCloseTo(25, within(1e-9));
    assertThat(result.path("latency_per_output_token_ms").asDouble()).isCloseTo(200, within(1e-9));
    assertThat(result.path("success").asBoolean()).isTrue();
    assertThat(result.path("error_message").isNull()).isTrue();
    assertThat(result.path("streaming").asBoolean()).isTrue();
    assertThat(result.path("batch_size").asInt()).isEqualTo(1);
  }

  @Test
  void batch_isOneResult_withTheShareOfEachItem() throws IOException {
    JsonNode file = export(inBatch(0, 300, 50), inBatch(50, 450, 30), streamed());
    JsonNode batch = file.path("results").get(0);

    assertThat(file.path("total_tests").asInt()).isEqualTo(2);
    // 20 + 80 tokens from 0 to 500 ms, by 2 items.
    assertThat(batch.path("total_duration_sec").asDouble()).isEqualTo(0.5);
    assertThat(batch.path("tokens_per_second").asDouble()).isCloseTo(200, within(1e-9));
    assertThat(batch.path("throughput_per_item").asDouble()).isCloseTo(100, within(1e-9));
    assertThat(batch.path("batch_size").asInt()).isEqualTo(2);
    assertThat(batch.path("time_to_first_token_sec").isNull()).isTrue();
    assertThat(batch.path("streaming").asBoolean()).isFalse();
  }

  private static RequestRecord inBatch(double sentMillis, double millis, int output) {
    return RequestFixture.chat(millis)
        .notStreamed()
        .name("batch_2")
        .tag("batch", "2")
        .tag("wave", "0")
        .sent(sentMillis)
        .usage(10, output)
        .build();
  }

  @Test
  void failure_isCounted_andItsNumbersAreNull() throws IOException {
    JsonNode file =
        export(
            RequestFixture.chat(1)
                .notStreamed()
                .name("backend_vllm")
                .tag("endpoint", "vllm")
                .tag("model", "qwen")
                .outcome(Outcome.HTTP_4XX, 401, "HTTP 401")
                .build(),
            streamed());
    JsonNode failed = file.path("results").get(0);

    assertThat(file.path("successful_tests").asInt()).isEqualTo(1);
    assertThat(file.path("failed_tests").asInt()).isEqualTo(1);
    assertThat(failed.path("success").asBoolean()).isFalse();
    assertThat(failed.path("error_message").asText()).isEqualTo("HTTP 401");
    assertThat(failed.path("backend").asText()).isEqualTo("vllm");
    assertThat(failed.path("model_name").asText()).isEqualTo("qwen");
    for (String field :
        List.of(
            "total_duration_sec", "total_tokens", "tokens_per_second", "latency_per_token_ms")) {
      assertThat(failed.path(field).isNull()).as(field).isTrue();
    }
  }
}
