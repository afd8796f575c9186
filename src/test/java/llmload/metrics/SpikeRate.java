package llmload.metrics;

import java.util.OptionalDouble;

/**
 * The share of outliers: samples strictly above mean + 3 × sample standard deviation.
 *
 * <p>By Cantelli's inequality, P(X − μ ≥ kσ) ≤ 1 ÷ (1 + k²), it never exceeds 10 %, whatever the
 * samples; a normal distribution has 0.13 %.
 */
public final class SpikeRate {
  /** Fewer samples than this have no spike rate. */
  public static final int MIN_COUNT = 10;

  /** The largest value that it can have, as a ratio. */
  public static final double MAX_RATIO = 0.1;

  private static final double DEVIATIONS = 3;
  private static final double NORMAL = 1.4826;

  private SpikeRate() {}

  /** The share of {@code latencies} that are spikes, as a ratio; empty below ten samples. */
  public static OptionalDouble of(Distribution latencies) {
    return above(threshold(latencies), latencies);
  }

  /** Mean + 3 × sample standard deviation; empty below ten samples. */
  static OptionalDouble threshold(Distribution latencies) {
    if (latencies.count() < MIN_COUNT) {
      return OptionalDouble.empty();
    }
    // Rounding may leave the mean of equal numbers one bit below them all.
    return latencies.min().equals(latencies.max())
        ? latencies.max()
        : OptionalDouble.of(
            latencies.mean().orElseThrow() + DEVIATIONS * latencies.std().orElseThrow());
  }

  /** Median + 3 × 1.4826 × median absolute deviation; empty below ten samples. */
  static OptionalDouble robustThreshold(Distribution latencies) {
    return latencies.count() < MIN_COUNT
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            latencies.percentile(50).orElseThrow()
                + DEVIATIONS * NORMAL * latencies.medianAbsoluteDeviation().orElseThrow());
  }

  private static OptionalDouble above(OptionalDouble threshold, Distribution latencies) {
    return threshold.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            (double) latencies.countAbove(threshold.getAsDouble()) / latencies.count());
  }

  /**
   * The share of {@code latencies} above median + 3 × 1.4826 × median absolute deviation, which
   * spikes themselves do not move; as a ratio, empty below ten samples. 1.4826 makes the deviation
   * that of a normal distribution.
   */
  public static OptionalDouble robust(Distribution latencies) {
    return above(robustThreshold(latencies), latencies);
  }

  /**
   * The share of {@code latencies} above mean + 3 × sample standard deviation of {@code steady}
   * load; as a ratio, which can reach 1. Empty where either has fewer than ten samples.
   */
  public static OptionalDouble against(Distribution steady, Distribution latencies) {
    return latencies.count() < MIN_COUNT
        ? OptionalDouble.empty()
        : above(threshold(steady), latencies);
  }
}
