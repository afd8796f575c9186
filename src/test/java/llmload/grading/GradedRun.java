package llmload.grading;

import java.util.List;
import llmload.model.TargetVerdict;
import llmload.model.Verdict;

/**
 * What judging a run comes to.
 *
 * @param targets each target's outcome, in the order of the target file
 * @param verdict validity, grade and exit code
 */
public record GradedRun(List<TargetVerdict> targets, Verdict verdict) {

  /** Copies the list. */
  public GradedRun {
    targets = List.copyOf(targets);
  }
}
