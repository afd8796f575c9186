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
    if (latencies.count() < MIN_COUNT) {
      return OptionalDouble.empty();
    }
    if (latencies.min().equals(latencies.max())) {
      // Rounding may leave the mean of equal numbers one bit below them all.
      return OptionalDouble.of(0);
    }
    double threshold = latencies.mean().orElseThrow() + DEVIATIONS * latencies.std().orElseThrow();
    return OptionalDouble.of((double) latencies.countAbove(threshold) / latencies.count());
  }

  /**
   * The share of {@code latencies} above median + 3 × 1.4826 × median absolute deviation, which
   * spikes themselves do not move; as a ratio, empty below ten samples. 1.4826 makes the deviation
   * that of a normal distribution.
   */
  public static OptionalDouble robust(Distribution latencies) {
    if (latencies.count() < MIN_COUNT) {
      return OptionalDouble.empty();
    }
    double threshold =
        latencies.percentile(50).orElseThrow()
            + DEVIATIONS * NORMAL * latencies.medianAbsoluteDeviation().orElseThrow();
    return OptionalDouble.of((double) latencies.countAbove(threshold) / latencies.count());
  }

  /**
   * The share of {@code latencies} above mean + 3 × sample standard deviation of {@code steady}
   * load; as a ratio, which can reach 1. Empty where either has fewer than ten samples.
   */
  public static OptionalDouble against(Distribution steady, Distribution latencies) {
    if (steady.count() < MIN_COUNT || latencies.count() < MIN_COUNT) {
      return OptionalDouble.empty();
    }
    double threshold =
        steady.min().equals(steady.max())
            ? steady.max().orElseThrow()
            : steady.mean().orElseThrow() + DEVIATIONS * steady.std().orElseThrow();
    return OptionalDouble.of((double) latencies.countAbove(threshold) / latencies.count());
  }
}
