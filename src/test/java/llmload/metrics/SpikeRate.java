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
}
