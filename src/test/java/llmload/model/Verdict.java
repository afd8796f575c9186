package llmload.model;

import java.util.List;

/**
 * What a run comes to.
 *
 * @param validity whether its numbers can be believed
 * @param validityReasons why not, one sentence each; empty when VALID
 * @param grade the share of targets met
 * @param targetsMet targets met
 * @param targetsTotal targets met or missed
 * @param regression the comparison with the baseline
 * @param exitCode the exit code of the command line, and of the run
 * @param failures why the exit code is not 0, one sentence each
 */
public record Verdict(
    Validity validity,
    List<String> validityReasons,
    Grade grade,
    int targetsMet,
    int targetsTotal,
    Regression regression,
    int exitCode,
    List<String> failures) {

  /** Copies the lists. */
  public Verdict {
    validityReasons = List.copyOf(validityReasons);
    failures = List.copyOf(failures);
  }
}
