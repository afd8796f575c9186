package llmload.run;

import static llmload.run.ReplayedRun.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import llmload.model.RunReport;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.gpu.AmdExporterReader;
import llmload.telemetry.gpu.DcgmReader;
import llmload.telemetry.gpu.GpuTools;
import llmload.testing.Fixtures;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** GPUs that are shared out, throttled or told too rarely, from HTTP to the report. */
@Timeout(120)
class GpuPipelineTest {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  @TempDir private Path folder;

  /** A run of a minute; the exporter is asked every so many seconds. */
  private RunReport replay(
      int everySeconds, int things, ExpositionSource.Reader reader, IntFunction<String> pageAt)
      throws InterruptedException {
    AtomicInteger look = new AtomicInteger();
    Script script =
        Script.perRequest(
            request ->
                List.of(
                    Steps.text(
                        200, PROMETHEUS, pageAt.apply(everySeconds * look.getAndIncrement()))));
    try (ScriptedServer exporter = ScriptedServer.start(script)) {
      return new ReplayedRun(folder)
          .set("telemetry.interval", everySeconds + "s")
          .scrape("gpu", exporter.baseUrl() + "/metrics", reader)
          .play(
              things,
              LongStream.rangeClosed(0, 60 / everySeconds).map(i -> i * everySeconds).toArray());
    }
  }

  private static String dcgm(String name, String labels, double value) {
    return "DCGM_FI_DEV_" + name + "{gpu=\"0\",UUID=\"GPU-1\"" + labels + "} " + value + "\n";
  }

  private static void assertValue(RunReport report, String id, double expected) {
    assertThat(metric(report, id).value())
        .as(id + ": " + metric(report, id).notMeasured())
        .isNotNull()
        .isCloseTo(expected, within(Math.abs(expected) * 1e-6));
  }

  @Test
  void exporterThatRefreshesEachHalfMinute_measuresNothing_andIsNeverAZero()
      throws InterruptedException {
    RunReport report =
        replay(
            1,
            1,
            new DcgmReader(),
            second -> {
              int page = second / 30;
              return dcgm("TOTAL_ENERGY_CONSUMPTION", "", 1e6 + page * 18e6)
                  + dcgm("POWER_USAGE", "", 600)
                  + dcgm("GPU_UTIL", "", 97)
                  + dcgm("FB_USED", "", 70_000)
                  + dcgm("POWER_VIOLATION", "", 5e9);
            });

    for (String id :
        List.of(
            "energy",
            "energy_per_output_token",
            "gpu_utilization",
            "gpu_memory",
            "throttled_power_time",
            "throttled_time")) {
      assertThat(metric(report, id).value()).as(id).isNull();
      assertThat(metric(report, id).mean()).as(id).isNull();
      assertThat(metric(report, id).notMeasured())
          .as(id)
          .endsWith("; a new value came every 30.0 s; start dcgm-exporter with -c 1000");
    }
    assertThat(metric(report, "throttled_thermal_time").notMeasured())
        .isEqualTo("not exposed by dcgm (throttled_thermal_seconds)");
    assertThat(report.measurements().telemetry().series()).isEmpty();
  }

  @Test
  void energyCounterThatFell_leavesThePower_andSaysSo() throws InterruptedException {
    RunReport report =
        replay(
            10,
            1,
            new DcgmReader(),
            second ->
                dcgm("TOTAL_ENERGY_CONSUMPTION", "", second < 30 ? 9e9 + second : second)
                    + dcgm("POWER_USAGE", "", 100));

    assertValue(report, "energy", 6_000);
    assertThat(report.measurements().telemetry().origins())
        .containsEntry("energy", "power_watts of dcgm over time");
    assertThat(report.measurements().telemetry().remarks())
        .anyMatch(
            line ->
                line.contains(
                    "0 by their energy counter, 1 by integrating their power (energy_joules of dcgm"
                        + " began anew in the window)"));
  }

