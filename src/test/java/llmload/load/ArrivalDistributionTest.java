package llmload.load;

import static llmload.load.ArrivalScheduleContract.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.ExponentialDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The random schedules against distribution functions that others wrote. */
class ArrivalDistributionTest {
  private static final int COUNT = 20_000;
  private static final double RATE_PER_SECOND = 50;

  // Kolmogorov's distance of a true sample exceeds 1.95 ÷ √n once in a thousand seeds.
  private static final double KS_LIMIT = 1.95 / Math.sqrt(COUNT);

  private static double[] gapSeconds(ArrivalSchedule schedule) {
    long[] offsets = offsets(schedule, COUNT);
    double[] gaps = new double[COUNT];
    long before = 0;
    for (int i = 0; i < COUNT; i++) {
      gaps[i] = (offsets[i] - before) / 1e9;
      before = offsets[i];
    }
    return gaps;
  }

  private static double ksDistance(double[] sample, ContinuousDistribution expected) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double cdf = expected.cumulativeProbability(sorted[i]);
      distance = Math.max(distance, cdf - (double) i / sorted.length);
      distance = Math.max(distance, (i + 1.0) / sorted.length - cdf);
    }
    return distance;
  }

  /** Correlation of each gap with the next: 0 ± 1 ÷ √n where they are independent. */
  private static double lagCorrelation(double[] gaps) {
    double mean = Arrays.stream(gaps).average().orElseThrow();
    double product = 0;
    double square = 0;
    for (int i = 0; i < gaps.length; i++) {
      square += (gaps[i] - mean) * (gaps[i] - mean);
      if (i > 0) {
        product += (gaps[i] - mean) * (gaps[i - 1] - mean);
      }
    }
    return product / square;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 42, 20_260_101})
  void poissonGaps_areExponentialAndIndependent(long seed) {
    double[] gaps = gapSeconds(Arrivals.poisson(RATE_PER_SECOND, seed));

    assertThat(ksDistance(gaps, ExponentialDistribution.of(1 / RATE_PER_SECOND)))
        .isLessThan(KS_LIMIT);
    // Three and a half standard deviations.
    assertThat(Math.abs(lagCorrelation(gaps))).isLessThan(3.5 / Math.sqrt(COUNT));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 1, 1.5, 4, 100})
  void gammaGaps_haveTheirShapeAndTheRate(double burstiness) {
    double[] gaps = gapSeconds(Arrivals.gamma(RATE_PER_SECOND, burstiness, 7));

    assertThat(
            ksDistance(gaps, GammaDistribution.of(burstiness, 1 / (RATE_PER_SECOND * burstiness))))
        .isLessThan(KS_LIMIT);
    assertThat(Math.abs(lagCorrelation(gaps))).isLessThan(3.5 / Math.sqrt(COUNT));
    // The mean of n gaps is off by 1 ÷ (rate · √(burstiness · n)) per standard deviation.
    double deviation = 1 / (RATE_PER_SECOND * Math.sqrt(burstiness * COUNT));
    assertThat(Arrays.stream(gaps).average().orElseThrow())
        .isBetween(1 / RATE_PER_SECOND - 3.5 * deviation, 1 / RATE_PER_SECOND + 3.5 * deviation);
  }

  @Test
  void gammaVariate_ofASmallShape_isGammaDistributed() {
    // Not by way of a schedule: of these gaps one in seven is below the nanosecond it rounds to.
    GapSource random = new GapSource(7);
    double[] variates = new double[COUNT];
    Arrays.setAll(variates, i -> random.gamma(0.1));

    assertThat(ksDistance(variates, GammaDistribution.of(0.1, 1))).isLessThan(KS_LIMIT);
  }

  @Test
  void otherDistribution_isToldApart() {
    double[] bursty = gapSeconds(Arrivals.gamma(RATE_PER_SECOND, 0.8, 7));

    assertThat(ksDistance(bursty, ExponentialDistribution.of(1 / RATE_PER_SECOND)))
        .isGreaterThan(2 * KS_LIMIT);
  }

  @Test
  void rampedPoisson_onTheBentClock_isExponentialAgain() {
    double rampSeconds = 100;
    long[] offsets =
        offsets(
            Arrivals.rampUp(Arrivals.poisson(RATE_PER_SECOND, 3), Duration.ofSeconds(100)), COUNT);
    double[] gaps = new double[COUNT];
    double before = 0;
    for (int i = 0; i < COUNT; i++) {
      double t = offsets[i] / 1e9;
      // The expected number of arrivals up to t, in seconds of the full rate.
      double u = t < rampSeconds ? t * t / (2 * rampSeconds) : t - rampSeconds / 2;
      gaps[i] = u - before;
      before = u;
    }

    assertThat(ksDistance(gaps, ExponentialDistribution.of(1 / RATE_PER_SECOND)))
        .isLessThan(KS_LIMIT);
  }

  @Test
  void ramp_sendsHalfOfAFullRatesRequestsMeanwhile() {
    // The rate's mean over the ramp is half the full one: 50 ÷ 2 · 100 s = 2,500 arrivals.
    long[] offsets = offsets(Arrivals.ramp(RATE_PER_SECOND, Duration.ofSeconds(100)), 5_000);

    assertThat(Arrays.stream(offsets).filter(offset -> offset < 100_000_000_000L).count())
        .isEqualTo(2_500);
  }
}
