package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

/** Whole stress runs against scripted servers. */
class StressRunIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path results;

  private RunProcess run(ScriptedServer server) {
    return RunProcess.in(results)
        .simulation("llmload.simulations.StressSimulation")
        .set("baseUrl", server.baseUrl())
        .set("warmUp", 0)
        .set("targets", "none");
  }

  /** Chats soundly, but refuses each that comes while {@code capacity} others are open. */
  private static Script bearing(int capacity, Duration time) {
    AtomicInteger open = new AtomicInteger();
    Script refuse =
        Script.always(Steps.json(503, OpenAiFrames.errorBody("too many", "overloaded")));
    List<String> events = OpenAiFrames.stream("one");
    return Script.perRequest(
            request -> {
              if (open.incrementAndGet() > capacity) {
                open.decrementAndGet();
                return refuse.stepsFor(request);
              }
              return List.of(
                  Steps.sse(),
                  Steps.pause(time),
                  // Before the answer: a client that has it may ask again at once.
                  exchange -> open.decrementAndGet(),
                  Steps.chunks(events),
                  Steps.lastChunk());
            })
        .answeringGets(Steps.json(200, OpenAiFrames.models("test-model")));
  }

  @Test
  void breakingPoint_isThatOfTheRefinedLevels_notTheStair() throws IOException {
    // Six at once are borne; of stairs 1, 5, 9 the third fails, so 6 and 7 are tried and 7 fails.
    try (ScriptedServer server = ScriptedServer.start(bearing(6, Duration.ofMillis(60)))) {
      FinishedRun run =
          run(server)
              .set("stress.pattern", "breakingPoint")
              .set("stress.maxConcurrency", 20)
              .set("stress.step", 4)
              .set("stress.stair", "1500ms")
              .set("stress.refine", "1500ms")
              // Whatever else this machine does shall break nothing.
              .set("telemetry.host", "false")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.metric("breaking_point").path("value").asInt()).isEqualTo(7);
      assertThat(run.metric("max_sustainable_load").path("value").asInt()).isEqualTo(6);
      assertThat(run.requests("measure").stream().map(r -> r.at("/tags/concurrency").asInt()))
          .containsOnly(1, 5, 9, 6, 7);
      assertThat(run.console()).contains("The breaking point is 7 requests at once: error rate");
      assertThat(table(run, "stairs").toString())
          .contains("not judged: this machine's CPU (no look at it in its time; llm.telemetry");
      assertThat(run.manifest().at("/environment/serverMachine").asText())
          .isEqualTo("this machine");
      JsonNode test = export(run).at("/test_results/breaking_point");
      assertThat(test.path("breaking_point_concurrency").asInt()).isEqualTo(7);
      assertThat(test.at("/breaking_point_assessment/max_sustainable_load").asInt()).isEqualTo(6);
    }
  }

  @Test
  void steadyLoadOf75_reallyHas75RequestsOpen_andNeverMore() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(100)))) {
      FinishedRun run =
          run(server)
              .set("stress.pattern", "steady")
              .set("stress.maxConcurrency", 75)
              .set("stress.duration", "6s")
              .set("stress.rampUp", "1s")
              .set("stress.rampDown", "1s")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(FinishedRun.mostOpen(run.requests("measure"))).isEqualTo(75);
      // The first token comes after 100 ms, far above the 5 ms of the suite's dashboard.
      assertThat(run.console())
          .containsPattern("llmload: alert after \\d+ s, critical: ttft, time");
      assertThat(table(run, "alerts").path("rows").findValuesAsText("type")).contains("ttft");
      JsonNode test = export(run).at("/test_results/steady");
      List<JsonNode> held =
          run.requests("measure").stream()
              .filter(line -> line.at("/tags/stage").asText().equals("hold"))
              .toList();
      assertThat(test.path("max_concurrency").asInt()).isEqualTo(75);
      assertThat(test.path("total_requests").asInt()).isEqualTo(held.size());
      assertThat(test.path("error_rate_percent").asDouble()).isZero();
      assertThat(test.at("/stability_assessment/system_stable").asBoolean()).isTrue();
      assertThat(test.at("/latency_stats/p95_ms").asDouble()).isGreaterThan(300);
      assertThat(fields(test))
          .containsExactly(
              "test_type",
              "duration_seconds",
              "max_concurrency",
              "total_requests",
              "completed_requests",
              "failed_requests",
              "latency_stats",
              "throughput_rps",
              "error_rate_percent",
              "system_metrics",
              "stability_assessment");
      assertThat(fields(export(run).path("overall_assessment")))
          .containsExactly(
              "overall_stability", "max_sustainable_load", "performance_grade", "tests_passed");
    }
  }

  @Test
  void ramp_opensOneRequestMoreAtATime_inALine() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(40)))) {
      FinishedRun run =
          run(server)
              .set("stress.pattern", "ramp")
              .set("stress.maxConcurrency", 25)
              .set("stress.duration", "8s")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      List<JsonNode> lines = run.requests("measure");
      long first = lines.stream().mapToLong(l -> l.path("sentNanos").asLong()).min().orElseThrow();
      // 1 + 24 · t ÷ 8 s, a user each third of a second: what was wanted when each was sent, which
      // a busy machine may do later, so that half of them say how near the line is.
      double[] off =
          lines.stream()
              .mapToDouble(
                  line ->
                      Math.abs(
                          line.at("/tags/concurrency").asInt()
                              - 1
                              - 3 * (line.path("sentNanos").asLong() - first) / 1e9))
              .sorted()
              .toArray();
      assertThat(off[off.length / 2]).isLessThanOrEqualTo(1);
      assertThat(lines.stream().map(line -> line.at("/tags/concurrency").asInt()).distinct())
          .hasSizeBetween(18, 25);
      assertThat(FinishedRun.mostOpen(lines)).isBetween(18, 25);
      assertThat(fields(export(run).path("test_results"))).containsExactly("ramp");
    }
  }

  @Test
  void quickProfile_runsEveryTestAndTheStairs_onTheRealModel() throws IOException {
    FinishedRun run =
        RunProcess.in(results)
            .simulation("llmload.simulations.StressSimulation")
            .set("profile", "quick")
            .set("engine", "llama")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(run.count("ok")).isGreaterThanOrEqualTo(20);
    assertThat(table(run, "tests").path("rows").findValuesAsText("test"))
        .containsExactly(
            "steady_moderate", "steady_high", "ramp", "spike", "pressure", "breaking_point");
    assertThat(table(run, "stairs").path("rows").get(0).path("concurrency").asInt()).isOne();
    assertThat(fields(export(run).path("test_results")))
        .containsExactly(
            "steady_moderate",
            "steady_high",
            "ramp",
            "spike",
            "resource_pressure",
            "breaking_point");
    // This machine was watched: each test of more than a second has its share of memory.
    assertThat(table(run, "tests").path("rows").get(0).path("memory_peak").asDouble())
        .isBetween(0.1, 100.0);
  }

  private static JsonNode table(FinishedRun run, String id) {
    for (JsonNode table : run.report().at("/suite/tables")) {
      if (table.path("id").asText().equals(id)) {
        return table;
      }
    }
    throw new AssertionError("no table " + id);
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode export(FinishedRun run) throws IOException {
    try (Stream<Path> files = Files.list(run.folder().resolve("exports"))) {
      Path file = files.findFirst().orElseThrow();
      assertThat(file.getFileName().toString()).matches("stress_test_results_\\d{10}\\.json");
      return JSON.readTree(file.toFile());
    }
  }
}
