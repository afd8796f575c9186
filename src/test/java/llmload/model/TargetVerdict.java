package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of one target.
 *
 * @param target the limit
 * @param measured the measured value in the target's unit; {@code null} where there is none
 * @param result the outcome
 * @param marginRatio how far inside (positive) or outside (negative) the limit, as a share of the
 *     limit; {@code null} where it cannot be told
 * @param sampleCount the number of samples behind {@code measured}
 * @param reason why there is no clear answer; {@code null} where there is one
 */
public record TargetVerdict(
    Target target,
    @Nullable Double measured,
    Result result,
    @Nullable Double marginRatio,
    long sampleCount,
    @Nullable String reason) {

  /** The four outcomes of a target. */
  public enum Result {
    /** The measured value keeps the limit. */
    MET,
    /** It does not. */
    MISSED,
    /** Nothing was measured. */
    NO_DATA,
    /** Too few samples to say. */
    INCONCLUSIVE
  }
}
