package llmload.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.metrics.SampleFixture;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

/** One request from 40 to 60 s, and a GPU that is watched from 0 to 70 s. */
class ThrottlingTest {
  private final List<TelemetrySample> samples = new ArrayList<>();

  private RunMeasurements measured() {
    RunManifest manifest = ManifestFixture.closed();
    RequestRecord request =
        RequestFixture.stream(10_000, 10_000).sent(40_000).usage(10, 10).build();
    RunAnalysis analysis = new RunAnalysis(manifest);
    TelemetryAnalysis telemetry = new TelemetryAnalysis(manifest);
    analysis.accept(request);
    telemetry.accept(request);
    samples.forEach(telemetry::accept);
    return telemetry.into(analysis.finish(null, 1, 0));
  }

  private MetricSummary metric(String id) {
    MetricSummary found = measured().metrics().getOrDefault("all", Map.of()).get(id);
    assertThat(found).as(id).isNotNull();
    return found;
  }

  private void assertValue(String id, double expected) {
    assertThat(metric(id).value()).as(id).isNotNull().isCloseTo(expected, within(1e-6));
  }

  private void throttled(double thermalSeconds) {
    for (int at = 0; at <= 70; at++) {
      samples.add(
          SampleFixture.sample(
              "gpu",
              at,
              Map.of(
                  // A tenth of each second, though each look happens to meet it.
                  "throttled_power_seconds",
                  0.1 * at,
                  "throttled_power_ratio",
                  1.0,
                  "throttled_thermal_seconds",
                  thermalSeconds * at,
                  // Straight lines to the looks before and after: from 44.5 to 48.5 s.
                  "throttled_brake_ratio",
                  at >= 45 && at <= 48 ? 1.0 : 0.0,
                  "throttled_hardware_ratio",
                  at >= 48 && at <= 49 ? 1.0 : 0.0),
              "uuid",
              "a"));
    }
  }

  @Test
  void throttledTime_isNotKnownWherePowerOrHeatIsNot() {
    for (int at = 0; at <= 70; at++) {
      samples.add(
          SampleFixture.sample(
              "gpu", at, "throttled_power_seconds", 0, "uuid", "a", "via", "dcgm"));
    }

    assertValue("throttled_power_time", 0);
    assertThat(metric("throttled_time").value()).isNull();
    assertThat(metric("throttled_time").notMeasured())
        .isEqualTo("not exposed by dcgm (throttled_thermal_seconds)");
  }

  @Test
  void throttledTime_byTheFlagsOfTwoTools_isThatOfEither() {
    for (int at = 0; at <= 70; at++) {
      samples.add(
          SampleFixture.sample("gpu", at, "throttled_ratio", 0, "uuid", "a", "via", "amd-smi"));
      samples.add(
          SampleFixture.sample(
              "gpu",
              at + 0.5,
              Map.of("throttled_power_ratio", 0.5, "throttled_thermal_ratio", 0.1),
              "uuid",
              "a",
              "via",
              "amd-exporter"));
    }

    assertValue("throttled_power_time", 10);
    assertValue("throttled_time", 10);
  }

  @Test
  void throttledTime_byCounters_isTheLongerOne_andTheirFlagsDoNotCount() {
    throttled(0.4);

    assertValue("throttled_power_time", 2);
    assertValue("throttled_thermal_time", 8);
    assertValue("throttled_time", 8);
    assertThat(measured().telemetry().origins().get("throttled_time"))
        .isEqualTo("throttled_thermal_seconds of the GPU");
  }

  @Test
  void throttledTime_byFlagsWithoutACounter_isTheTimeInWhichAnyHeld() {
    throttled(0);

    // Brake or hardware, from 44.5 to 49.5 s.
    assertValue("throttled_time", 5);
    assertValue("throttled_thermal_time", 0);
  }
}
