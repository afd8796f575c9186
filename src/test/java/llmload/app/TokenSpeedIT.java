package llmload.app;

import static llmload.testing.OpenAiFrames.completion;
import static llmload.testing.Steps.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.config.ConfigException;
import llmload.model.RunReport;
import llmload.testing.ChatScripts;
import llmload.testing.FinishedRun;
import llmload.testing.OpenAiFrames;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token speed suite in a process of its own, and the facade that starts one. */
class TokenSpeedIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SIMULATION = "llmload.simulations.TokenSpeedSimulation";

  @TempDir private Path results;

  /**
   * Streams three tokens in 30 ms; whole answers have 7 tokens, and take what {@code wait} says.
   */
  private static Script server(Step wait) {
    Script streamed = ChatScripts.paced(Duration.ofMillis(10));
    return request ->
        request.method().equals("POST") && request.body().contains("\"stream\":false")
            ? List.of(wait, json(200, completion("one two three", 12, 7)))
            : streamed.stepsFor(request);
  }

  /** What else runs on the machine must not spoil what a test says of something else. */
  private TokenSpeed settings() {
    return TokenSpeed.create()
        .with("results", results.toString())
        .with("validity.eventLoopLag", "100000")
        .with("validity.sendLagP99", "100000")
        .with("validity.gcPause", "100000");
  }

  private static JsonNode export(FinishedRun run) throws IOException {
    Path file = run.folder().resolve("exports/token_generation_benchmark.json");
    return JSON.readTree(Files.readString(file));
  }

  private static Map<String, Integer> byTest(JsonNode export) {
    Map<String, Integer> counts = new TreeMap<>();
    export
        .path("results")
        .forEach(result -> counts.merge(result.path("test_name").asText(), 1, Integer::sum));
    return counts;
  }

  private static List<String> column(FinishedRun run, String table, String column) {
    List<String> cells = new ArrayList<>();
    for (JsonNode candidate : run.report().at("/suite/tables")) {
      if (candidate.path("id").asText().equals(table)) {
        candidate.path("rows").forEach(row -> cells.add(row.path(column).asText()));
      }
    }
    return cells;
  }

  @Test
  void batches_areReallyConcurrent_andEveryTestHasItsNumbers() throws IOException {
    // A whole answer of a batch of 4 comes only when 4 requests have come: one after the other
    // would never be answered.
    CyclicBarrier four = new CyclicBarrier(4);
    Step together = exchange -> awaitAll(four);
    Script single = server(exchange -> exchange.pause(Duration.ofMillis(40)));
    Script batch = server(together);
    // Two tests of two whole answers come before.
    AtomicInteger whole = new AtomicInteger();
    Script script =
        request -> {
          boolean last = request.body().contains("\"stream\":false") && whole.incrementAndGet() > 4;
          return (last ? batch : single).stepsFor(request);
        };
    try (ScriptedServer server = ScriptedServer.start(script)) {
      FinishedRun run =
          RunProcess.in(results)
              .simulation(SIMULATION)
              .set("baseUrl", server.baseUrl())
              .set("warmUp", 2)
              .set("token_speed.repetitions", 2)
              .set("token_speed.batches", "4")
              .set("token_speed.only", "single_short,streaming_short,single_own,batch")
              .set("token_speed.prompts", "own: Count to three.")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.count("planned")).isEqualTo(3 * 2 + 2 * 4);
      JsonNode export = export(run);
      assertThat(byTest(export))
          .isEqualTo(
              Map.of("single_short", 2, "streaming_short", 2, "single_own", 2, "batch_4", 2));
      assertThat(export.path("successful_tests").asInt()).isEqualTo(8);
      check(run, export);
      assertThat(column(run, "tests", "test"))
          .containsExactly("single_short", "single_own", "streaming_short", "batch_4");
      assertThat(run.report().at("/metrics/batch_4/batch_speedup/value").isNumber()).isTrue();
    }
  }

  private static void awaitAll(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("fewer requests at once than the batch has", e);
    }
  }

  /** The export's numbers, once more from the journal's lines. */
  private static void check(FinishedRun run, JsonNode export) {
    for (JsonNode result : export.path("results")) {
      if (!result.path("test_name").asText().equals("batch_4")) {
        continue;
      }
      assertThat(result.path("batch_size").asInt()).isEqualTo(4);
      // 4 answers of 7 tokens to prompts of 12.
      assertThat(result.path("total_tokens").asInt()).isEqualTo(76);
      assertThat(result.path("output_tokens").asInt()).isEqualTo(28);
    }
    List<JsonNode> first =
        run.requests("measure").stream()
            .filter(line -> line.path("request").asText().equals("batch_4"))
            .filter(line -> line.at("/tags/wave").asText().equals("0"))
            .toList();
    assertThat(first).hasSize(4);
    long sent = first.stream().mapToLong(l -> l.path("sentNanos").asLong()).min().orElseThrow();
    long ended =
        first.stream()
            .mapToLong(l -> l.path("sentNanos").asLong() + l.path("endNanos").asLong())
            .max()
            .orElseThrow();
    double seconds = (ended - sent) / 1e9;
    assertThat(export.path("results"))
        .anySatisfy(
            result -> {
              assertThat(result.path("test_name").asText()).isEqualTo("batch_4");
              assertThat(result.path("total_duration_sec").asDouble()).isEqualTo(seconds);
              assertThat(result.path("tokens_per_second").asDouble()).isEqualTo(76 / seconds);
              assertThat(result.path("throughput_per_item").asDouble()).isEqualTo(76 / seconds / 4);
            });
  }

  @Test
  void servers_areComparedInOneRun_eachWithItsModel() throws IOException {
    try (ScriptedServer fast = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(5)));
        ScriptedServer slow = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(120)))) {
      FinishedRun run =
          RunProcess.in(results)
              .simulation(SIMULATION)
              .set("endpoints", "slow=" + slow.baseUrl() + ",fast=qwen@" + fast.baseUrl())
              .set("warmUp", 2)
              .set("token_speed.repetitions", 1)
              .set("token_speed.only", "backend")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(byTest(export(run))).isEqualTo(Map.of("backend_fast", 4, "backend_slow", 4));
      assertThat(column(run, "backends", "backend")).containsExactly("slow", "fast");
      assertThat(column(run, "backends", "model")).containsExactly("test-model", "qwen");
      assertThat(export(run).path("results"))
          .filteredOn(result -> result.path("test_name").asText().equals("backend_fast"))
          .allSatisfy(result -> assertThat(result.path("backend").asText()).isEqualTo("fast"))
          .allSatisfy(result -> assertThat(result.path("model_name").asText()).isEqualTo("qwen"));
      assertThat(run.console()).contains("Best server: fast").contains("Worst: slow");
      // Two warm-up requests and the four sorts of prompts each.
      assertThat(fast.posts()).isEqualTo(6);
      assertThat(slow.posts()).isEqualTo(6);
    }
  }

  @Test
  void embedded_quick_runsEveryTestAndPasses() throws IOException {
    FinishedRun run =
        RunProcess.in(results).simulation(SIMULATION).set("profile", "quick").finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    // 8 tests of single requests and a batch of 5, twice each.
    assertThat(run.count("ok")).isEqualTo(26);
    assertThat(byTest(export(run))).hasSize(9).containsEntry("batch_5", 2);
    assertThat(column(run, "streaming", "prompt"))
        .containsExactly("short", "medium", "long", "code_generation");
    assertThat(column(run, "tests", "passed")).containsOnly("true");
  }

  @Test
  void facade_runsTheSuite_andReadsItsReportBack() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    try (ScriptedServer server = ScriptedServer.start(server(exchange -> {}))) {
      TokenSpeed suite =
          settings()
              .with("baseUrl", server.baseUrl())
              .with("token_speed.repetitions", "3")
              .with("token_speed.only", "single_medium")
              .with("runId", "by-program")
              .printingTo(lines::add);
      RunReport report = suite.runAll();

      assertThat(report.verdict().exitCode()).isZero();
      assertThat(report.measurements().countsByRequest()).containsOnlyKeys("single_medium");
      assertThat(report.measurements().counts().okCount()).isEqualTo(3);
      assertThat(lines).anyMatch(line -> line.contains("by-program"));
      assertThat(TokenSpeed.summary(report)).startsWith("PASS").contains("single_medium");
      assertThat(TokenSpeed.read(results.resolve("by-program")).verdict())
          .isEqualTo(report.verdict());
    }
  }

  @Test
  void facade_badSettings_areTold() {
    TokenSpeed suite = settings().with("token_speed.only", "poem");
    assertThatThrownBy(suite::runAll)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("llm.token_speed.only");
  }

  @Test
  void trace_ofAServer_tellsWhereTheTimeGoes() throws IOException, InterruptedException {
    Script paced = ChatScripts.paced(Duration.ofMillis(20));
    try (ScriptedServer server = ScriptedServer.start(paced)) {
      InfrastructureResult trace = LatencyTrace.of(settings(), server.baseUrl());

      assertThat(trace.success()).as("%s", trace.error()).isTrue();
      assertThat(trace.iterationCount()).isEqualTo(5);
      // 10 prompt and 3 output tokens each.
      assertThat(trace.inputTokenCount()).isEqualTo(50);
      assertThat(trace.outputTokenCount()).isEqualTo(15);
      assertThat(trace.agentId()).isEqualTo("test-model");
      assertThat((Double) trace.metrics().get("ttft_ms")).isGreaterThanOrEqualTo(20);
      assertThat((Double) trace.metrics().get("e2e_ms")).isGreaterThanOrEqualTo(60);
    }
    Script refuses = Script.always(json(500, OpenAiFrames.errorBody("out of memory", "server")));
    try (ScriptedServer server = ScriptedServer.start(refuses)) {
      InfrastructureResult trace = LatencyTrace.of(settings(), server.baseUrl());
      assertThat(trace.success()).isFalse();
      assertThat(trace.error()).contains("out of memory");
      assertThat(trace.totalTokenCount()).isNull();
    }
  }
}
