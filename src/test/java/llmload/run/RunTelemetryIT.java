package llmload.run;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.ScriptedServer;
import llmload.testing.StartedRun;
import llmload.testing.WatchedProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a whole run watches beside its requests. */
class RunTelemetryIT {
  private static final long NANOS_PER_MILLI = 1_000_000;

  @TempDir private Path results;

  @Test
  void embeddedServer_itsMachineProcessAndMetricsAreWatched_andADeadExporterIsTold() {
    String dead = "http://127.0.0.1:" + ScriptedServer.closedPort() + "/metrics";
    FinishedRun run =
        RunProcess.in(results)
            .set("engine", "simulated")
            .set("requests", 30)
            .set("users", 2)
            .set("telemetry.interval", "200ms")
            .set("telemetry.dcgm", dead)
            .finish();
    assertThat(run.exitCode()).as(run.console()).isZero();
    Map<String, List<JsonNode>> samples =
        run.samples().stream().collect(groupingBy(sample -> sample.path("source").asText()));

    assertThat(samples.keySet()).contains("host", "injector", "process", "server", "telemetry");
    List<JsonNode> server = samples.getOrDefault("server", List.of());
    JsonNode first = server.get(0);
    JsonNode last = server.get(server.size() - 1);
    long firstSentNanos =
        run.requests("measure").stream()
            .mapToLong(line -> line.path("sentNanos").asLong())
            .min()
            .orElseThrow();
    // A look before the first request, and one when all 30 had their answers.
    assertThat(first.path("atNanos").asLong()).isLessThan(firstSentNanos);
    assertThat(first.at("/values/requests_finished_count").asInt()).isZero();
    assertThat(last.at("/values/requests_finished_count").asInt()).isGreaterThanOrEqualTo(30);
    assertThat(last.at("/labels/engine").asText()).isEqualTo("embedded simulated");
    assertThat(samples.getOrDefault("process", List.of()))
        .allSatisfy(
            sample -> assertThat(sample.at("/values/rss_bytes").asDouble()).isGreaterThan(1e7));
    assertThat(samples.getOrDefault("host", List.of()))
        .anySatisfy(
            sample -> assertThat(sample.at("/values/memory_total_bytes").asDouble()).isPositive());
    assertThat(samples.getOrDefault("telemetry", List.of()))
        .anySatisfy(
            sample -> {
              assertThat(sample.at("/labels/of").asText()).isEqualTo("gpu " + dead);
              assertThat(sample.at("/labels/reason").asText()).isEqualTo("UNREACHABLE");
              assertThat(sample.at("/values/missed_count").asInt()).isPositive();
            });
    assertThat(samples).doesNotContainKey("gpu");
  }

  @Test
  void simulatedEngine_withACache_tellsUseHitsAndEvictions() {
    FinishedRun run =
        RunProcess.in(results)
            .set("engine", "simulated")
            .set("kind", "conversation")
            .set("engine.kvBlocks", 48)
            .set("requests", 40)
            .set("users", 2)
            .set("maxTokens", 24)
            .set("nonce", "false")
            .set("telemetry.interval", "100ms")
            .finish();
    assertThat(run.report().path("schemaVersion").asText()).as(run.console()).isNotEmpty();

    assertThat(run.metric("kv_used_ratio").path("max").asDouble())
        .isGreaterThan(0)
        .isLessThanOrEqualTo(1);
    assertThat(run.metric("kv_used_tokens").path("max").asDouble()).isLessThanOrEqualTo(48 * 16);
    assertThat(run.metric("prefix_hit_rate").path("value").asDouble()).isBetween(0.01, 1.0);
    assertThat(run.metric("evictions").path("value").asDouble()).isPositive();
    assertThat(run.metric("preemptions").path("value").isNumber()).isTrue();
    assertThat(run.metric("queue_depth").path("max").isNumber()).isTrue();
    // Two users, never more than two at once.
    assertThat(run.metric("running_batch").path("max").asDouble()).isBetween(1.0, 2.0);
    // It is a JVM; and it has at most all cores of this machine.
    assertThat(run.metric("peak_memory").path("value").asDouble()).isBetween(20.0, 1e6);
    assertThat(run.metric("server_cpu").path("mean").asDouble())
        .isGreaterThan(0)
        .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(run.metric("energy_per_output_token").path("value").isNull()).isTrue();
    assertThat(run.report().at("/telemetry/series").findValuesAsText("id"))
        .contains("queue_depth", "kv_used_ratio", "server_cpu", "host_cpu");
    assertThat(run.report().at("/telemetry/tables").findValuesAsText("id"))
        .contains("sources", "slow_intervals", "slowest", "slowest_failed", "resources");
  }

