package llmload.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.jspecify.annotations.Nullable;

/**
 * The stated method of every percentile: nearest rank, with an interval from order statistics.
 *
 * <p>Nothing is interpolated: each percentile and each end of its interval is a sample.
 */
public final class Percentiles {
  /** The confidence of every interval. */
  public static final double CONFIDENCE = 0.95;

  private static final double BOTH_TAILS = 0.05;
  private static final double ONE_TAIL = BOTH_TAILS / 2;

  /** The standard normal distribution's 97.5th percentile. */
  private static final double NORMAL_TAIL = 1.959963984540054;

  /** From here on the normal distribution is the binomial's within a rank or two. */
  private static final long NORMAL_FROM_COUNT = 1_000_000;

  private Percentiles() {}

  /**
   * Two ranks between whose samples a percentile lies with 95 % confidence.
   *
   * @param low rank of the lower end, from 1
   * @param high rank of the upper end, at most the number of samples
   */
  public record RankInterval(long low, long high) {}

  /**
   * The rank, from 1, of the {@code percent}th percentile among {@code count} samples.
   *
   * <p>⌈percent ÷ 100 × count⌉ in decimal arithmetic: in binary the 99.9th of 1,000 would come out
   * as 1,000 instead of 999.
   *
   * @throws IllegalArgumentException if {@code percent} is not above 0 and at most 100, or there is
   *     no sample
   */
  public static long rank(double percent, long count) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "percent: Expecting more than 0 and at most 100. Found: " + percent + ".");
    }
    if (count < 1) {
      throw new IllegalArgumentException(
          "count: Expecting at least one sample. Found: " + count + ".");
    }
    return BigDecimal.valueOf(percent)
        .multiply(BigDecimal.valueOf(count))
        .movePointLeft(2)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  /** The {@code percent}th percentile of samples that are in ascending order. */
  public static double nearestRank(double[] ascending, double percent) {
    return ascending[Math.toIntExact(rank(percent, ascending.length) - 1)];
  }

  /**
   * The ranks of a two-sided 95 % confidence interval; {@code null} if there are too few samples.
   *
   * <p>The number of samples below the true percentile is binomial whatever the distribution's
   * shape (H. A. David, Order Statistics, §7.1), given independent samples. Each tail gets 2.5 %;
   * where the largest sample leaves more than that beyond it, the lower tail gets the rest of the 5
   * %, and the other way round. So an interval exists exactly where smallest to largest has 95 %:
   * from 6 samples for p50, 59 for p95, 299 for p99, 2,995 for p99.9.
   */
  public static @Nullable RankInterval confidenceRanks(double percent, long count) {
    double p = percent / 100;
    double belowSmallest = Math.pow(1 - p, (double) count);
    double aboveLargest = Math.pow(p, (double) count);
    if (count < 1 || belowSmallest + aboveLargest > BOTH_TAILS) {
      return null;
    }
    if (count >= NORMAL_FROM_COUNT) {
      double reach = NORMAL_TAIL * Math.sqrt(count * p * (1 - p));
      return new RankInterval(
          Math.max(1, (long) Math.floor(count * p - reach)),
          Math.min(count, (long) Math.ceil(count * p + reach) + 1));
    }
    BinomialDistribution below = BinomialDistribution.of(Math.toIntExact(count), p);
    long low = 1;
    if (belowSmallest <= ONE_TAIL) {
      double tail = aboveLargest > ONE_TAIL ? BOTH_TAILS - aboveLargest : ONE_TAIL;
      low = Math.max(1, below.inverseCumulativeProbability(tail));
    }
    long high = count;
    if (aboveLargest <= ONE_TAIL) {
      double tail = belowSmallest > ONE_TAIL ? BOTH_TAILS - belowSmallest : ONE_TAIL;
      high = Math.min(count, below.inverseSurvivalProbability(tail) + 1L);
    }
    return new RankInterval(low, high);
  }
}
