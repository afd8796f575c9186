package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import llmload.testing.ChatScripts;
import llmload.testing.FinishedRun;
import llmload.testing.OpenAiFrames;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedPrometheus;
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
  private static final long AHEAD_MILLIS = 90_000;
  private static final long SCRAPE_MILLIS = 200;
  private static final double NANOS = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

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

  /** A server that loads its model at the first two looks, and whose counter falls after ten. */
  private static Script serverThatBeginsAnew() {
    Script chats = ChatScripts.paced(Duration.ofMillis(5));
    AtomicInteger looks = new AtomicInteger();
    return request -> {
      if (request.path().endsWith("/prometheus/metrics")) {
        return List.of(Steps.text(404, "text/plain", "no"));
      }
      if (!request.path().endsWith("/metrics")) {
        return chats.stepsFor(request);
      }
      int look = looks.getAndIncrement();
      // 100 tokens a look, and a new start every two seconds.
      return List.of(
          look < 2
              ? Steps.json(503, OpenAiFrames.errorBody("Loading model", "unavailable_error"))
              : Steps.text(
                  200, PROMETHEUS, "vllm:generation_tokens_total " + 100 * (look % 10) + "\n"));
    };
  }

  /** An exporter that answers for two seconds, and then resets each connection. */
  private static Script exporterThatDies() {
    AtomicLong firstNanos = new AtomicLong();
    return request -> {
      long now = System.nanoTime();
      boolean unused = firstNanos.compareAndSet(0, now);
      double seconds = (now - firstNanos.get()) / NANOS;
      String labels = "{gpu=\"0\",UUID=\"GPU-a\"} ";
      return List.of(
          seconds > 2
              ? Steps.reset()
              : Steps.text(
                  200,
                  PROMETHEUS,
                  String.format(
                      Locale.ROOT,
                      "DCGM_FI_DEV_POWER_USAGE%s100\nDCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION%s%.0f\n",
                      labels,
                      labels,
                      100_000 * seconds)));
    };
  }

  @Test
  void serverThatLoadsAndBeginsAnew_andExporterThatDies_degradeTheRun_andTellTheTruth() {
    try (ScriptedServer server = ScriptedServer.start(serverThatBeginsAnew());
        ScriptedServer gpu = ScriptedServer.start(exporterThatDies())) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("targets", "none")
              .set("duration", "5s")
              .set("users", 2)
              .set("telemetry.interval", "200ms")
              .set("telemetry.server", "auto")
              .set("telemetry.dcgm", gpu.baseUrl())
              .set("telemetry.lead", "1s")
              .finish();

      assertThat(run.report().at("/verdict/validity").asText())
          .as(run.console())
          .isEqualTo("DEGRADED");
      assertThat(run.report().at("/telemetry/restarts").get(0).asText())
          .contains("its counters fell, generation_tokens");
      // The journal has six decimals of it, and the counter tens of thousands at the most.
      assertThat(grown(run)).isCloseTo(grownByTheJournal(run), within(0.01));

      Map<String, JsonNode> sources = table(run, "sources");
      JsonNode found = row(sources, "server " + server.baseUrl() + "/metrics");
      assertThat(found.path("taken").asInt()).isGreaterThan(10);
      assertThat(notReady(run)).isEqualTo(2);
      JsonNode died = row(sources, "gpu " + gpu.baseUrl());
      assertThat(died.path("taken").asInt()).isPositive();
      assertThat(died.path("missed").asInt()).isPositive();
      assertThat(died.path("missed_most").asText()).startsWith("UNREACHABLE");
      for (String id : List.of("energy", "mean_power")) {
        assertThat(run.metric(id).path("value").isNull()).as(id).isTrue();
        assertThat(run.metric(id).path("notMeasured").asText())
            .as(id)
            .contains("gpu " + gpu.baseUrl(), "UNREACHABLE");
      }
    }
  }

  /** How many looks met a server that is not ready, by the journal's last word on it. */
  private static int notReady(FinishedRun run) {
    return run.samples().stream()
        .filter(sample -> sample.at("/labels/reason").asText().equals("NOT_READY"))
        .mapToInt(sample -> sample.at("/values/missed_count").asInt())
        .max()
        .orElse(0);
  }

  private static double grown(FinishedRun run) {
    for (JsonNode table : run.report().at("/telemetry/tables")) {
      for (JsonNode row : table.path("rows")) {
        if (row.path("name").asText().equals("generation_tokens")) {
          assertThat(row.path("growth").isNumber()).isTrue();
          return row.path("growth").asDouble();
        }
      }
    }
    throw new AssertionError("no generation_tokens in the report");
  }

  /** The counter laid end to end, each fall as a start from 0, at both edges of the window. */
  private static double grownByTheJournal(FinishedRun run) {
    NavigableMap<Double, Double> total = new TreeMap<>();
    double before = 0;
    double sum = 0;
    for (JsonNode sample : run.samples()) {
      if (sample.path("source").asText().equals("server")) {
        double value = sample.at("/values/generation_tokens").asDouble();
        sum += value < before ? value : value - before;
        before = value;
        total.put(sample.path("atNanos").asDouble(), sum);
      }
    }
    List<JsonNode> requests =
        run.requests("measure").stream()
            .filter(request -> !request.path("outcome").asText().equals("INCOMPLETE"))
            .toList();
    double from =
        requests.stream()
            .mapToDouble(line -> line.path("sentNanos").asDouble())
            .min()
            .orElseThrow();
    double to =
        requests.stream()
            .mapToDouble(
                line -> line.path("sentNanos").asDouble() + line.path("endNanos").asDouble())
            .max()
            .orElseThrow();
    assertThat(total.firstKey()).isLessThan(from);
    assertThat(total.lastKey()).isGreaterThan(to);
    return at(total, to) - at(total, from);
  }

  /** The value on the straight line between the two points around {@code x}. */
  private static double at(NavigableMap<Double, Double> points, double x) {
    Map.Entry<Double, Double> left = points.floorEntry(x);
    Map.Entry<Double, Double> right = points.ceilingEntry(x);
    double share =
        left.getKey().equals(right.getKey())
            ? 0
            : (x - left.getKey()) / (right.getKey() - left.getKey());
    return left.getValue() + share * (right.getValue() - left.getValue());
  }

  /** Scrapes a server each 0.2 s, by a clock that is ahead. */
  private static ScriptedPrometheus prometheus() {
    return new ScriptedPrometheus(
            () -> System.currentTimeMillis() + AHEAD_MILLIS, SCRAPE_MILLIS, false)
        .series("vllm:num_requests_running", Map.of("instance", "gpu:8000"), at -> 3.0);
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
    try (ScriptedServer server = ScriptedServer.start(prometheus())) {
      FinishedRun run =
          RunProcess.in(results)
              .set("engine", "simulated")
              .set("duration", "3s")
              .set("users", 2)
              .set("telemetry.interval", "1s")
              .set("telemetry.lead", "1s")
              .set("telemetry.tail", "500ms")
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
        // Prometheus is asked from a minute before the first look on.
        assertThat(seconds).as(source).allMatch(at -> at > -90 && at < endSeconds);
      }
      assertEachScrapeOnce(run, server.baseUrl());
      // Over the whole window, which needs samples on both of its sides: 3 at each moment.
      assertThat(run.metric("running_batch").path("mean").asDouble()).isBetween(2.999, 3.001);
      assertThat(run.metric("mean_power").path("value").asDouble()).isBetween(99.999, 100.001);
    }
  }

  /** As often as was scraped, not as often as llmload looks; from a minute before on. */
  private static void assertEachScrapeOnce(FinishedRun run, String url) {
    JsonNode scrapes = row(table(run, "sources"), "prometheus " + url + ", instance gpu:8000");
    // A minute and the run, five each second.
    assertThat(scrapes.path("taken").asInt()).isGreaterThan(5 * 60);
    assertThat(scrapes.path("missed").asInt()).isZero();
    List<Double> millis =
        run.samples().stream()
            .filter(sample -> sample.at("/labels/by").asText().equals("prometheus"))
            .map(sample -> sample.path("atNanos").asDouble() / NANOS_PER_MILLI)
            .toList();
    assertThat(millis.get(0)).isLessThan(-55_000);
    for (int i = 1; i < millis.size(); i++) {
      // One scrape's distance, but for how the measured offset moves meanwhile.
      assertThat(millis.get(i) - millis.get(i - 1)).isBetween(150.0, 250.0);
    }
  }
}
