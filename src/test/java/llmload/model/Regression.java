package llmload.model;

/** The outcome of a comparison with a baseline. */
public enum Regression {
  /** No baseline was named. */
  NONE,
  /** Better by more than the smallest effect that counts. */
  IMPROVED,
  /** No worse than the smallest effect that counts. */
  OK,
  /** The runs are too noisy or too short to tell. */
  INCONCLUSIVE,
  /** Worse by more than the smallest effect that counts. */
  REGRESSION,
  /** The runs measured different things. */
  NOT_COMPARABLE
}
