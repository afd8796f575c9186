package llmload.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import llmload.metrics.Percentiles.RankInterval;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentilesTest {
  @ParameterizedTest
  @CsvSource({
    // ⌈p ÷ 100 × n⌉ by hand; the first three come out one too high in binary arithmetic.
    "99.9, 1000, 999",
    "99.9, 10000, 9990",
    "55, 100, 55",
    "50, 1, 1",
    "50, 2, 1",
    "50, 3, 2",
    "99, 100, 99",
    "99, 101, 100",
    "0.0001, 5, 1",
    "100, 7, 7",
  })
  void rank_percentAndCount_isCeilingOfShare(double percent, long count, long rank) {
    assertThat(Percentiles.rank(percent, count)).isEqualTo(rank);
  }

  @Test
  void rank_noSampleOrNoPercent_throws() {
    assertThatThrownBy(() -> Percentiles.rank(50, 0)).hasMessageContaining("Found: 0.");
    assertThatThrownBy(() -> Percentiles.rank(0, 5)).hasMessageContaining("Found: 0.0.");
    assertThatThrownBy(() -> Percentiles.rank(Double.NaN, 5)).hasMessageContaining("Found: NaN.");
  }

  @Test
  void nearestRank_tenSamples_isASampleAndNotBetween() {
    double[] ascending = {1, 2, 3, 4, 5, 6, 7, 8, 9, 100};
    assertThat(Percentiles.nearestRank(ascending, 50)).isEqualTo(5);
    assertThat(Percentiles.nearestRank(ascending, 90)).isEqualTo(9);
    assertThat(Percentiles.nearestRank(ascending, 95)).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    // Smallest n with pⁿ + (1 − p)ⁿ ≤ 0.05: 2 × 0.5⁶ = 0.031; 0.9²⁹ = 0.047; 0.95⁵⁹ = 0.0485;
    // 0.99²⁹⁹ = 0.0495; 0.999²⁹⁹⁵ = 0.04997.
    "50, 6",
    "90, 29",
    "95, 59",
    "99, 299",
    "99.9, 2995",
  })
  void confidenceRanks_smallestCount_existsThereAndNotBelow(double percent, long count) {
    assertThat(Percentiles.confidenceRanks(percent, count - 1)).isNull();
    RankInterval ranks = Percentiles.confidenceRanks(percent, count);
    assertThat(ranks).isNotNull();
    assertThat(ranks.high()).isEqualTo(count);
  }

  @Test
  void confidenceRanks_noSample_isAbsent() {
    assertThat(Percentiles.confidenceRanks(50, 0)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "99, 1000, 983, 997",
    "99, 5000, 4936, 4964",
    "99, 10000, 9880, 9920",
    "50, 6, 1, 6",
  })
  void confidenceRanks_publishedCounts_equalPublishedRanks(
      double percent, long count, long low, long high) {
    assertThat(Percentiles.confidenceRanks(percent, count)).isEqualTo(new RankInterval(low, high));
  }

  @Property(tries = 200)
  void confidenceRanks_anyCount_coverNinetyFivePercentAndNoRankLess(
      @ForAll @IntRange(min = 6, max = 3_000) int count) {
    for (double percent : new double[] {50, 95, 99, 1}) {
      RankInterval ranks = Percentiles.confidenceRanks(percent, count);
      if (ranks == null) {
        continue;
      }
      double[] pmf = binomial(count, percent / 100);
      // The percentile lies between the two samples if at least `low` and fewer than `high`
      // samples are below it.
      double covered = sum(pmf, Math.toIntExact(ranks.low()), Math.toIntExact(ranks.high()) - 1);
      assertThat(covered).isGreaterThanOrEqualTo(0.95 - 1e-12);
      // Each tail is as full as it may be: one rank further in and it holds more than 2.5 %.
      if (ranks.low() > 1) {
        double tail = 1 - sum(pmf, Math.toIntExact(ranks.low()) + 1, count);
        double left = 0.05 - sum(pmf, count, count);
        assertThat(tail).isGreaterThan(Math.min(0.025, left) - 1e-12);
      }
    }
  }

  @Test
  void confidenceRanks_millionSamples_agreeWithTheBinomialJustBelow() {
    RankInterval exact = requireNonNull(Percentiles.confidenceRanks(99, 999_999));
    RankInterval normal = requireNonNull(Percentiles.confidenceRanks(99, 1_000_000));
    assertThat(normal.low()).isBetween(exact.low() - 2, exact.low() + 3);
    assertThat(normal.high()).isBetween(exact.high() - 2, exact.high() + 3);
  }

  /** P(B = k) for k from 0, by the ratio of neighbours outwards from the mode. */
  private static double[] binomial(int n, double p) {
    double[] weight = new double[n + 1];
    int mode = (int) Math.floor((n + 1) * p);
    weight[mode] = 1;
    for (int k = mode + 1; k <= n; k++) {
      weight[k] = weight[k - 1] * (n - k + 1) / k * p / (1 - p);
    }
    for (int k = mode - 1; k >= 0; k--) {
      weight[k] = weight[k + 1] * (k + 1) / (n - k) * (1 - p) / p;
    }
    double total = Arrays.stream(weight).sum();
    return Arrays.stream(weight).map(w -> w / total).toArray();
  }

  private static double sum(double[] pmf, int from, int to) {
    return Arrays.stream(pmf, from, to + 1).sum();
  }
}
