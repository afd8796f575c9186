package llmload.report;

import llmload.model.ExitCode;
import llmload.model.Regression;
import llmload.model.RunCounts;
import llmload.model.RunReport;
import llmload.model.TargetVerdict;
import llmload.model.Verdict;

/**
 * A run in one word and one or two sentences.
 *
 * @param word {@code PASS}, {@code FAIL} or {@code INTERRUPTED}
 * @param sentence what it comes to, without the word
 */
public record Headline(String word, String sentence) {

  /** The headline of {@code report}. */
  public static Headline of(RunReport report) {
    Verdict verdict = report.verdict();
    String word =
        switch (verdict.exitCode()) {
          case ExitCode.PASS -> "PASS";
          case ExitCode.SIGINT, ExitCode.SIGTERM -> "INTERRUPTED";
          default -> "FAIL";
        };
    return new Headline(word, sentence(report));
  }

  /** The targets that count and had no clear answer. */
  public static long unclearCount(RunReport report) {
    return report.targets().stream()
        .filter(verdict -> verdict.target().graded())
        .map(TargetVerdict::result)
        .filter(
            result ->
                result == TargetVerdict.Result.NO_DATA
                    || result == TargetVerdict.Result.INCONCLUSIVE)
        .count();
  }

  private static String sentence(RunReport report) {
    Verdict verdict = report.verdict();
    RunCounts counts = report.measurements().counts();
    StringBuilder sentence = new StringBuilder();
    if (counts.okCount() == 0 && counts.failedCount() > 0) {
      sentence.append("Nothing succeeded. ");
    }
    sentence.append(
        switch (verdict.validity()) {
          case VALID -> targets(report) + " Nothing speaks against the numbers.";
          case DEGRADED -> targets(report) + " The numbers are usable, with doubts.";
          case INVALID -> "The numbers cannot be trusted. " + targets(report);
          case PARTIAL -> "The run ended early: its numbers are a part. " + targets(report);
          case NO_DATA -> "Nothing was measured.";
        });
    if (verdict.regression() != Regression.NONE) {
      sentence.append(" Against the baseline: ").append(verdict.regression()).append('.');
    }
    return sentence.toString();
  }

  private static String targets(RunReport report) {
    Verdict verdict = report.verdict();
    long unclear = unclearCount(report);
    String coverage = unclear == 0 ? "" : ", " + unclear + " without a clear answer";
    return verdict.targetsTotal() == 0
        ? "No target was judged" + coverage + "."
        : "%s of %s targets met (%s)%s."
            .formatted(verdict.targetsMet(), verdict.targetsTotal(), verdict.grade(), coverage);
  }
}
