package llmload.report.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmload.model.ResultTable;
import llmload.model.SuiteResult;
import llmload.report.ForeignText;
import llmload.report.SuiteText;
import org.jspecify.annotations.Nullable;

/** A suite's own results as lines of a terminal. */
final class SuiteLines {
  private static final int MOST_CELL_CHARACTERS = 34;

  private SuiteLines() {}

  static List<String> of(@Nullable SuiteResult suite) {
    List<String> lines = new ArrayList<>();
    if (suite == null) {
      return lines;
    }
    for (ResultTable table : suite.tables()) {
      lines.add("  " + ForeignText.name(table.title()));
      lines.addAll(aligned(table));
    }
    suite.remarks().forEach(remark -> lines.add("  remark     " + ForeignText.line(remark, 240)));
    return lines;
  }

  /** Every column as wide as its widest cell; the first one to the left, as it names the row. */
  private static List<String> aligned(ResultTable table) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(SuiteText.heads(table));
    rows.addAll(SuiteText.rows(table));
    int[] widths = new int[table.columns().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cell(row.get(i)).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder("   ");
    for (int i = 0; i < widths.length; i++) {
      String format = " %" + (i == 0 ? "-" : "") + Math.max(1, widths[i]) + "s ";
      line.append(String.format(Locale.ROOT, format, cell(row.get(i))));
    }
    return line.toString().stripTrailing();
  }

  private static String cell(String text) {
    return ForeignText.ascii(
        text.length() <= MOST_CELL_CHARACTERS
            ? text
            : text.substring(0, MOST_CELL_CHARACTERS - 3) + "...");
  }
}
