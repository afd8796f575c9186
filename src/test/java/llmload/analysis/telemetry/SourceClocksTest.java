package llmload.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

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
  void measurementsThatAgree_areNoWarning_andTooFewNoDrift() {
    measure(0, -3, 2);
    measure(5, 1, 2);

    assertThat(clocks.warnings()).isEmpty();
    assertThat(clocks.table().rows().get(0).get(4)).isNull();
  }

  @Test
  void otherSamples_areNoClock() {
    clocks.add(new TelemetrySample("telemetry", 0, Map.of("taken_count", 3.0), Map.of("of", "x")));

    assertThat(clocks.table().rows()).isEmpty();
  }
}
