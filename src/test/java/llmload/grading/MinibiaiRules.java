package llmload.grading;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.Comparison;
import llmload.model.Regression;
import llmload.model.RunSnapshot;

/**
 * mini-biai-1's rule: tokens per second below −10 %, or retrieval p95 above +10 %, both strictly.
 * Its dashboard's alert has the same threshold on tokens per second.
 */
final class MinibiaiRules {
  /** The suite's result of tokens per second. */
  static final String THROUGHPUT = "token_throughput";

  /** The suite's result of retrieval. */
  static final String RETRIEVAL = "retrieval_performance";

  /** Key of the number behind {@link #THROUGHPUT}. */
  static final String TOK_S = "tok_s";

  /** Key of the number behind {@link #RETRIEVAL}. */
  static final String P95_MS = "p95_ms";

  private static final double PERCENT = 10;

  private MinibiaiRules() {}

  static ComparedNumbers compare(RunSnapshot baseline, RunSnapshot current) {
    Change speed = Change.of(TOK_S, baseline, current);
    Change retrieval = Change.of(P95_MS, baseline, current);
    Comparison speedRow =
        speed.row(
            THROUGHPUT, "mean", "tok/s", "below -10 %", regressionIf(speed.isBelow(-PERCENT)));
    Comparison retrievalRow =
        retrieval.row(
            RETRIEVAL, "p95", "ms", "above +10 %", regressionIf(retrieval.isAbove(PERCENT)));
    Map<String, Object> analysis = new LinkedHashMap<>();
    part(speedRow, TOK_S, speed, analysis);
    part(retrievalRow, P95_MS, retrieval, analysis);
    if (analysis.isEmpty()) {
      return new ComparedNumbers(List.of(speedRow, retrievalRow), Map.of());
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("regression_threshold_percent", PERCENT);
    result.put("regression_analysis", analysis);
    boolean slower = speedRow.verdict() == Regression.REGRESSION;
    result.put("regression_detected", slower || retrievalRow.verdict() == Regression.REGRESSION);
    if (slower) {
      Map<String, Object> alert = new LinkedHashMap<>();
      alert.put("type", "regression_token_throughput");
      alert.put("severity", "warning");
      alert.put("message", "tokens per second fell by more than 10 % against the baseline");
      result.put("alerts", List.of(alert));
    }
    return new ComparedNumbers(List.of(speedRow, retrievalRow), result);
  }

  private static Regression regressionIf(boolean worse) {
    return worse ? Regression.REGRESSION : Regression.OK;
  }

  private static void part(
      Comparison row, String key, Change change, Map<String, Object> analysis) {
    Double percent = change.percent();
    if (percent == null || row.baseline() == null || row.current() == null) {
      return;
    }
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("baseline_" + key, row.baseline());
    part.put("current_" + key, row.current());
    part.put("change_percent", percent);
    part.put("regression_detected", row.verdict() == Regression.REGRESSION);
    analysis.put(row.metric(), part);
  }
}
