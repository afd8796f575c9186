package llmload.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
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

/** Whole runs of mini-biai-1's suite. */
class SuiteIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FIELDS =
      Path.of("src/test/resources/fixtures/report/export/minibiai-suite-fields.json");

  @TempDir private Path results;

  private RunProcess suite() {
    return RunProcess.in(results).simulation("llmload.simulations.SuiteSimulation");
  }

  private static JsonNode fields(String file) throws IOException {
    return JSON.readTree(Files.readString(FIELDS)).path(file);
  }

  /** The names of a list of the document's fields, whose entries carry remarks in brackets. */
  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.asText().replaceAll("[({\\[].*", "")));
    assertThat(names).isNotEmpty();
    return names;
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Path file(FinishedRun run, String folder, String pattern) throws IOException {
    try (Stream<Path> files = Files.list(run.folder().resolve("exports").resolve(folder))) {
      return files
          .filter(file -> file.getFileName().toString().matches(pattern))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + pattern + ":\n" + run.console()));
    }
  }

  private static JsonNode json(FinishedRun run, String folder, String pattern) throws IOException {
    return JSON.readTree(Files.readString(file(run, folder, pattern)));
  }

  private static List<JsonNode> requests(FinishedRun run, String name) {
    return run.requests("measure").stream()
        .filter(line -> line.path("request").asText().equals(name))
        .toList();
  }

  @Test
  void quick_onTheEmbeddedModel_measuresEveryPart_andWritesTheFilesOfTheSuite() throws IOException {
    FinishedRun run = suite().set("profile", "quick").finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(run.count("ok")).isGreaterThanOrEqualTo(20);
    assertThat(keys(run.report().path("metrics")))
        .contains("token_throughput", "batch_1", "batch_4", "batch_8")
        .contains("retrieval", "concurrency_1", "concurrency_5", "concurrency_10");
    assertThat(run.report().at("/target/engine").asText()).isEqualTo("llama");
    JsonNode whole = json(run, "output/reports", "comprehensive_benchmark_\\d{8}_\\d{6}\\.json");
    JsonNode expected = fields("comprehensive_benchmark_<ts>.json");
    assertThat(keys(whole)).isEqualTo(names(expected.path("top")));
    assertThat(keys(whole.path("config"))).containsAll(names(expected.path("config (document)")));
    assertThat(keys(whole.path("system_info"))).isEqualTo(names(expected.path("system_info")));
    JsonNode throughput = whole.at("/benchmarks/token_throughput");
    assertThat(keys(throughput))
        .containsAll(names(expected.path("benchmarks.token_throughput (document)")))
        .containsAll(names(expected.path("benchmarks.* (code adds)")));
    assertThat(keys(throughput.path("target_scores")))
        .containsExactly("tok_s", "ttft", "spike_rate");
    JsonNode retrieval = whole.at("/benchmarks/retrieval_performance");
    assertThat(keys(retrieval))
        .containsAll(names(expected.path("benchmarks.retrieval_performance (document)")));
    // The suite's rate of searches is their number over the sum of their times.
    double sum =
        requests(run, "retrieval").stream()
            .mapToDouble(line -> line.path("endNanos").asDouble() / 1e9)
            .sum();
    assertThat(retrieval.path("throughput_rps").asDouble()).isCloseTo(60 / sum, within(1e-6));
    JsonNode stress = whole.path("stress_test");
    assertThat(keys(stress)).containsAll(names(expected.path("stress_test (document)")));
    assertThat(keys(stress.path("concurrency_5")))
        .isEqualTo(names(expected.path("stress_test.concurrency_<N> (code)")));
    assertThat(keys(whole.path("overall_assessment")))
        .isEqualTo(names(expected.path("overall_assessment")));
    assertMonitoring(run);
    assertThat(json(run, "output/reports", "quick_summary\\.json").path("results"))
        .isEqualTo(whole);
    assertThat(json(run, "baseline", "baseline_config\\.json")).isEqualTo(whole);
    assertThat(file(run, "output/reports", "benchmark_report_\\d{8}_\\d{6}\\.html")).exists();
    assertThat(
            json(run, "output/stress_test_results", "stress_test_results_\\d+\\.json")
                .path("test_results")
                .path("concurrency_10")
                .path("max_concurrency")
                .asInt())
        .isEqualTo(10);
  }

  private static void assertMonitoring(FinishedRun run) throws IOException {
    JsonNode monitoring = json(run, "output/monitoring_data", "monitoring_export_\\d+\\.json");
    JsonNode expected = fields("monitoring_export_<epoch>.json");
    assertThat(keys(monitoring)).isEqualTo(names(expected.path("top")));
    JsonNode sample = monitoring.path("metrics_history").get(0);
    assertThat(keys(sample)).isEqualTo(keys(expected.path("sample")));
    for (String part : List.of("system", "performance")) {
      assertThat(keys(sample.path(part))).isEqualTo(names(expected.at("/sample/" + part)));
    }
    assertThat(keys(monitoring.path("summary"))).isEqualTo(names(expected.path("summary")));
    assertSpikes(run, monitoring.at("/summary/spike_rate"));
    // Each of the 60 searches ended in some interval, and none has more than the slowest took.
    double slowest =
        requests(run, "retrieval").stream()
            .mapToDouble(line -> line.path("endNanos").asDouble() / 1e6)
            .max()
            .orElseThrow();
    List<Double> searches = new ArrayList<>();
    monitoring
        .path("metrics_history")
        .forEach(
            one -> {
              JsonNode millis = one.at("/performance/retrieval_latency_ms");
              if (millis.isNumber()) {
                searches.add(millis.asDouble());
              }
            });
    assertThat(searches).isNotEmpty().allMatch(millis -> millis > 0 && millis <= slowest + 1e-6);
  }

  /** Answers of each part, level and prompt length above their own mean + 3 standard deviations. */
  private static void assertSpikes(FinishedRun run, JsonNode rate) {
    TreeMap<String, List<Double>> kinds = new TreeMap<>();
    for (JsonNode line : run.requests("measure")) {
      if (!line.path("request").asText().equals("retrieval")) {
        kinds
            .computeIfAbsent(
                line.path("request") + "|" + line.at("/tags/prompt"), kind -> new ArrayList<>())
            .add(line.path("lastTokenNanos").asDouble() / 1e6);
      }
    }
    double judged = 0;
    double spikes = 0;
    for (List<Double> kind : kinds.values()) {
      int n = kind.size();
      if (n >= 10) {
        double mean = kind.stream().mapToDouble(Double::doubleValue).sum() / n;
        double squares = kind.stream().mapToDouble(ms -> (ms - mean) * (ms - mean)).sum();
        double limit = mean + 3 * Math.sqrt(squares / (n - 1));
        judged += n;
        spikes += kind.stream().filter(ms -> ms > limit).count();
      }
    }
    assertThat(judged).isPositive();
    assertThat(rate.path("average").asDouble()).isCloseTo(100 * spikes / judged, within(1e-9));
  }

  @Test
  void batches_areReallyOpenAtOnce_andPromptsHaveTheirWords() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(80)))) {
      FinishedRun run =
          suite()
              .set("baseUrl", server.baseUrl())
              .set("suite.type", "tok_throughput")
              .set("suite.iterations", 12)
              .set("suite.batches", "1,6")
              .set("suite.words", "10,40")
              .set("warmUp", 1)
              .set("suite.target.tokensPerSecond", 1)
              .set("suite.target.ttftMillis", 60000)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(requests(run, "token_throughput")).hasSize(12);
      // Half of twelve each: six of one, one of six.
      assertThat(requests(run, "batch_1")).hasSize(6);
      List<JsonNode> batch = requests(run, "batch_6");
      assertThat(batch).hasSize(6);
      long lastSent = batch.stream().mapToLong(r -> r.path("sentNanos").asLong()).max().orElse(0);
      assertThat(batch)
          .allSatisfy(
              r ->
                  assertThat(r.path("sentNanos").asLong() + r.path("endNanos").asLong())
                      .isGreaterThan(lastSent));
      assertThat(requests(run, "token_throughput").stream().map(r -> r.at("/tags/prompt").asText()))
          .containsOnly("10", "40");
      // A search and a stress part are no parts of this type.
      assertThat(json(run, "output/reports", "comprehensive_.*").path("stress_test").isNull())
          .isTrue();
      assertNumbers(run);
    }
  }

  /** Recomputed from the journal: means and NumPy's percentile of the time to first token. */
  private static void assertNumbers(FinishedRun run) throws IOException {
    List<JsonNode> lines = requests(run, "token_throughput");
    double[] ttft =
        lines.stream().mapToDouble(r -> r.path("firstContentNanos").asDouble() / 1e6).toArray();
    Arrays.sort(ttft);
    // NumPy's rank is q × 11. 0.95 × 11 = 10.45: between the eleventh and the twelfth, 45 % of the
    // way; 0.99 × 11 = 10.89, 0.999 × 11 = 10.989, 0.5 × 11 = 5.5.
    double p95 = ttft[10] + 0.45 * (ttft[11] - ttft[10]);
    double p99 = ttft[10] + 0.89 * (ttft[11] - ttft[10]);
    double p999 = ttft[10] + 0.989 * (ttft[11] - ttft[10]);
    double median = (ttft[5] + ttft[6]) / 2;
    double mean = Arrays.stream(ttft).sum() / 12;
    // The sample's standard deviation by the mean of all squared differences of pairs:
    // Σᵢ Σⱼ (xᵢ − xⱼ)² = 2 n (n − 1) s².
    double pairs = 0;
    for (double one : ttft) {
      for (double other : ttft) {
        pairs += (one - other) * (one - other);
      }
    }
    double std = Math.sqrt(pairs / (2 * 12 * 11));
    JsonNode throughput =
        json(run, "output/reports", "comprehensive_.*").at("/benchmarks/token_throughput");
    assertThat(throughput.path("p95_ms").asDouble()).isCloseTo(p95, within(1e-6));
    assertThat(throughput.path("p99_ms").asDouble()).isCloseTo(p99, within(1e-6));
    assertThat(throughput.path("p999_ms").asDouble()).isCloseTo(p999, within(1e-6));
    assertThat(throughput.path("p50_ms").asDouble()).isCloseTo(median, within(1e-6));
    assertThat(throughput.path("median_ms").asDouble()).isCloseTo(median, within(1e-6));
    assertThat(throughput.path("mean_ms").asDouble()).isCloseTo(mean, within(1e-6));
    assertThat(throughput.path("std_ms").asDouble()).isPositive().isCloseTo(std, within(1e-6));
    assertThat(throughput.path("min_ms").asDouble()).isCloseTo(ttft[0], within(1e-6));
    assertThat(throughput.path("max_ms").asDouble()).isCloseTo(ttft[11], within(1e-6));
    JsonNode summary = json(run, "output/reports", "tok_throughput_summary\\.json");
    assertThat(summary.path("passed").asBoolean()).isTrue();
    assertThat(summary.at("/metrics/p95_ms")).isEqualTo(throughput.path("p95_ms"));
    TreeMap<String, Long> byWords = new TreeMap<>();
    lines.forEach(r -> byWords.merge(r.at("/tags/prompt").asText(), 1L, Long::sum));
    assertThat(byWords).containsEntry("10", 6L).containsEntry("40", 6L);
  }

  @Test
  void rtx4090_sendsItsOwnBatchesWordsAndLevels_onlyFewerAndShorter() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(60)))) {
      FinishedRun run =
          suite()
              .set("baseUrl", server.baseUrl())
              .set("suite.type", "rtx_4090")
              .set("suite.iterations", 12)
              .set("suite.levelTime", "800ms")
              .set("warmUp", 1)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      // Two each of six lengths, and as many of six sizes as two iterations each take.
      assertThat(requests(run, "token_throughput").stream().map(r -> r.at("/tags/prompt").asInt()))
          .containsExactlyInAnyOrder(10, 10, 50, 50, 100, 100, 500, 500, 1000, 1000, 2000, 2000);
      assertThat(requests(run, "batch_1")).hasSize(2);
      for (int batch : new int[] {4, 8, 16, 32, 64}) {
        assertThat(requests(run, "batch_" + batch)).hasSize(batch);
        assertThat(FinishedRun.mostOpen(requests(run, "batch_" + batch))).isEqualTo(batch);
      }
      for (int level : new int[] {1, 5, 10, 20, 50, 100}) {
        assertThat(FinishedRun.mostOpen(requests(run, "concurrency_" + level))).isEqualTo(level);
      }
      // Its own hardware's targets.
      assertThat(run.report().at("/targets").findValuesAsText("source"))
          .contains("mini-biai-1 benchmark suite, document and code (s2.tok_s)");
      assertThat(run.report().at("/settings/targets").asText()).isEqualTo("answered,rtx_4090");
    }
  }

  @Test
  void serverThatFailsMostRequests_failsTheSuite_whateverTheRestSays() {
    AtomicInteger posts = new AtomicInteger();
    Script sound = ChatScripts.paced(Duration.ofMillis(1));
    Script failing =
        request ->
            request.method().equals("POST") && posts.getAndIncrement() % 10 != 0
                ? List.of(Steps.json(500, OpenAiFrames.errorBody("out of order", "server_error")))
                : sound.stepsFor(request);
    try (ScriptedServer server = ScriptedServer.start(failing)) {
      FinishedRun run =
          suite()
              .set("baseUrl", server.baseUrl())
              .set("suite.type", "production")
              .set("suite.iterations", 30)
              .set("suite.batches", 1)
              .set("suite.stress", false)
              .set("warmUp", 0)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(2);
      assertThat(run.console()).contains("failed     required target error_rate ");
    }
  }

  @Test
  void regression_comparesWithTheSuitesOwnFile_andFailsByIt() throws IOException {
    // Far faster than anything here: a regression.
    Path baseline =
        Files.writeString(
            results.resolve("old.json"),
            "{\"benchmarks\": {\"token_throughput\": {\"tokens_per_second\": 1000000}}}");
    Path output = results.resolve("copies/ci.json");
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(20)))) {
      FinishedRun run =
          suite()
              .set("baseUrl", server.baseUrl())
              .set("suite.type", "regression")
              .set("suite.baselineFile", baseline)
              .set("suite.output", output)
              .set("suite.outputDir", results.resolve("copies/all"))
              .set("suite.iterations", 6)
              .set("suite.batches", "1")
              .set("suite.words", "10")
              .set("warmUp", 1)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(3);
      assertThat(run.console()).contains("Vector search is not run: set llm.retrieval.url");
      JsonNode summary = json(run, "output/reports", "regression_summary\\.json");
      assertThat(summary.path("regression_detected").asBoolean()).isTrue();
      JsonNode speed = summary.at("/analysis/token_throughput");
      assertThat(speed.path("baseline_tok_s").asDouble()).isEqualTo(1_000_000);
      JsonNode whole = JSON.readTree(Files.readString(output));
      assertThat(speed.path("current_tok_s"))
          .isEqualTo(whole.at("/benchmarks/token_throughput/tokens_per_second"));
      assertThat(keys(whole.path("regression_analysis")))
          .containsAll(
              names(fields("comprehensive_benchmark_<ts>.json").path("regression (code)")));
      assertThat(results.resolve("copies/all/baseline/baseline_config.json")).exists();
    }
  }
}
