package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/**
 * With a share p of samples at 1 and the rest at 0, mean = p and s² = p(1 − p) · n ÷ (n − 1), so 1
 * is above mean + 3s exactly if 1 − p > 9p · n ÷ (n − 1): below 10 %, Cantelli's bound.
 */
class SpikeRateTest {
  @Test
  void of_ninePointNinePercentOutliers_countsThemAll() {
    // n = 1,000: 0.901 > 9 × 0.099 × 1000 ÷ 999 = 0.8919.
    assertThat(SpikeRate.of(twoPoints(99, 901))).hasValue(0.099);
  }

  @Test
  void of_tenPointOnePercentOutliers_countsNone() {
    // 0.899 < 9 × 0.101 × 1000 ÷ 999 = 0.9099.
    assertThat(SpikeRate.of(twoPoints(101, 899))).hasValue(0);
  }

  @Test
  void of_outliersInAFoldedDistribution_countsTheSame() {
    Distribution folded = new Distribution("ms", 100);
    folded.accept(10, 901);
    folded.accept(500, 99);
    for (int i = 0; i < 200; i++) {
      folded.add(10);
    }
    // 99 of 1,200 = 8.25 % < 10 %.
    assertThat(folded.isExact()).isFalse();
    assertThat(SpikeRate.of(folded)).hasValue(0.0825);
  }

  @Test
  void robust_countsBothShares_sinceSpikesDoNotMoveTheMedian() {
    // Median 0 and median deviation 0: every sample at 1 is above 0.
    assertThat(SpikeRate.robust(twoPoints(99, 901))).hasValue(0.099);
    assertThat(SpikeRate.robust(twoPoints(101, 899))).hasValue(0.101);
    assertThat(SpikeRate.robust(twoPoints(1, 8))).isEmpty();
  }

  @Test
  void robust_limitIsMedianAndThreeScaledDeviations() {
    // 1 to 9: median 5, distances 0 1 1 2 2 3 3 4 4, their median 2; 5 + 3 × 1.4826 × 2 = 13.8956.
    Distribution latencies = new Distribution("ms");
    for (int i = 1; i <= 9; i++) {
      latencies.add(i);
    }
    assertThat(latencies.medianAbsoluteDeviation()).hasValue(2);
    // With a tenth sample the median is still 5 and the fifth smallest distance 2.
    latencies.add(13.9);
    assertThat(SpikeRate.robust(latencies)).hasValue(0.1);
    Distribution below = new Distribution("ms");
    for (int i = 1; i <= 9; i++) {
      below.add(i);
    }
    below.add(13.8);
    assertThat(SpikeRate.robust(below)).hasValue(0);
  }

  @Test
  void against_steadyLoad_canReachOne() {
    // Steady: 5 at 1 and 5 at 3: mean 2, s² = 10 × 1 ÷ 9, limit 2 + 3 × 1.0541 = 5.1623.
    Distribution steady = new Distribution("ms");
    steady.accept(1, 5);
    steady.accept(3, 5);
    Distribution slow = new Distribution("ms");
    slow.accept(6, 10);
    Distribution half = new Distribution("ms");
    half.accept(5.1, 10);
    half.accept(5.2, 10);
    assertThat(SpikeRate.against(steady, slow)).hasValue(1);
    assertThat(SpikeRate.against(steady, half)).hasValue(0.5);
    assertThat(SpikeRate.against(twoPoints(1, 8), slow)).isEmpty();
  }

  @Test
  void of_nineSamples_isAbsent() {
    assertThat(SpikeRate.of(twoPoints(1, 8))).isEmpty();
  }

  @Test
  void of_tenEqualSamples_isZero() {
    // A threshold equal to every sample: strictly above is none, though a mean of numbers without
    // an exact binary form may come out below them.
    for (int n = 10; n < 200; n++) {
      Distribution equal = new Distribution("ms");
      equal.accept(1.0 / n, n);
      assertThat(SpikeRate.of(equal)).hasValue(0);
    }
  }

  @Property(tries = 200)
  void of_anySamples_neverExceedsTenPercent(
      @ForAll @Size(min = 10, max = 200) List<@DoubleRange(min = 0, max = 10_000) Double> values) {
    Distribution distribution = new Distribution("ms");
    values.forEach(distribution::add);
    assertThat(SpikeRate.of(distribution).orElseThrow()).isLessThanOrEqualTo(SpikeRate.MAX_RATIO);
  }

  private static Distribution twoPoints(int outliers, int others) {
    Distribution distribution = new Distribution("ms");
    for (int i = 0; i < outliers; i++) {
      distribution.add(1);
    }
    for (int i = 0; i < others; i++) {
      distribution.add(0);
    }
    return distribution;
  }
}
