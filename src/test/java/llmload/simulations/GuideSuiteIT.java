package llmload.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suites of llm-server's guide as whole runs. */
class GuideSuiteIT {
  private static final Path HEADERS =
      Path.of("src/test/resources/fixtures/report/export/llm-server-csv-headers.txt");

  @TempDir private Path results;

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path export(FinishedRun run, String pattern) {
    try (Stream<Path> files = Files.walk(run.folder().resolve("exports"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(pattern))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + pattern + ":\n" + run.console()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> requests(FinishedRun run, String name) {
    return run.requests("measure").stream()
        .filter(line -> line.path("request").asText().equals(name))
        .sorted(Comparator.comparingLong(line -> line.path("sentNanos").asLong()))
        .toList();
  }

  private static List<String> scopes(FinishedRun run) {
    List<String> scopes = new ArrayList<>();
    run.report().path("metrics").fieldNames().forEachRemaining(scopes::add);
    return scopes;
  }

  @Test
  void wrkProfile_sevenLoadsOneAfterTheOther_asTheScriptWritesThem() {
    Script health =
        Script.always(
            Steps.json(200, "{\"status\":200,\"description\":\"ok\",\"version\":\"0.1.0\"}"));
    try (ScriptedServer server = ScriptedServer.start(health)) {
      FinishedRun run =
          RunProcess.in(results)
              .simulation("llmload.simulations.WrkProfileSimulation")
              .set("baseUrl", server.baseUrl())
              .set("dialect", "llm-server-real")
              .set("wrkProfile.timeScale", 0.01)
              .environment("API_KEY", "\"guide-key-0815\"")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(server.requests())
          .allSatisfy(r -> assertThat(r.header("X-API-Key")).contains("guide-key-0815"));
      assertThat(run.console()).doesNotContain("guide-key-0815");
      List<String> text = lines(export(run, "performance_results_\\d{8}_\\d{6}\\.txt"));
      int summary = text.indexOf("Summary of Results");
      assertThat(text.get(summary + 1)).isEqualTo(lines(HEADERS).get(3));
      assertThat(text.subList(summary + 2, text.size()))
          .extracting(line -> String.join(",", List.of(line.split(",", -1)).subList(0, 4)))
          .containsExactly(
              "Baseline Tests,Single Request,1,1",
              "Baseline Tests,Light Load,2,5",
              "Load Tests,Normal Load,2,15",
              "Load Tests,Peak Load,2,25",
              "Stress Tests,Burst Load,2,50",
              "Stress Tests,Stress Load,2,75",
              "Endurance Tests,Sustained Load,2,20");
      assertThat(text).filteredOn(line -> line.startsWith("Scenario: ")).hasSize(7);
      List<JsonNode> stress = requests(run, "wrk_stress_load");
      assertThat(stress.stream().map(line -> line.path("user").asInt()).distinct()).hasSize(75);
      assertPercentileByIndex(text.get(summary + 7), stress);
    }
  }

  /** The script's percentile is the sample at ⌊0.95 × n⌋ of the sorted ones. */
  private static void assertPercentileByIndex(String row, List<JsonNode> lines) {
    double[] nanos =
        lines.stream()
            .filter(line -> line.path("outcome").asText().equals("OK"))
            .mapToDouble(line -> line.path("endNanos").asDouble())
            .sorted()
            .toArray();
    double p95 = nanos[(int) (0.95 * nanos.length)];
    String expected =
        p95 < 1e6
            ? String.format(Locale.ROOT, "%.2fus", p95 / 1e3)
            : String.format(Locale.ROOT, "%.2fms", p95 / 1e6);
    assertThat(row.split(",", -1)[7]).isEqualTo(expected);
  }

  @Test
  void comparison_sendsEachAskTwice_withASchemaRegisteredBefore() {
    FinishedRun run =
        RunProcess.in(results)
            .simulation("llmload.simulations.StructuredVsUnstructuredSimulation")
            .set("dialect", "llm-server-real")
            .set("structuredVsUnstructured.repetitions", 2)
            .set("users", 2)
            .set("warmUp", 2)
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    // Two of each of three cases: 6 registrations, 12 answers.
    assertThat(run.count("planned")).isEqualTo(18);
    assertThat(run.count("ok")).isEqualTo(18);
    assertThat(scopes(run))
        .contains("schema_registration", "structured_array", "unstructured_array");
    List<JsonNode> registered = requests(run, "schema_registration");
    assertThat(registered)
        .extracting(line -> line.at("/tags/check.reply").asText())
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[0-9a-f-]{36}"));
    List<JsonNode> halves =
        run.requests("measure").stream().filter(line -> line.at("/tags/pair").isTextual()).toList();
    assertThat(halves.stream().map(line -> line.at("/tags/schema").asText()).distinct()).hasSize(6);
    assertThat(run.metric("ttft").path("count").asInt()).isZero();
    assertThat(run.metric("schema_compliance").path("value").asDouble()).isEqualTo(1);

    Path csv = export(run, "results\\.csv");
    assertThat(run.folder().resolve("exports").relativize(csv).toString())
        .matches("structured_vs_unstructured_\\d{8}_\\d{6}/results\\.csv");
    List<String> rows = lines(csv);
    assertThat(rows.get(0)).isEqualTo(lines(HEADERS).get(1));
    assertThat(rows).hasSize(13);
    for (JsonNode half : halves) {
      String latency = String.format(Locale.ROOT, "%.3f", half.path("endNanos").asLong() / 1e9);
      assertThat(rows)
          .anyMatch(
              row ->
                  row.contains(
                      latency
                          + ","
                          + half.path("inputTokens").asText()
                          + ","
                          + half.path("outputTokens").asText()
                          + ",2,"));
    }
    assertThat(lines(csv.resolveSibling("schema_registration.log"))).hasSize(6);
    assertThat(lines(csv.resolveSibling("console.log")))
        .contains("Summary of Results", "Final Metrics")
        .anyMatch(line -> line.startsWith("Scenario: Nested JSON Object, Structured"));
    // The server's own counters: the tokens of the 12 answers and of the 2 before them.
    long tokens =
        run.journal().stream()
            .filter(line -> line.path("outcome").asText().equals("OK"))
            .mapToLong(line -> line.path("outputTokens").asLong())
            .sum();
    assertThat(lines(csv.resolveSibling("console.log")))
        .anyMatch(
            line -> line.startsWith("{") && line.contains("\"outputTokens\":" + tokens + ".0"));
  }

  @Test
  void guide_talksItsConversationsWithTheirHistory_andNoPauseIsMeasured() {
    FinishedRun run =
        RunProcess.in(results)
            .simulation("llmload.simulations.GuideSimulation")
            .set("profile", "quick")
            .set("dialect", "llm-server-doc")
            .set("guide.shortConversations", 2)
            .set("guide.conversationPause", "400ms")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(scopes(run))
        .contains("health", "models", "structured_simple", "structured_nested", "structured_array")
        .contains("unstructured", "batch", "conversation_short", "conversation_long");
    List<JsonNode> turns = new ArrayList<>();
    for (String kind : List.of("short", "medium", "long")) {
      turns.addAll(requests(run, "conversation_" + kind));
    }
    // 2 × 3 turns of short conversations, 5 of a medium one, 8 of a long one.
    assertThat(turns).hasSize(19);
    for (int i = 1; i < turns.size(); i++) {
      JsonNode before = turns.get(i - 1);
      JsonNode turn = turns.get(i);
      if (turn.path("turn").asInt() > 0) {
        assertThat(turn.path("inputTokens").asInt())
            .isGreaterThan(before.path("inputTokens").asInt());
        long end = before.path("sentNanos").asLong() + before.path("endNanos").asLong();
        assertThat(turn.path("sentNanos").asLong() - end).isGreaterThanOrEqualTo(390_000_000L);
      }
    }
    List<String> text = lines(export(run, "conversation_results_\\d{8}_\\d{6}\\.txt"));
    assertThat(text)
        .contains("Conversation: short_1", "Conversation: short_2", "Conversation: long_1")
        .contains("Metrics Summary", "Summary of Results", "Total requests: 19");
    JsonNode first = turns.get(0);
    assertThat(text)
        .contains(
            String.format(
                Locale.ROOT, "Response time: %.3fs", first.path("endNanos").asLong() / 1e9));
  }
}
