package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole run watches beside its requests. */
class RunTelemetryIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path results;

  @Test
  void embeddedServer_itsMachineProcessAndMetricsAreWatched_andADeadExporterIsTold()
      throws IOException {
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
    Map<String, List<JsonNode>> samples = samples();

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
    assertThat(last.at("/labels/engine").asText()).isEqualTo("vllm");
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
            .set("engine.kvBlocks", 24)
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
    assertThat(run.metric("kv_used_tokens").path("max").asDouble()).isLessThanOrEqualTo(24 * 16);
    assertThat(run.metric("prefix_hit_rate").path("value").isNumber()).isTrue();
    assertThat(run.metric("evictions").path("value").isNumber()).isTrue();
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
        .contains("sources", "slowest", "resources");
  }

  @Test
  void realEngine_doesNotExposeItsCache_andNothingOfThatIsAZero() {
    FinishedRun run =
        RunProcess.in(results)
            .set("engine", "llama")
            .set("requests", 10)
            .set("users", 2)
            .set("maxTokens", 16)
            .set("telemetry.interval", "200ms")
            .finish();
    assertThat(run.report().path("schemaVersion").asText()).as(run.console()).isNotEmpty();

    for (String id :
        List.of("kv_used_tokens", "kv_used_ratio", "evictions", "prefix_hit_rate", "preemptions")) {
      assertThat(run.metric(id).path("notMeasured").asText()).as(id).startsWith("not exposed by");
      assertThat(run.metric(id).path("value").isNull()).as(id).isTrue();
      assertThat(run.metric(id).path("mean").isNull()).as(id).isTrue();
    }
    assertThat(run.metric("queue_depth").path("max").isNumber()).isTrue();
    assertThat(run.metric("running_batch").path("max").asDouble()).isPositive();
    assertThat(run.metric("peak_memory").path("value").asDouble()).isBetween(20.0, 1e6);
  }

  private Map<String, List<JsonNode>> samples() throws IOException {
    Map<String, List<JsonNode>> samples = new TreeMap<>();
    for (String line : Files.readAllLines(results.resolve("latest/telemetry.jsonl"))) {
      JsonNode sample = JSON.readTree(line);
      samples.computeIfAbsent(sample.path("source").asText(), s -> new ArrayList<>()).add(sample);
    }
    return samples;
  }
}
