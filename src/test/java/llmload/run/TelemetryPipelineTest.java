package llmload.run;

import static llmload.run.ReplayedRun.grown;
import static llmload.run.ReplayedRun.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import llmload.model.Operator;
import llmload.model.RunReport;
import llmload.model.Statistic;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.Validity;
import llmload.telemetry.gpu.DcgmReader;
import llmload.telemetry.gpu.GpuTools;
import llmload.telemetry.server.ServerReader;
import llmload.testing.Fixtures;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * From exporters over HTTP through the journal to the report. The expected numbers are those that a
 * script worked out of the recorded pages, apart from this code.
 */
@Timeout(120)
class TelemetryPipelineTest {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private static Step page(String text) {
    return Steps.text(200, PROMETHEUS, text);
  }

  private static ScriptedServer exporter(String first, String last) {
    return ScriptedServer.start(Script.inTurn(List.of(page(first)), List.of(page(last))));
  }

  private RunReport replayGpus(Target... targets) throws InterruptedException {
    try (ScriptedServer gpus =
            exporter(
                Fixtures.text("telemetry/dcgm.prom"), Fixtures.text("telemetry/dcgm-t60.prom"));
        ScriptedServer vllm =
            exporter(
                Fixtures.text("telemetry/vllm.prom"), Fixtures.text("telemetry/vllm-t60.prom"))) {
      String url = vllm.baseUrl() + "/metrics";
      ReplayedRun run =
          new ReplayedRun(folder)
              // Llama-3.1-8B in 16 bits: 2 x 32 layers x 8 heads x 128 x 2 bytes.
              .set("telemetry.kvBytesPerToken", "131072")
              .set("nonce", "true")
              .scrape("gpu", gpus.baseUrl() + "/metrics", new DcgmReader())
              .scrape("server", url, new ServerReader(url));
      for (Target target : targets) {
        run.target(target);
      }
      return run.play(3, 0, 60);
    }
  }

  private static void assertValue(RunReport report, String id, double expected) {
    Double value = metric(report, id).value();
    assertThat(value).as(id).isNotNull().isCloseTo(expected, within(Math.abs(expected) * 1e-6));
  }

  private static Target atMost(String metric, String statistic, double limit, String unit) {
    return new Target(
        metric,
        "all",
        metric,
        new Statistic(statistic),
        Operator.AT_MOST,
        limit,
        null,
        unit,
        false,
        true,
        null);
  }

  @Test
  void dcgmAndVllm_giveTheEnergyAndTheCacheThatTheirPagesHold() throws InterruptedException {
    RunReport report = replayGpus();

    assertValue(report, "energy", 73_809.84);
    assertValue(report, "energy_per_output_token", 73_809.84 / 90_600);
    assertValue(report, "energy_per_request", 7_380.984);
    assertValue(report, "output_tokens_per_joule", 90_600 / 73_809.84);
    assertValue(report, "mean_power", 73_809.84 / 60);
    assertThat(metric(report, "energy_per_good_request").notMeasured()).contains("no target");
    // 0.04 of the minute on the first GPU, a measured 0 on the second one.
    assertValue(report, "throttled_power_time", 2.4);
    assertValue(report, "prefix_hit_rate", 0.5);
    assertValue(report, "spec_accept_rate", 0.675);
    assertValue(report, "preemptions", 2);
    assertThat(metric(report, "kv_used_tokens").min()).isEqualTo(307_200);
    assertThat(metric(report, "kv_used_tokens").max()).isEqualTo(737_280);
    assertThat(metric(report, "kv_used_bytes").min()).isEqualTo(40_265_318_400.0);
    assertThat(metric(report, "kv_used_ratio").max()).isEqualTo(0.75);
    assertThat(metric(report, "eviction_time").notMeasured())
        .isEqualTo("not exposed by vllm (eviction_seconds)");
    assertThat(metric(report, "model_load_time").notMeasured())
        .isEqualTo("not exposed by vllm (model_load_seconds)");
    assertThat(grown(report, "energy_joules")).containsExactly(37_917.0, 35_892.84);
    assertThat(grown(report, "prompt_tokens")).containsExactly(312_192.0);
    assertThat(grown(report, "prompt_cached_tokens")).containsExactly(156_096.0);
    assertThat(grown(report, "generation_tokens")).containsExactly(90_600.0);
    assertThat(grown(report, "requests_finished_count")).containsExactly(370.0);
    assertThat(report.verdict().validity()).isEqualTo(Validity.VALID);
    assertThat(report.manifest().warnings())
        .anyMatch(line -> line.contains("50.0 % of the prompt tokens in its prefix cache"));
  }

