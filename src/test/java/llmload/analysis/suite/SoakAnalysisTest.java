package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SoakAnalysisTest {
  private static final Offset<Double> NEAR = within(1e-9);
  private static final Map<String, String> MINUTE = Map.of("soak.window", "1m");

  /** One request a second for three minutes: 100 ms in the first, then 5 s, 120 ms in the last. */
  private static List<RequestRecord> slowing() {
    List<RequestRecord> requests = new ArrayList<>();
    for (int second = 0; second <= 180; second++) {
      double millis = second <= 60 ? 100 : second < 120 ? 5_000 : 120;
      requests.add(
          RequestFixture.chat(millis).notStreamed().name("soak").sent(second * 1_000.0).build());
    }
    return requests;
  }

  /** A reading each 30 s. */
  private static List<TelemetrySample> growingBy(double mebibytes) {
    List<TelemetrySample> samples = new ArrayList<>();
    for (int reading = 0; reading <= 6; reading++) {
      samples.add(SuiteFixture.resident(30 * reading, 1_000 + mebibytes * reading));
    }
    return samples;
  }

  @Test
  void leak_showsInGrowthAndSlope_slownessInTheDrift() {
    SuiteFixture soak = SuiteFixture.of("soak", MINUTE, slowing(), growingBy(10));

    assertThat(soak.value("all", "e2e_p95_drift")).isCloseTo(0.2, NEAR);
    // 10 MiB in half a minute are 1,200 an hour.
    assertThat(soak.value("all", "memory_leak_slope")).isCloseTo(1_200, within(1e-6));
    // Within the first minute 1,000 and 1,010; within the last 1,040, 1,050 and 1,060.
    assertThat(soak.value("all", "memory_growth")).isCloseTo(1_050 / 1_005.0 - 1, NEAR);
    assertThat(soak.number("soak_windows", 0, "memory_mean")).isCloseTo(1_005, NEAR);
    assertThat(soak.number("soak_windows", 1, "requests")).isEqualTo(61);
  }

  @Test
  void memoryThatLevelsOff_isFlatInTheLastWindow() {
    List<TelemetrySample> samples = new ArrayList<>();
    for (int reading = 0; reading <= 18; reading++) {
      samples.add(SuiteFixture.resident(10 * reading, 1_000 + 5 * Math.min(reading, 9)));
    }
    SuiteFixture soak = SuiteFixture.of("soak", MINUTE, slowing(), samples);

    // 5 MiB in 10 s are 1,800 an hour; from 90 s on nothing is added.
    assertThat(soak.number("soak_windows", 0, "memory_slope")).isCloseTo(1_800, within(1e-6));
    assertThat(soak.number("soak_windows", 1, "memory_slope")).isCloseTo(0, within(1e-6));
    assertThat(soak.value("all", "memory_leak_slope")).isBetween(1.0, 1_799.0);
  }

  @Test
  void steadyMemory_isAFlatLine() {
    SuiteFixture soak = SuiteFixture.of("soak", MINUTE, slowing(), growingBy(0));

    assertThat(soak.value("all", "memory_growth")).isZero();
    assertThat(soak.value("all", "memory_leak_slope")).isCloseTo(0, within(1e-6));
  }

  @Test
  void readingsBeforeTheLoad_areNoLeak() {
    List<TelemetrySample> samples = new ArrayList<>(growingBy(0));
    samples.add(SuiteFixture.resident(-60, 100));
    SuiteFixture soak = SuiteFixture.of("soak", MINUTE, slowing(), samples);

    assertThat(soak.value("all", "memory_leak_slope")).isCloseTo(0, within(1e-6));
  }

  @Test
  void unwatchedServer_hasNoGrowth_andTheReason() {
    SuiteFixture soak = SuiteFixture.of("soak", MINUTE, slowing(), List.of());

    String reason =
        "not measured: the server told no figures of its own, and its process was not watched";
    assertThat(soak.metric("all", "memory_growth").value()).isNull();
    assertThat(soak.metric("all", "memory_growth").notMeasured()).isEqualTo(reason);
    assertThat(soak.metric("all", "memory_leak_slope").notMeasured()).isEqualTo(reason);
    assertThat(soak.remarks()).contains("The server's memory: " + reason + ".");
  }

  @Test
  void fewRequests_haveNoDrift() {
    SuiteFixture soak = SuiteFixture.of("soak", MINUTE, slowing().subList(0, 50), growingBy(0));

    // A third of 49 s holds 17 requests.
    assertThat(soak.metric("all", "e2e_p95_drift").value()).isNull();
    assertThat(soak.metric("all", "e2e_p95_drift").notMeasured())
        .contains("fewer than 20 requests");
  }
}
