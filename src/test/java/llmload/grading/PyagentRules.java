package llmload.grading;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.Comparison;
import llmload.model.Regression;
import llmload.model.RunSnapshot;

/**
 * PyAgent's rule: the mean of {@code tokens_per_second} (total tokens ÷ duration) over successful
 * requests; a regression below −5 %, an improvement above +5 %, both strictly.
 */
final class PyagentRules {
  /** The mean over successful requests. */
  static final String AVG_TPS = "avg_tps";

  private static final double PERCENT = 5;

  private PyagentRules() {}

  static ComparedNumbers compare(RunSnapshot baseline, RunSnapshot current) {
    Change change = Change.of(AVG_TPS, baseline, current);
    boolean worse = change.isBelow(-PERCENT);
    Regression verdict =
        worse
            ? Regression.REGRESSION
            : change.isAbove(PERCENT) ? Regression.IMPROVED : Regression.OK;
    Comparison row = change.row(AVG_TPS, "mean", "tok/s", "below -5 %", verdict);
    Map<String, Object> result = new LinkedHashMap<>();
    Double percent = change.percent();
    if (percent != null && row.baseline() != null && row.current() != null) {
      result.put("baseline_avg_tps", row.baseline());
      result.put("current_avg_tps", row.current());
      result.put("improvement_percent", percent);
      result.put("regression", worse);
    }
    return new ComparedNumbers(List.of(row), result);
  }
}