  @Test
  void reportOfTheSameJournal_saysTheSame() throws InterruptedException {
    RunReport first = replayGpus();

    assertThat(Aggregator.aggregate(folder).measurements()).isEqualTo(first.measurements());
  }

  @Test
  void targetsOverTelemetry_areGraded_andNothingMeasuredIsNoData() throws InterruptedException {
    List<TargetVerdict> verdicts =
        replayGpus(
                atMost("energy_per_output_token", "value", 0.9, "J/tok"),
                atMost("kv_used_ratio", "max", 0.7, "ratio"),
                atMost("eviction_time", "value", 10, "ms"))
            .targets();

    assertThat(verdicts.stream().map(TargetVerdict::result).toList())
        .containsExactly(
            TargetVerdict.Result.MET, TargetVerdict.Result.MISSED, TargetVerdict.Result.NO_DATA);
    assertThat(verdicts.get(2).reason()).contains("not exposed by vllm");
  }

  @Test
  void counterReset_addsBothStretches_andDegradesTheRun() throws InterruptedException {
    String before = "vllm:generation_tokens_total{engine=\"0\"} 1000\n";
    String late = "vllm:generation_tokens_total{engine=\"0\"} 1600\n";
    String anew = "vllm:generation_tokens_total{engine=\"0\"} 250\n";
    try (ScriptedServer vllm =
        ScriptedServer.start(
            Script.inTurn(List.of(page(before)), List.of(page(late)), List.of(page(anew))))) {
      RunReport report =
          new ReplayedRun(folder)
              .scrape("server", vllm.baseUrl(), new ServerReader(vllm.baseUrl()))
              .play(1, 0, 30, 60);

      assertThat(grown(report, "generation_tokens")).containsExactly(850.0);
      assertThat(report.verdict().validity()).isEqualTo(Validity.DEGRADED);
      assertThat(report.verdict().validityReasons())
          .singleElement()
          .asString()
          .contains("began anew while it was measured: its counters fell, generation_tokens");
    }
  }

  @Test
  void clockThatSteps_isTold_andMovesNoSample() throws InterruptedException {
    try (ScriptedServer gpus =
        exporter(Fixtures.text("telemetry/dcgm.prom"), Fixtures.text("telemetry/dcgm-t60.prom"))) {
      RunReport report =
          new ReplayedRun(folder)
              .clockStep(Duration.ofSeconds(5))
              .scrape("gpu", gpus.baseUrl(), new DcgmReader())
              .play(2, 0, 60);

      assertValue(report, "energy", 73_809.84);
      assertThat(report.verdict().validity()).isEqualTo(Validity.DEGRADED);
      assertThat(report.verdict().validityReasons())
          .singleElement()
          .asString()
          .startsWith("The wall clock moved 5000 ms");
    }
  }

