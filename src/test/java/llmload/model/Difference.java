package llmload.model;

/**
 * A way in which two compared runs are not alike.
 *
 * @param what the setting, the part of the target, or the measured number
 * @param baseline the baseline's
 * @param current the run's
 * @param effect what it means for the comparison
 */
public record Difference(String what, String baseline, String current, Effect effect) {

  /** What a difference means for the comparison. */
  public enum Effect {
    /** To be known; what a comparison is often made for. */
    NOTE,
    /** The numbers can be laid side by side, but other work was asked for. */
    WARNING,
    /** Times mean something else on the two sides. */
    OTHER_TIMES,
    /** Nothing can be compared. */
    NOTHING_COMPARABLE
  }
}
