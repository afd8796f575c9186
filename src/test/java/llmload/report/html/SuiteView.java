package llmload.report.html;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import llmload.model.ResultTable;
import llmload.model.RunReport;
import llmload.model.SuiteResult;
import llmload.report.ForeignText;
import llmload.report.SuiteText;

/** A suite's own results, as text. */
final class SuiteView {
  /**
   * One table; {@code leftOut} rows are in report.json only.
   *
   * @param styles of each column: numbers stand to the right, words run from the left and wrap
   */
  record Table(
      String title,
      List<String> heads,
      List<String> styles,
      List<List<String>> rows,
      int leftOut) {}

  private SuiteView() {}

  static void into(Map<String, Object> view, RunReport report) {
    SuiteResult suite = report.suite();
    view.put(
        "suiteTables",
        suite == null ? List.of() : suite.tables().stream().map(SuiteView::table).toList());
    view.put(
        "suiteRemarks",
        suite == null ? List.of() : suite.remarks().stream().map(ForeignText::message).toList());
  }

  static Table table(ResultTable table) {
    return new Table(
        ForeignText.name(table.title()),
        SuiteText.heads(table),
        styles(table),
        SuiteText.rows(table),
        Math.max(0, table.rows().size() - SuiteText.MOST_ROWS));
  }

  private static List<String> styles(ResultTable table) {
    return IntStream.range(0, table.columns().size())
        .mapToObj(
            column ->
                table.rows().stream().anyMatch(row -> row.get(column) instanceof String)
                    ? "note"
                    : "n")
        .toList();
  }
}
