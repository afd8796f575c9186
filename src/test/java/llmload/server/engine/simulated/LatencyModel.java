package llmload.server.engine.simulated;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long the simulated engine takes, as formulas; {@code docs/engines.md} states them.
 *
 * @param prefillTokensPerSecond prompt tokens computed in a second, one prompt after the other;
 *     {@code null} if prompts cost nothing
 * @param ttftBaseNanos what each request takes until its first token besides its prompt
 * @param decodeStepNanos a decode step of one sequence alone
 * @param decodeStepPerSequenceNanos what each further sequence adds to the step
 * @param jitterRatio the standard deviation of the logarithm of a step's noise; 0 for none
 * @param tailRatio the share of steps that are slow
 * @param tailFactorRatio the least factor of a slow step, at least 1
 */
public record LatencyModel(
    @Nullable Double prefillTokensPerSecond,
    long ttftBaseNanos,
    long decodeStepNanos,
    long decodeStepPerSequenceNanos,
    double jitterRatio,
    double tailRatio,
    double tailFactorRatio) {

  /** The shape of the tail, a Pareto distribution: its variance is finite, its kurtosis is not. */
  static final double TAIL_SHAPE = 3;

  private static final double NANOS_PER_SECOND = 1e9;

  /** A prompt's tokens, those from the cache left out. */
  long prefillNanos(int computedTokenCount) {
    return prefillTokensPerSecond == null
        ? 0
        : Math.round(computedTokenCount * NANOS_PER_SECOND / prefillTokensPerSecond);
  }

  /** A decode step, before noise: {@code decodeStep + decodeStepPerSequence * (batch - 1)}. */
  long stepNanos(int batchCount) {
    return decodeStepNanos + decodeStepPerSequenceNanos * (batchCount - 1L);
  }

  /** What a request waits for its first token besides its prompt, with noise. */
  long firstTokenNanos(RandomGenerator random) {
    return noisy(ttftBaseNanos, random);
  }

  /** {@code stepCount} decode steps in a row, with noise on each. */
  long stepsNanos(int batchCount, int stepCount, RandomGenerator random) {
    long step = stepNanos(batchCount);
    long sum = 0;
    for (int i = 0; i < stepCount; i++) {
      sum += noisy(step, random);
    }
    return sum;
  }

  /**
   * {@code nanos} times {@code exp(s z - s^2 / 2)}, whose mean is 1, and in a slow step times
   * {@code f u^(-1/3)} too.
   */
  private long noisy(long nanos, RandomGenerator random) {
    double factor = 1;
    if (jitterRatio > 0) {
      factor = Math.exp(jitterRatio * random.nextGaussian() - jitterRatio * jitterRatio / 2);
    }
    if (tailRatio > 0 && random.nextDouble() < tailRatio) {
      factor *= tailFactorRatio * Math.pow(1 - random.nextDouble(), -1 / TAIL_SHAPE);
    }
    return factor == 1 ? nanos : Math.round(nanos * factor);
  }
}
