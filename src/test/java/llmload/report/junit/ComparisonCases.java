package llmload.report.junit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Regression;
import llmload.model.RunReport;
import llmload.report.ComparisonText;
import llmload.report.junit.CaseElement.State;

/** The test cases of a comparison with a baseline: one for the whole, one a number. */
final class ComparisonCases {
  private ComparisonCases() {}

  /** The cases; none where no baseline was named. */
  static List<CaseElement> of(RunReport report) {
    Regression regression = report.verdict().regression();
    BaselineComparison comparison = report.comparison();
    if (regression == Regression.NONE) {
      return List.of();
    }
    List<CaseElement> cases = new ArrayList<>();
    cases.add(whole(regression, comparison == null ? List.of() : comparison.reasons()));
    if (comparison != null) {
      comparison.rows().forEach(row -> cases.add(one(row)));
    }
    return cases;
  }

  private static CaseElement whole(Regression regression, List<String> reasons) {
    State state = state(regression);
    String message = "against the baseline: " + regression;
    return new CaseElement(
        "llmload.regression",
        "regression",
        state,
        state == State.PASSED ? null : String.join(" ", message, String.join(" ", reasons)).strip(),
        "",
        Map.of("regression", regression.name()));
  }

  private static CaseElement one(Comparison row) {
    boolean nowhere = row.baseline() == null && row.current() == null;
    State state = nowhere ? State.SKIPPED : state(row.verdict());
    String told =
        ComparisonText.verdict(row)
            + ": "
            + ComparisonText.baseline(row)
            + " in the baseline, "
            + ComparisonText.current(row)
            + " now, change "
            + ComparisonText.change(row)
            + ", limit "
            + row.limit()
            + (row.reason() == null ? "" : "; " + row.reason());
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("regression", row.verdict().name());
    if (row.status() != null) {
      properties.put("status", row.status());
    }
    return new CaseElement(
        "llmload.regression." + row.scope(),
        ComparisonText.subject(row),
        state,
        state == State.PASSED ? null : told,
        told,
        properties);
  }

  private static State state(Regression regression) {
    return switch (regression) {
      case NONE, IMPROVED, OK -> State.PASSED;
      case INCONCLUSIVE -> State.SKIPPED;
      case NOT_COMPARABLE -> State.ERROR;
      case REGRESSION -> State.FAILURE;
    };
  }
}
