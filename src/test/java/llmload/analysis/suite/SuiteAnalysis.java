package llmload.analysis.suite;

import java.util.List;
import llmload.model.RequestRecord;
import llmload.model.RunMeasurements;
import llmload.model.SuiteResult;
import llmload.model.TargetVerdict;
import llmload.model.TelemetrySample;
import llmload.model.Verdict;

/**
 * What one suite makes of its own records: speed-ups between its parts, fits, breaking points.
 *
 * <p>Takes every record and sample of the journal, warm-up included, in any order, then finishes
 * once. One thread. Memory must not grow with the number of requests by more than a number or two
 * each.
 */
public interface SuiteAnalysis {
  /** Takes one request. */
  void accept(RequestRecord request);

  /** Takes one telemetry sample, of whatever source. */
  default void accept(TelemetrySample sample) {}

  /** What the suite comes to; {@code run} holds the metrics of each of its request names. */
  SuiteResult finish(RunMeasurements run);

  /** The result with what the verdict adds to it: a grade of the suite's own, recommendations. */
  default SuiteResult assess(SuiteResult result, List<TargetVerdict> targets, Verdict verdict) {
    return result;
  }
}
