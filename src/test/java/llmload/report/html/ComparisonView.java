package llmload.report.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Difference;
import llmload.model.Regression;
import llmload.report.ComparisonText;
import llmload.report.ForeignText;
import org.jspecify.annotations.Nullable;

/** The section on the baseline, as text for {@code comparison.html.peb}. */
final class ComparisonView {
  private ComparisonView() {}

  /** One number beside the baseline's. */
  record Row(
      String verdict,
      String tone,
      String subject,
      String scope,
      String baseline,
      String baselineInterval,
      String current,
      String currentInterval,
      String change,
      String limit,
      String note) {}

  /** One way in which the runs are not alike. */
  record DifferenceRow(String what, String baseline, String current, String effect) {}

  /** What the template shows; {@code compared} is whether there is anything. */
  static Map<String, Object> values(@Nullable BaselineComparison comparison) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("compared", comparison != null);
    List<Row> rows = new ArrayList<>();
    List<DifferenceRow> differences = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    if (comparison != null) {
      comparison.rows().stream().limit(PageView.MOST_ROWS).forEach(row -> rows.add(row(row)));
      comparison.differences().forEach(difference -> differences.add(difference(difference)));
      comparison.reasons().forEach(reason -> reasons.add(ForeignText.message(reason)));
    }
    view.put("baselineName", comparison == null ? "" : ComparisonText.baseline(comparison));
    view.put("comparisons", rows);
    view.put("differences", differences);
    view.put("comparisonReasons", reasons);
    return view;
  }

  private static Row row(Comparison row) {
    return new Row(
        ComparisonText.verdict(row),
        tone(row.verdict()),
        ComparisonText.subject(row),
        ForeignText.name(row.scope()),
        ComparisonText.baseline(row),
        ComparisonText.interval(row.baselineInterval()),
        ComparisonText.current(row),
        ComparisonText.interval(row.currentInterval()),
        ComparisonText.change(row),
        row.limit(),
        ForeignText.message(row.reason()));
  }

  private static String tone(Regression verdict) {
    return switch (verdict) {
      case OK, IMPROVED, NONE -> "good";
      case INCONCLUSIVE -> "doubt";
      case REGRESSION, NOT_COMPARABLE -> "bad";
    };
  }

  private static DifferenceRow difference(Difference difference) {
    return new DifferenceRow(
        ForeignText.name(difference.what()),
        ForeignText.name(difference.baseline()),
        ForeignText.name(difference.current()),
        ComparisonText.effect(difference));
  }
}
