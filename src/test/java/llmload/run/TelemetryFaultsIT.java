package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.testing.FinishedRun;
import llmload.testing.ReceivedRequest;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs beside endpoints that are ill, and beside clocks that are wrong. */
@Timeout(300)
class TelemetryFaultsIT {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final double AHEAD_SECONDS = 90;
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;
  private static final Pattern SPAN = Pattern.compile("start=([0-9.]+)&end=([0-9.]+)&step=");

  @TempDir private Path results;

  private static ScriptedServer always(Step... steps) {
    return ScriptedServer.start(Script.always(steps));
  }

  /** The rows of a table of the section telemetry, by their source. */
  private static Map<String, JsonNode> table(FinishedRun run, String id) {
    Map<String, JsonNode> rows = new TreeMap<>();
    for (JsonNode table : run.report().at("/telemetry/tables")) {
      if (table.path("id").asText().equals(id)) {
        table.path("rows").forEach(row -> rows.put(row.path("source").asText(), row));
      }
    }
    return rows;
  }

  private static JsonNode row(Map<String, JsonNode> rows, String name) {
    assertThat(rows).containsKey(name);
    return rows.getOrDefault(name, NullNode.instance);
  }

  @Test
  void endpointsThatAreIll_costTheirOwnNumbers_andSayWhy() {
    byte[] line = "some_metric{a=\"b\"} 1\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    String chunked = "Transfer-Encoding: chunked";
    String plain = "Content-Type: text/plain";
    try (ScriptedServer slow = always(Steps.hang(Duration.ofSeconds(30)));
        ScriptedServer drip =
            always(
                Steps.head(200, plain, chunked),
                Steps.forever(Steps.chunk("#"), Steps.pause(Duration.ofSeconds(1))));
        ScriptedServer large =
            always(
                Steps.head(200, plain, chunked),
                Steps.repeat(1_000, Steps.chunk(line)),
                Steps.lastChunk());
        ScriptedServer html = always(Steps.text(200, "text/html", "<html>Sign in</html>"));
        ScriptedServer resets = always(Steps.reset())) {
      String down = "http://127.0.0.1:" + ScriptedServer.closedPort();
      Map<String, String> reasons =
          Map.of(
              slow.baseUrl(),
              "TIMEOUT",
              drip.baseUrl(),
              "TIMEOUT",
              large.baseUrl(),
              "T",
              html.baseUrl(),
              "NOT_METRICS: HTML",
              resets.baseUrl(),
              "UNREACHABLE",
              down,
              "UNREACHABLE");
      FinishedRun run =
          RunProcess.in(results)
              .set("engine", "simulated")
              .set("requests", 40)
              .set("users", 2)
              .set("telemetry.interval", "200ms")
              .set("telemetry.server", String.join(",", reasons.keySet()))
              .set("telemetry.dcgm", down)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.report().at("/verdict/validity").asText()).isIn("VALID", "DEGRADED");
      Map<String, JsonNode> sources = table(run, "sources");
      reasons.forEach(
          (url, reason) -> {
            JsonNode source = row(sources, "server " + url);
            assertThat(source.path("taken").asInt()).as(url).isZero();
            assertThat(source.path("missed").asInt()).as(url).isPositive();
            assertThat(source.path("missed_most").asText()).as(url).startsWith(reason);
          });
      // The limit of 16 MiB, or on a slow machine the deadline before it.
      assertThat(row(sources, "server " + large.baseUrl()).path("missed_most").asText())
          .containsAnyOf("TOO_LARGE", "TIMEOUT");
      assertNothingMeasured(run);
    }
  }

  private static void assertNothingMeasured(FinishedRun run) {
    for (String id : List.of("queue_depth", "kv_used_tokens", "prefix_hit_rate", "energy")) {
      assertThat(run.metric(id).path("value").isNull()).as(id).isTrue();
      assertThat(run.metric(id).path("mean").isNull()).as(id).isTrue();
      assertThat(run.metric(id).path("notMeasured").asText()).as(id).isNotEmpty();
    }
    assertThat(run.samples())
        .noneMatch(sample -> List.of("server", "gpu").contains(sample.path("source").asText()));
  }

  @Test
  void counterThatFalls_degradesTheRun_andIsNeverNegative() {
    AtomicInteger looks = new AtomicInteger();
    // 100 tokens a look, and a new start every two seconds.
    Script script =
        Script.perRequest(
            request -> {
              int tokens = 100 * (looks.incrementAndGet() % 10);
              return List.of(
                  Steps.text(200, PROMETHEUS, "vllm:generation_tokens_total " + tokens + "\n"));
            });
    try (ScriptedServer server = ScriptedServer.start(script)) {
      FinishedRun run =
          RunProcess.in(results)
              .set("engine", "simulated")
              .set("duration", "6s")
              .set("users", 2)
              .set("telemetry.interval", "200ms")
              .set("telemetry.server", server.baseUrl())
              .finish();

      assertThat(run.report().at("/verdict/validity").asText())
          .as(run.console())
          .isEqualTo("DEGRADED");
      assertThat(run.report().at("/telemetry/restarts").get(0).asText())
          .contains("its counters fell, generation_tokens");
    }
  }

  private static double nowSeconds() {
    return System.currentTimeMillis() / MILLIS;
  }

  /** A Prometheus server whose clock is ahead, and that has scraped one server each second. */
  private static List<Step> prometheus(ReceivedRequest request) {
    if (request.head().contains("query=time()")) {
      return List.of(
          Steps.json(
              200,
              String.format(
                  Locale.ROOT,
                  "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[%.3f,\"\"]}}",
                  nowSeconds() + AHEAD_SECONDS)));
    }
    Matcher span = SPAN.matcher(request.head());
    List<String> values = new ArrayList<>();
    if (span.find()) {
      double now = nowSeconds() + AHEAD_SECONDS;
      double end = Math.min(now, Double.parseDouble(span.group(2)));
      for (double at = Double.parseDouble(span.group(1)); at <= end; at += 0.2) {
        values.add(String.format(Locale.ROOT, "[%.3f,\"3\"]", at));
      }
    }
    return List.of(
        Steps.json(
            200,
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":"
                + "{\"__name__\":\"vllm:num_requests_running\",\"instance\":\"gpu:8000\"},"
                + "\"values\":["
                + String.join(",", values)
                + "]}]}}"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void clocksThatAreAhead_areShown_andMoveNoSample() throws IOException {
    Path tool = results.resolve("nvidia-smi");
    Files.writeString(
        tool,
        """
        #!/bin/sh
        if [ "$1" = --help-query-gpu ]; then
          printf '"timestamp"\\n"index"\\n"uuid"\\n"power.draw"\\n'
        else
          echo 'timestamp, index, uuid, power.draw [W]'
          while :; do
            echo "$(date -d '+90 seconds' '+%Y/%m/%d %H:%M:%S.%3N'), 0, GPU-a, 100.00 W" || exit
            sleep 0.2
          done
        fi
        """);
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    try (ScriptedServer server =
        ScriptedServer.start(Script.perRequest(TelemetryFaultsIT::prometheus))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("engine", "simulated")
              .set("duration", "4s")
              .set("users", 2)
              .set("telemetry.interval", "200ms")
              .set("telemetry.server", "none")
              .set("telemetry.nvidiaSmi", tool)
              .set("telemetry.prometheus", server.baseUrl())
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      Map<String, JsonNode> clocks = table(run, "clocks");
      JsonNode prometheus = row(clocks, "prometheus " + server.baseUrl());
      // Each within what it says of itself; both run by this machine's own clock. One way, the
      // tool's rows can only seem to be behind: by the time that printing one takes at the least.
      assertThat(prometheus.path("offset").asDouble())
          .isBetween(
              90_000 - prometheus.path("uncertainty").asDouble() - 1,
              90_000 + prometheus.path("uncertainty").asDouble() + 1);
      assertThat(row(clocks, "gpu " + tool).path("offset").asDouble())
          .isBetween(88_000.0, 90_001.0);
      double endSeconds = run.report().path("durationSeconds").asDouble() + 30;
      for (String source : List.of("server", "gpu")) {
        List<Double> seconds =
            run.samples().stream()
                .filter(sample -> sample.path("source").asText().equals(source))
                .map(sample -> sample.path("atNanos").asDouble() / NANOS)
                .toList();
        assertThat(seconds).as(source).hasSizeGreaterThan(10);
        assertThat(seconds).as(source).allMatch(at -> at > -30 && at < endSeconds);
      }
      // Over the whole window, which needs samples on both of its sides: 3 at each moment.
      assertThat(run.metric("running_batch").path("mean").asDouble()).isBetween(2.999, 3.001);
      assertThat(run.metric("mean_power").path("value").asDouble()).isBetween(99.999, 100.001);
    }
  }
}
