package llmload.model;

/** The share of graded targets that were met. */
public enum Grade {
  /** At least 90 %. */
  EXCELLENT,
  /** At least 80 %. */
  GOOD,
  /** At least 60 %. */
  ACCEPTABLE,
  /** Less. */
  POOR,
  /** No target could be judged. */
  NOT_GRADED;

  /**
   * The grade of {@code met} out of {@code judged} targets.
   *
   * <p>{@code met ÷ (met + missed)}; whole numbers, so that 9 of 10 is exactly 90 %.
   */
  public static Grade of(int met, int judged) {
    if (judged == 0) {
      return NOT_GRADED;
    }
    long percentTimesJudged = 100L * met;
    if (percentTimesJudged >= 90L * judged) {
      return EXCELLENT;
    }
    if (percentTimesJudged >= 80L * judged) {
      return GOOD;
    }
    return percentTimesJudged >= 60L * judged ? ACCEPTABLE : POOR;
  }

  /** Whether this grade is worse than {@code floor}; a run that is not graded is worse than any. */
  public boolean isWorseThan(Grade floor) {
    return compareTo(floor) > 0;
  }
}