  /** The main job, and this test's own look at the process of the server while it goes on. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void mainJob_tellsOfTheServersProcessWhatTheSystemTells_andOfItsCacheThatItIsNotExposed() {
    FinishedRun run;
    WatchedProcess process;
    try (StartedRun started =
        RunProcess.in(results)
            .simulation("llmload.simulations.SmokeSimulation")
            .set("telemetry.server", "auto")
            .set("telemetry.interval", "200ms")
            .start()) {
      started.awaitWhileRunning("a server", () -> server(started).isPresent());
      process = new WatchedProcess(server(started).orElseThrow());
      started.await(
          "end",
          () -> {
            process.look();
            return !started.process().isAlive();
          });
      run = started.awaitEnd();
    }

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertProcess(run, process);
    assertThat(run.metric("queue_depth").path("max").isNumber()).isTrue();
    assertThat(run.metric("running_batch").path("max").asDouble()).isPositive();
    long tokens = run.journal().stream().mapToLong(r -> r.path("outputTokens").asLong()).sum();
    long measured =
        run.requests("measure").stream().mapToLong(r -> r.path("outputTokens").asLong()).sum();
    // All but what came within an interval of both edges, a fiftieth of the run each.
    assertThat(grown(run, "generation_tokens")).isBetween(0.85 * measured, (double) tokens);
    assertThat(grown(run, "prompt_tokens")).isPositive();
    assertNoCache(run);
    assertModelLoad(run);
  }

  /** The child of the run that serves. */
  private static Optional<Long> server(StartedRun run) {
    return run.descendants().stream()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .map(ProcessHandle::pid)
        .findFirst();
  }

  private static void assertProcess(FinishedRun run, WatchedProcess process) {
    long anchor = Instant.parse(run.manifest().path("startedAt").asText()).toEpochMilli();
    long from = Long.MAX_VALUE;
    long to = 0;
    for (JsonNode request : run.requests("measure")) {
      long sent = request.path("sentNanos").asLong();
      from = Math.min(from, sent / NANOS_PER_MILLI);
      to = Math.max(to, (sent + request.path("endNanos").asLong()) / NANOS_PER_MILLI);
    }
    List<WatchedProcess.Look> looks = process.around(anchor + from, anchor + to);
    assertThat(looks).hasSizeGreaterThan(5);
    assertThat(run.samples())
        .filteredOn(sample -> sample.path("source").asText().equals("process"))
        .isNotEmpty()
        .allMatch(sample -> sample.at("/labels/pid").asLong() == process.pid());

    // Memory: between the least and the most that was seen here, and 2 % for what lies between
    // looks.
    double least =
        looks.stream().mapToDouble(WatchedProcess.Look::rssMebibytes).min().orElseThrow();
    double most = looks.stream().mapToDouble(WatchedProcess.Look::rssMebibytes).max().orElseThrow();
    assertThat(run.metric("peak_memory").path("value").asDouble())
        .isBetween(0.98 * least, 1.02 * most);
    assertThat(run.metric("mean_memory").path("value").asDouble())
        .isBetween(0.98 * least, 1.02 * most);

    // Processor time: what the system counted, and one interval of every processor for the edges.
    double gained = looks.get(looks.size() - 1).cpuSeconds() - looks.get(0).cpuSeconds();
    double edge = 0.2 * Runtime.getRuntime().availableProcessors();
    double told = run.metric("server_cpu").path("mean").asDouble() * (to - from) / 1e3;
    assertThat(told).isPositive().isBetween(gained - edge, gained + edge);
  }

  /** A model of 1.7 MB is there within a minute on any machine, and never at once. */
  private static void assertModelLoad(FinishedRun run) {
    JsonNode load = run.metric("model_load_time");
    assertThat(load.path("value").asDouble()).as(load.toString()).isBetween(1e-6, 60.0);
    assertThat(run.report().at("/telemetry/origins/model_load_time").asText())
        .isEqualTo("model_load_seconds of embedded llama");
  }

  /** What a server's counter grew by, in the table of everything that was read. */
  private static double grown(FinishedRun run, String name) {
    for (JsonNode table : run.report().at("/telemetry/tables")) {
      for (JsonNode row : table.path("rows")) {
        if (table.path("id").asText().equals("resources")
            && row.path("name").asText().equals(name)) {
          return row.path("growth").asDouble();
        }
      }
    }
    throw new AssertionError("no " + name + " was read");
  }

  private static void assertNoCache(FinishedRun run) {
    for (String id :
        List.of("kv_used_tokens", "kv_used_ratio", "evictions", "prefix_hit_rate", "preemptions")) {
      assertThat(run.metric(id).path("notMeasured").asText())
          .as(id)
          .startsWith("not exposed by embedded llama (");
      for (String statistic : List.of("value", "mean", "min", "max")) {
        assertThat(run.metric(id).path(statistic).isNull()).as(id + " " + statistic).isTrue();
      }
    }
    assertThat(run.samples())
        .filteredOn(sample -> sample.path("source").asText().equals("server"))
        .isNotEmpty()
        .allSatisfy(
            sample ->
                assertThat(sample.path("values").fieldNames())
                    .toIterable()
                    .noneMatch(name -> name.matches("(kv|prefix|evict|preempt|prompt_cached).*")));
  }
}
