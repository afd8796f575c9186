package llmload.report;

import java.util.ArrayList;
import java.util.List;
import llmload.model.ResultTable;
import org.jspecify.annotations.Nullable;

/** A suite's tables in words. */
public final class SuiteText {
  /** The most rows that a report for people shows; {@code report.json} has all. */
  public static final int MOST_ROWS = 60;

  private SuiteText() {}

  /** The heads of a table's columns, {@code ttft (ms)}. */
  public static List<String> heads(ResultTable table) {
    return table.columns().stream().map(column -> ForeignText.name(head(column))).toList();
  }

  private static String head(ResultTable.Column column) {
    return column.unit().isEmpty() ? column.name() : column.name() + " (" + column.unit() + ")";
  }

  /** The first {@link #MOST_ROWS} rows as text; {@link Figures#ABSENT} is not measured. */
  public static List<List<String>> rows(ResultTable table) {
    List<List<String>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : table.rows()) {
      if (rows.size() == MOST_ROWS) {
        break;
      }
      List<String> cells = new ArrayList<>();
      for (Object cell : row) {
        cells.add(cell(cell));
      }
      rows.add(cells);
    }
    return rows;
  }

  private static String cell(@Nullable Object cell) {
    if (cell instanceof Integer || cell instanceof Long) {
      return Figures.count(((Number) cell).longValue());
    }
    if (cell instanceof Number number) {
      return Figures.of(number.doubleValue());
    }
    if (cell instanceof Boolean yes) {
      return yes ? "yes" : "no";
    }
    return cell == null ? Figures.ABSENT : ForeignText.name(cell.toString());
  }
}
