package llmload.metrics;

import llmload.model.Interval;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/** Differences of two measurements of the same thing, with 95 % intervals. */
public final class PairedDifference {
  private static final double UPPER_TAIL = 0.975;
  private static final double Z =
      NormalDistribution.of(0, 1).inverseCumulativeProbability(UPPER_TAIL);

  private PairedDifference() {}

  /**
   * The 95 % interval of the mean of paired differences, by Student's t: mean ± t(0.975, n − 1) × s
   * ÷ √n.
   *
   * @param differences the samples
   * @param unit their unit
   * @return {@code null} below two differences
   */
  public static @Nullable Interval ofMean(Distribution differences, String unit) {
    long count = differences.count();
    if (count < 2) {
      return null;
    }
    double half =
        TDistribution.of((double) (count - 1)).inverseCumulativeProbability(UPPER_TAIL)
            * differences.std().orElseThrow()
            / Math.sqrt((double) count);
    double mean = differences.mean().orElseThrow();
    return new Interval(mean - half, mean + half, unit);
  }

  /**
   * How two shares of the same pairs differ.
   *
   * @param bothCount pairs in which both halves have the property
   * @param firstOnlyCount pairs in which only the first has it
   * @param secondOnlyCount pairs in which only the second has it
   * @param neitherCount pairs in which neither has it
   */
  public record Shares(
      long bothCount, long firstOnlyCount, long secondOnlyCount, long neitherCount) {

    /** All pairs. */
    public long pairCount() {
      return bothCount + firstOnlyCount + secondOnlyCount + neitherCount;
    }

    /** The first share − the second. */
    public double differenceRatio() {
      return (firstOnlyCount - secondOnlyCount) / (double) pairCount();
    }

    /**
     * Its 95 % interval by R. G. Newcombe's method 10 (Statistics in Medicine 17, 1998): the Wilson
     * intervals of both shares, joined by their correlation, which is corrected for continuity.
     *
     * @return {@code null} without pairs
     */
    public @Nullable Interval interval() {
      long pairs = pairCount();
      if (pairs == 0) {
        return null;
      }
      double first = (bothCount + firstOnlyCount) / (double) pairs;
      double second = (bothCount + secondOnlyCount) / (double) pairs;
      Interval a = wilson(first, pairs);
      Interval b = wilson(second, pairs);
      double phi = correlation();
      double down = joined(first - a.low(), b.high() - second, phi);
      double up = joined(second - b.low(), a.high() - first, phi);
      return new Interval(differenceRatio() - down, differenceRatio() + up, "ratio");
    }

    private double correlation() {
      double margins =
          Math.sqrt((double) (bothCount + firstOnlyCount) * (secondOnlyCount + neitherCount))
              * Math.sqrt((double) (bothCount + secondOnlyCount) * (firstOnlyCount + neitherCount));
      if (margins == 0) {
        return 0;
      }
      double product =
          (double) bothCount * neitherCount - (double) firstOnlyCount * secondOnlyCount;
      double corrected = product > 0 ? Math.max(product - pairCount() / 2.0, 0) : product;
      return corrected / margins;
    }

    private static double joined(double own, double other, double phi) {
      return Math.sqrt(Math.max(0, own * own - 2 * phi * own * other + other * other));
    }

    private static Interval wilson(double share, long count) {
      double z2 = Z * Z;
      double middle = (2 * count * share + z2) / (2 * (count + z2));
      double half = Z * Math.sqrt(z2 + 4 * count * share * (1 - share)) / (2 * (count + z2));
      return new Interval(middle - half, middle + half, "ratio");
    }
  }
}
