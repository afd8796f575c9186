package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import llmload.metrics.timeline.Coverage;
import org.junit.jupiter.api.Test;

class ResourceUseTest {
  private static final long SECOND = 1_000_000_000L;

  private final ResourceUse use = new ResourceUse(new Coverage(4 * SECOND));

  private void sample(String source, double atSeconds, String name, double value, String... label) {
    use.add(SampleFixture.sample(source, atSeconds, name, value, label));
  }

  private void host(double atSeconds, Map<String, Double> values) {
    use.add(SampleFixture.sample("host", atSeconds, values));
  }

  @Test
  void energy_ofCounters_isTheirGrowth_inALineAtBothEnds() {
    for (int t = 0; t <= 10; t += 2) {
      // 100 J a second and 50 J a second: 150 J a second of both.
      sample("gpu", t, "energy_joules", 5000 + 100 * t, "gpu", "0");
      sample("gpu", t, "energy_joules", 50 * t, "gpu", "1");
    }
    assertThat(use.energyJoules(3 * SECOND, 7 * SECOND)).hasValueCloseTo(600.0, within(1e-6));
  }

  @Test
  void energy_ofPower_isItsIntegral() {
    sample("gpu", 0, "power_watts", 100, "gpu", "0");
    sample("gpu", 4, "power_watts", 300, "gpu", "0");
    sample("gpu", 8, "power_watts", 300, "gpu", "0");
    // From 2 s (200 W in a line) to 4 s: 250 W × 2 s; to 6 s: 300 W × 2 s.
    assertThat(use.energyJoules(2 * SECOND, 6 * SECOND)).hasValueCloseTo(1100.0, within(1e-6));
  }

  @Test
  void energy_ofProcessors_countsWhereNoGpuIsAndTheServerIsHere_andNotBeyondItsReadings() {
    sample("host", 1, "energy_joules", 10, "zone", "package-0");
    sample("host", 3, "energy_joules", 30, "zone", "package-0");
    // The processors of this machine say nothing of a server on another.
    assertThat(use.energyJoules(SECOND, 3 * SECOND)).isEmpty();
    sample("process", 1, "rss_bytes", 1, "pid", "1");
    assertThat(use.energyJoules(SECOND, 3 * SECOND)).hasValueCloseTo(20.0, within(1e-9));
    assertThat(use.energyJoules(SECOND, 4 * SECOND)).isEmpty();
    assertThat(use.energyJoules(0, 2 * SECOND)).isEmpty();
  }

  @Test
  void energy_ofACounterThatFell_isNotKnown() {
    sample("gpu", 0, "energy_joules", 500, "gpu", "0");
    sample("gpu", 2, "energy_joules", 10, "gpu", "0");
    assertThat(use.energyJoules(0, 2 * SECOND)).isEmpty();
  }

  @Test
  void memoryAndProcessors_areThoseOfTheWholeHost_withinTheStretch() {
    host(1, Map.of("memory_used_bytes", 3e9, "memory_total_bytes", 10e9, "cpu_busy_ratio", 0.5));
    host(2, Map.of("memory_used_bytes", 4e9, "memory_total_bytes", 10e9, "cpu_busy_ratio", 0.7));
    host(9, Map.of("memory_used_bytes", 9e9, "memory_total_bytes", 10e9));
    sample("host", 1, "cpu_busy_ratio", 1, "core", "0");
    assertThat(use.memoryPeakRatio(SECOND, 3 * SECOND)).hasValueCloseTo(0.4, within(1e-12));
    assertThat(use.memoryMeanRatio(SECOND, 3 * SECOND)).hasValueCloseTo(0.35, within(1e-12));
    assertThat(use.cpuMeanRatio(SECOND, 3 * SECOND)).hasValueCloseTo(0.6, within(1e-12));
    assertThat(use.gpuMeanRatio(SECOND, 3 * SECOND)).isEmpty();
    assertThat(use.energyJoules(SECOND, 3 * SECOND)).isEmpty();
    // One second of three is known, half of them would have to be.
    assertThat(use.memoryPeakRatio(0, 3 * SECOND)).isEmpty();
  }
}