  private RunReport replayTool(String file, int millis, String interval)
      throws IOException, InterruptedException {
    try (RecordedTool tool = new RecordedTool(folder, Fixtures.text("telemetry/" + file))) {
      return new ReplayedRun(folder)
          .set("telemetry.interval", interval)
          .requestsLast(millis)
          .patience(Duration.ofSeconds(30))
          .look(clock -> GpuTools.nvidiaSmi(tool.program(), Duration.ofMillis(500), clock))
          .play(1, tool.momentsNanos(), tool::print);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void rtx4090_givesTheEnergyUnderItsPower() throws IOException, InterruptedException {
    RunReport report = replayTool("nvidia-smi-rtx4090.csv", 5_505, "500ms");

    // The trapezoids over all twelve rows, and the largest of the column memory.used.
    assertThat(metric(report, "energy").value()).isCloseTo(1_855.503, within(0.0005));
    assertValue(report, "mean_power", 1_855.503 / 5.505);
    assertValue(report, "peak_memory", 22_272);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void twoA100_haveTheirEnergy_overAPowerThatIsMissingOnce()
      throws IOException, InterruptedException {
    RunReport report = replayTool("nvidia-smi-a100.csv", 5_002, "1s");

    // 5 s of each, one from 0 s and one from 2 ms on; gaps up to 3 s are bridged.
    assertThat(metric(report, "energy").value()).isCloseTo(1_493.675 + 1_255.585, within(0.001));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void twoA100_withAGapOfOne_haveNoEnergy() throws IOException, InterruptedException {
    RunReport report = replayTool("nvidia-smi-a100.csv", 5_002, "500ms");

    // Gaps up to 1.5 s are bridged, the one of 2 s is not: 3 s of 5 s of the second GPU.
    assertThat(metric(report, "energy").value()).isNull();
    assertThat(metric(report, "energy").notMeasured()).contains("0.60");
  }

  @Test
  void endpointThatIsDown_costsItsNumbersAlone() throws InterruptedException {
    assertSilent("http://127.0.0.1:" + ScriptedServer.closedPort(), "UNREACHABLE", PATIENCE);
  }

  @Test
  void endpointThatHangs_costsItsNumbersAlone() throws InterruptedException {
    assertSilent("TIMEOUT", SHORT, Steps.hang(Duration.ofSeconds(30)));
  }

  @Test
  void endpointWithoutEnd_costsItsNumbersAlone() throws InterruptedException {
    byte[] line = "some_metric{a=\"b\"} 1\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    assertSilent(
        "TOO_LARGE",
        PATIENCE,
        Steps.head(200, "Content-Type: text/plain", "Transfer-Encoding: chunked"),
        Steps.repeat(1_000, Steps.chunk(line)),
        Steps.lastChunk());
  }

  @Test
  void endpointOfHtml_costsItsNumbersAlone() throws InterruptedException {
    assertSilent(
        "NOT_METRICS: HTML", PATIENCE, Steps.text(200, "text/html", "<html>Sign in</html>"));
  }

  private void assertSilent(String reason, Duration patience, Step... steps)
      throws InterruptedException {
    try (ScriptedServer server = ScriptedServer.start(Script.always(steps))) {
      assertSilent(server.baseUrl(), reason, patience);
    }
  }

  /** The run is valid, and every number that the source should have given says why it is not. */
  private void assertSilent(String url, String reason, Duration patience)
      throws InterruptedException {
    RunReport report =
        new ReplayedRun(folder)
            .patience(patience)
            .scrape("server", url, new ServerReader(url))
            .scrape("gpu", url, new DcgmReader())
            .play(0, 0, 60);

    assertThat(report.verdict().validity()).isEqualTo(Validity.VALID);
    assertThat(metric(report, "ttft").count()).isEqualTo(10);
    for (String id : List.of("queue_depth", "kv_used_tokens", "prefix_hit_rate", "preemptions")) {
      assertThat(metric(report, id).notMeasured())
          .as(id)
          .startsWith("no metrics of the server were read (server " + url + ": ")
          .contains(reason);
      assertThat(metric(report, id).value()).as(id).isNull();
    }
    assertThat(metric(report, "energy").notMeasured()).contains("no GPU was read", reason);
    assertThat(metric(report, "energy_per_output_token").value()).isNull();
    assertThat(report.manifest().warnings())
        .anyMatch(line -> line.startsWith("Telemetry of server " + url + ": 0 of "));
  }
}
