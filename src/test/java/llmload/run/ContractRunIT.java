package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import llmload.testing.ChatScripts;
import llmload.testing.FinishedRun;
import llmload.testing.OpenAiFrames;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contract runs in a process of their own: what they send, say and leave. */
class ContractRunIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path results;

  private RunProcess contract() {
    return RunProcess.in(results).simulation("llmload.simulations.ContractSimulation");
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  private static List<String> fieldList(String name) throws IOException {
    JsonNode fields = json(Path.of("src/test/resources/fixtures/report/sagellm-fields.json"));
    List<String> names = new ArrayList<>();
    fields.at(name).forEach(field -> names.add(field.asText()));
    return names;
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<JsonNode> of(FinishedRun run, String request) {
    return run.requests("measure").stream()
        .filter(line -> line.path("request").asText().equals(request))
        .toList();
  }

  @Test
  void mock_atYear2_measures199TokensASecond_andNot100() throws IOException {
    // A busy machine may miss the year's 50 ms to the first token: not what is asked here.
    FinishedRun run =
        contract()
            .set("engine", "simulated")
            .set("contract.year", "year2")
            .set("profile", "contract")
            .set("failOn", "invalid")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.count("ok")).isEqualTo(18);
    for (String workload : List.of("short_input", "long_input", "stress_test")) {
      assertThat(run.report().at("/metrics/" + workload + "/ttft/count").asInt()).isPositive();
    }
    // Declared 128, 200 and 256, and so counted by the server, prompts and answers alike.
    assertThat(run.requests("measure"))
        .allSatisfy(
            line -> {
              assertThat(line.at("/tags/wantedInputTokens").asInt())
                  .isEqualTo(line.path("inputTokens").asInt());
              assertThat(line.at("/tags/wantedOutputTokens").asInt())
                  .isEqualTo(line.path("outputTokens").asInt());
            });
    Path exports = run.folder().resolve("exports");
    checkFiles(exports);
    checkNumbers(run, json(exports.resolve("long_input_metrics.json")));
  }

  @Test
  void stress_onACacheThatHoldsOneRequestInFive_evicts_andLosesNone() throws IOException {
    // Ten at once of 256 + 256 tokens want 5,120 tokens of a cache of 1,024.
    FinishedRun run =
        contract()
            .set("engine", "simulated")
            .set("contract.workload", "stress")
            .set("contract.kvBudget", 1024)
            .set("telemetry.interval", "200ms")
            .set("targets", "none")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    Path exports = run.folder().resolve("exports");
    JsonNode fields = json(exports.resolve("stress_test_metrics.json"));
    assertThat(fields.path("total_requests").asInt()).isEqualTo(10);
    assertThat(fields.path("successful_requests").asInt()).isEqualTo(10);
    assertThat(fields.path("evict_count").asInt()).isPositive();
    assertThat(fields.path("kv_used_tokens").asInt()).isPositive().isLessThanOrEqualTo(1024);
    assertThat(
            json(exports.resolve("stress_test_leaderboard.json"))
                .at("/kv_cache_config/budget_tokens")
                .asInt())
        .isEqualTo(1024);
  }

  private static void checkFiles(Path exports) throws IOException {
    for (String workload : List.of("short_input", "long_input", "stress_test")) {
      JsonNode flat = json(exports.resolve(workload + "_metrics.json"));
      assertThat(names(flat)).containsExactlyElementsOf(fieldList("/document"));
      JsonNode entry = json(exports.resolve(workload + "_leaderboard.json"));
      assertThat(names(entry)).containsExactlyElementsOf(fieldList("/leaderboard/top"));
      for (String part :
          List.of("hardware", "model", "workload", "metrics", "environment", "metadata")) {
        assertThat(names(entry.path(part)))
            .as(part)
            .containsExactlyElementsOf(fieldList("/leaderboard/" + part));
      }
      assertThat(names(entry.path("kv_cache_config")))
          .containsExactlyElementsOf(fieldList("/leaderboard/kv_cache_config"));
    }
    assertThat(json(exports.resolve("long_input_leaderboard.json")).at("/workload/input_length"))
        .isEqualTo(JSON.valueToTree(200));
    JsonNode summary = json(exports.resolve("benchmark_summary.json"));
    assertThat(names(summary.path("overall")))
        .containsExactlyElementsOf(fieldList("/summaryOverall"));
    assertThat(summary.at("/overall/total_requests").asInt()).isEqualTo(18);
    assertThat(Files.readString(exports.resolve("REPORT.md")))
        .contains("## Overall Statistics", "## Workload Details", "Success rate: 100.00 %");
    try (Stream<Path> tree = Files.walk(exports.resolve("outputs"))) {
      Path newer =
          tree.filter(file -> file.endsWith("stress_test_metrics.json")).findFirst().orElseThrow();
      JsonNode wrapped = json(newer);
      assertThat(names(wrapped)).containsExactly("metrics", "contract");
      assertThat(names(wrapped.path("metrics")))
          .containsExactlyInAnyOrderElementsOf(fieldList("/current"));
      assertThat(names(wrapped.path("contract"))).containsExactlyElementsOf(fieldList("/contract"));
      assertThat(wrapped.at("/contract/version").asText()).isEqualTo("year2");
      assertThat(names(json(newer.resolveSibling("config.json"))))
          .containsExactlyElementsOf(fieldList("/config"));
    }
  }

  /** The suite's formulas once more, from the journal's lines. */
  private static void checkNumbers(FinishedRun run, JsonNode fields) {
    double ttft = 0;
    double tbt = 0;
    double tpot = 0;
    double tps = 0;
    List<JsonNode> lines = of(run, "long_input");
    assertThat(lines).hasSize(3);
    for (JsonNode line : lines) {
      double first = line.path("firstContentNanos").asLong() / 1e6;
      double end = line.path("endNanos").asLong() / 1e6;
      int n = line.path("outputTokens").asInt();
      ttft += first / 3;
      tbt += (end - first) / (n - 1) / 3;
      tpot += end / n / 3;
      tps += n / (end / 1e3) / 3;
    }
    assertThat(fields.path("avg_ttft_ms").asDouble()).isCloseTo(ttft, within(1e-6));
    assertThat(fields.path("avg_tbt_ms").asDouble()).isCloseTo(tbt, within(1e-6));
    assertThat(fields.path("avg_tpot_ms").asDouble()).isCloseTo(tpot, within(1e-6));
    assertThat(fields.path("avg_throughput_tps").asDouble()).isCloseTo(tps, within(1e-6));
    // 200 tokens in 10 + 5 x 199 ms are 199 tok/s; a busy machine may only make it less, and not
    // by half, which is the mock's label.
    assertThat(tps).isBetween(120.0, 199.1);
    assertThat(fields.path("peak_mem_mb").isMissingNode()).isFalse();
  }

  @Test
  void promptDeclared128_thatArrivesAs9_isToldAndFlagged() throws IOException {
    // The script's usage says 9 prompt tokens and 3 of the answer, whatever is sent.
    Script script =
        Script.always(
                Steps.sse(),
                Steps.chunk(OpenAiFrames.role()),
                Steps.chunk(OpenAiFrames.content("one two three")),
                Steps.chunk(OpenAiFrames.finish("stop")),
                Steps.chunk(OpenAiFrames.usage(9, 3)),
                Steps.chunk(OpenAiFrames.done()),
                Steps.lastChunk())
            .answeringGets(Steps.json(200, OpenAiFrames.models("test-model")));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      FinishedRun run =
          contract()
              .set("baseUrl", server.baseUrl())
              .set("contract.workload", "short,perf")
              .set("contract.batchSizes", "2")
              .set("warmUp", 0)
              .finish();

      assertThat(run.console())
          .contains("short_input: 5 of 5 prompts are more than 10 % off the declared 128 tokens");
      // 5 of short_input, and 2 at once of both sizes of perf.
      assertThat(run.report().at("/flags/prompt_length").asInt()).isEqualTo(9);
      assertThat(run.requests("measure"))
          .hasSize(9)
          .allMatch(line -> line.at("/tags/flags").asText().contains("prompt_length"));
      JsonNode perf = json(run.folder().resolve("exports/perf_results.json"));
      assertThat(names(perf)).containsExactlyElementsOf(fieldList("/perf"));
      assertThat(perf.at("/summary/total_rows").asInt()).isEqualTo(2);
      assertThat(perf.path("simulate").asBoolean()).isFalse();
      assertThat(names(perf.at("/rows/0"))).containsExactlyElementsOf(fieldList("/perfRow"));
      assertThat(perf.at("/rows/0/batch_size").asInt()).isEqualTo(2);
    }
  }

  @Test
  void twoServers_getTheSameWorkloads_andAreLaidSideBySide() throws IOException {
    try (ScriptedServer fast = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(5)));
        ScriptedServer slow = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(60)))) {
      FinishedRun run =
          contract()
              .set("endpoints", "old=" + fast.baseUrl() + ",new=" + slow.baseUrl())
              .set("contract.workload", "short,stress")
              .set("contract.traffic", "batch")
              .set("contract.repeats", 2)
              .set("targets", "none")
              .set("warmUp", 0)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      // 2 x (5 + 10) to each.
      assertThat(fast.posts()).isEqualTo(30);
      assertThat(slow.posts()).isEqualTo(30);
      checkWaves(of(run, "stress_test@new"));
      JsonNode comparison = json(run.folder().resolve("exports/comparison.json"));
      assertThat(names(comparison)).containsExactlyInAnyOrderElementsOf(fieldList("/comparison"));
      assertThat(comparison.path("baseline").asText()).isEqualTo("old");
      JsonNode second = comparison.at("/targets/1");
      assertThat(names(second)).containsExactlyElementsOf(fieldList("/comparisonTarget"));
      assertThat(second.path("url").asText()).isEqualTo(slow.baseUrl());
      assertThat(comparison.at("/targets/0/delta_vs_baseline/ttft_ms").asDouble()).isZero();
      assertThat(second.at("/delta_vs_baseline/ttft_ms").asDouble())
          .isCloseTo(
              second.path("avg_ttft_ms").asDouble()
                  - comparison.at("/targets/0/avg_ttft_ms").asDouble(),
              within(1e-9));
      assertThat(run.folder().resolve("exports/new/stress_test_metrics.json")).exists();
    }
  }

  /** Nobody sends again before the last of the wave has its answer. */
  private static void checkWaves(List<JsonNode> lines) {
    assertThat(lines).hasSize(20);
    long lastEnd =
        lines.stream()
            .filter(line -> line.at("/tags/wave").asText().equals("0"))
            .mapToLong(line -> line.path("sentNanos").asLong() + line.path("endNanos").asLong())
            .max()
            .orElseThrow();
    assertThat(lines)
        .filteredOn(line -> line.at("/tags/wave").asText().equals("1"))
        .hasSize(10)
        .allMatch(line -> line.path("sentNanos").asLong() >= lastEnd);
  }

  private List<JsonNode> stressed(ScriptedServer server, String... settings) {
    RunProcess process =
        contract()
            .set("baseUrl", server.baseUrl())
            .set("contract.workload", "stress")
            .set("targets", "none")
            .set("warmUp", 0);
    for (int i = 0; i < settings.length; i += 2) {
      process.set("contract." + settings[i], settings[i + 1]);
    }
    FinishedRun run = process.finish();
    assertThat(run.exitCode()).as(run.console()).isZero();
    return of(run, "stress_test").stream()
        .sorted(Comparator.comparingLong(line -> line.path("intendedNanos").asLong()))
        .toList();
  }

  @Test
  void instantTraffic_isAllAtOnce_fixedOneByOneAtItsRate_gammaUneven() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(100)))) {
      List<JsonNode> instant = stressed(server, "traffic", "instant");
      assertThat(instant).hasSize(10);
      assertThat(FinishedRun.mostOpen(instant)).isEqualTo(10);

      // Ten a second: each is wanted 100 ms after the one before, to the nanosecond.
      List<JsonNode> fixed = stressed(server, "traffic", "fixed", "rate", "10");
      assertThat(gapsNanos(fixed)).hasSize(9).containsOnly(100_000_000L);

      // Of a shape of 0.1 the median gap is some thousandth of the mean, and few gaps are all of
      // it.
      List<Long> gamma =
          gapsNanos(stressed(server, "traffic", "gamma", "rate", "10", "burstiness", "0.1"))
              .stream()
              .sorted()
              .toList();
      assertThat(gamma).hasSize(9);
      assertThat(gamma.get(4)).isLessThan(gamma.get(8) / 5);
    }
  }

  private static List<Long> gapsNanos(List<JsonNode> lines) {
    return IntStream.range(1, lines.size())
        .mapToObj(
            i ->
                lines.get(i).path("intendedNanos").asLong()
                    - lines.get(i - 1).path("intendedNanos").asLong())
        .toList();
  }

  @Test
  void poissonTraffic_arrivesByItsRate_andItsSeedRepeatsIt() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(2)))) {
      List<List<Long>> gaps = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        FinishedRun run =
            contract()
                .set("baseUrl", server.baseUrl())
                .set("contract.workload", "stress")
                .set("contract.traffic", "poisson")
                .set("contract.rate", 20)
                .set("targets", "none")
                .set("warmUp", 0)
                .finish();
        assertThat(run.exitCode()).as(run.console()).isZero();
        List<Long> intended =
            of(run, "stress_test").stream()
                .map(line -> line.path("intendedNanos").asLong())
                .sorted()
                .toList();
        gaps.add(intended.stream().map(nanos -> nanos - intended.get(0)).toList());
      }
      assertThat(gaps.get(0)).hasSize(10).isEqualTo(gaps.get(1));
      assertThat(gaps.get(0).get(9)).isPositive();
    }
  }
}