  @Test
  void partitionsOfAnAmdCard_shareItsPowerEnergyAndMemory() throws InterruptedException {
    String page = Fixtures.text("telemetry/amd-exporter.prom");
    // 642 W for 60 s are 38,520 J, in microjoules.
    String later = page.replace("58103221774000.0", "58141741774000.0");

    RunReport report = replay(60, 2, new AmdExporterReader(), second -> second == 0 ? page : later);

    assertValue(report, "energy", 38_520);
    assertValue(report, "mean_power", 642);
    assertThat(metric(report, "gpu_memory").max()).isEqualTo(171_204);
    assertValue(report, "peak_memory", 171_204);
    // 97 and 96 %, of each partition its own.
    assertThat(metric(report, "gpu_utilization").mean()).isCloseTo(0.965, within(1e-9));
    // 3 % of the minute, of the socket.
    assertValue(report, "throttled_power_time", 1.8);
    assertValue(report, "throttled_thermal_time", 0);
    assertThat(report.measurements().telemetry().series())
        .filteredOn(series -> series.id().equals("power"))
        .singleElement()
        .satisfies(power -> assertThat(power.values()).contains(642.0));
    assertThat(report.measurements().telemetry().origins())
        .containsEntry("energy", "energy_joules of amd-exporter");
  }

  @Test
  void instancesBesideTheirCard_countItsMemoryAndEnergyOnce() throws InterruptedException {
    String whole = "";
    String small = ",GPU_I_PROFILE=\"1g.10gb\",GPU_I_ID=\"7\"";
    String large = ",GPU_I_PROFILE=\"3g.40gb\",GPU_I_ID=\"2\"";
    RunReport report =
        replay(
            10,
            3,
            new DcgmReader(),
            second -> {
              StringBuilder page = new StringBuilder();
              for (String labels : List.of(whole, small, large)) {
                // 300 J a second, in millijoules.
                page.append(dcgm("TOTAL_ENERGY_CONSUMPTION", labels, 1e6 + second * 3e5))
                    .append(dcgm("POWER_USAGE", labels, 300));
              }
              return page.append(dcgm("FB_USED", whole, 44_324))
                  .append(dcgm("FB_USED", small, 8_120))
                  .append(dcgm("FB_USED", large, 36_204))
                  .append(dcgm("GPU_UTIL", whole, Long.MAX_VALUE))
                  .append(
                      "DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu=\"0\",UUID=\"GPU-1\"%s} 0.5\n"
                          .formatted(small))
                  .append(
                      "DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu=\"0\",UUID=\"GPU-1\"%s} 0.9\n"
                          .formatted(large))
                  .toString();
            });

    assertValue(report, "energy", 18_000);
    assertThat(metric(report, "gpu_memory").max()).isEqualTo(44_324);
    // Of the instances, as the card tells a blank.
    assertThat(metric(report, "gpu_utilization").mean()).isCloseTo(0.7, within(1e-9));
    assertThat(report.measurements().telemetry().origins())
        .containsEntry("gpu_utilization", "engine_active_ratio of dcgm");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void rtx4090_wasSlowedByItsPowerLimit_andOnceByHeat() throws IOException, InterruptedException {
    try (RecordedTool tool =
        new RecordedTool(folder, Fixtures.text("telemetry/nvidia-smi-rtx4090.csv"))) {
      RunReport report =
          new ReplayedRun(folder)
              .set("telemetry.interval", "500ms")
              .requestsLast(5_505)
              .patience(Duration.ofSeconds(30))
              .look(clock -> GpuTools.nvidiaSmi(tool.program(), Duration.ofMillis(500), clock))
              .play(1, tool.momentsNanos(), tool::print);

      // Rows with 0x4 at 6.036, 6.532 and 7.035, with 0x20 at 7.531, with neither at 5.533 and
      // 8.034: the areas under a flag that runs straight between rows.
      assertThat(metric(report, "throttled_power_time").value())
          .isCloseTo(0.503 / 2 + 0.999 + 0.496 / 2, within(1e-6));
      assertThat(metric(report, "throttled_thermal_time").value())
          .isCloseTo(0.496 / 2 + 0.503 / 2, within(1e-6));
      assertThat(metric(report, "throttled_time").value())
          .isCloseTo(0.503 / 2 + 1.495 + 0.503 / 2, within(1e-6));
      assertThat(report.measurements().telemetry().origins())
          .containsEntry("throttled_power_time", "throttled_power_ratio of nvidia-smi");
    }
  }
}
