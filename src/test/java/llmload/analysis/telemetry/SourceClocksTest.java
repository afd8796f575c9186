package llmload.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceClocksTest {
  private final SourceClocks clocks = new SourceClocks();

  private void measure(long seconds, double offset, double uncertainty) {
    clocks.add(
        new TelemetrySample(
            "telemetry",
            seconds * 1_000_000_000L,
            Map.of("clock_offset_ms", offset, "clock_uncertainty_ms", uncertainty),
            Map.of("of", "prometheus")));
  }

  @Test
  void clockThatDrifts_isShownAndTold() {
    measure(0, 90_000, 2);
    measure(1_800, 90_010, 1);
    measure(3_600, 90_020, 2);

    // The one measured best, and 20 ms in an hour.
    assertThat(clocks.table().rows())
        .containsExactly(List.of("prometheus", 3L, 90_010.0, 1.0, 20.0));
    assertThat(clocks.warnings())
        .singleElement()
        .asString()
        .startsWith("The clock of prometheus moved 20.0 ms");
  }

  @Test
  void measurementsThatAgree_areNoWarning_andNoDrift() {
    measure(0, -3, 2);
    measure(5, 1, 2);

    assertThat(clocks.warnings()).isEmpty();
    assertThat(drift()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"60, 3.9,", "60, 4.1, 246", "60, -4.1, -246", "3600, 3.9,", "3600, 4.1, 4.1"})
  void driftOfTwoMeasurements_isToldBeyondTwiceTheUncertaintyByTheSpan(
      long span, double moved, @Nullable Double expected) {
    measure(100, 7, 2);
    measure(100 + span, 7 + moved, 2);

    // 2 × 2 ms in a minute are 240 ms/h, and in an hour 4 ms/h.
    if (expected == null) {
      assertThat(drift()).isNull();
    } else {
      assertThat((Double) drift()).isCloseTo(expected, within(1e-6));
    }
  }

  @ParameterizedTest
  @CsvSource({"11.9, false", "12.1, true"})
  void driftOfFiveMeasurements_isToldBeyondWhatTheirErrorsCanMake(double perHour, boolean told) {
    // An hour in quarters, ±5 ms: Σ|d|u = (0.5 + 0.25 + 0 + 0.25 + 0.5) × 5 = 7.5, and
    // Σd² = 2 × (0.25 + 0.0625) = 0.625, so at most 12 ms/h. Each is on a line but the middle one,
    // which is as far from it as it may be, and turns nothing as its d is 0.
    for (int quarter = 0; quarter <= 4; quarter++) {
      double line = perHour * quarter / 4;
      measure(900L * quarter, quarter == 2 ? line + 5 : line, 5);
    }

    assertThat(drift() != null).isEqualTo(told);
  }

  @Test
  void oneMeasurement_hasNoDrift() {
    measure(0, 90_000, 2);

    assertThat(drift()).isNull();
  }

  private @Nullable Object drift() {
    return clocks.table().rows().get(0).get(4);
  }

  @Test
  void otherSamples_areNoClock() {
    clocks.add(new TelemetrySample("telemetry", 0, Map.of("taken_count", 3.0), Map.of("of", "x")));

    assertThat(clocks.table().rows()).isEmpty();
  }
}
