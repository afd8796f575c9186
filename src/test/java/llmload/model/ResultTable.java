package llmload.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of a suite's own results: what no single request and no metric of a scope says.
 *
 * @param id the word that names it in {@code report.json}
 * @param title what it shows, in a few words
 * @param columns what each cell of a row is, with its unit where it has one
 * @param rows the cells: {@link String}, {@link Number} or {@link Boolean}; {@code null} is not
 *     measured
 */
public record ResultTable(
    String id, String title, List<Column> columns, List<List<@Nullable Object>> rows) {

  /**
   * One column.
   *
   * @param name the field's name in {@code report.json}
   * @param unit its unit; empty for words
   */
  public record Column(String name, String unit) {}

  /**
   * Copies both lists.
   *
   * @throws IllegalArgumentException if a row has not one cell a column
   */
  public ResultTable {
    columns = List.copyOf(columns);
    List<List<@Nullable Object>> copy = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "Table " + id + ": " + row.size() + " cells for " + columns.size() + " columns.");
      }
      copy.add(Collections.unmodifiableList(new ArrayList<>(row)));
    }
    rows = Collections.unmodifiableList(copy);
  }

  /** The same without the columns of which no cell is known. */
  public ResultTable withoutEmptyColumns() {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      if (rows.stream().anyMatch(row -> row.get(column) != null)) {
        kept.add(i);
      }
    }
    List<List<@Nullable Object>> cells = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      List<@Nullable Object> known = new ArrayList<>();
      kept.forEach(i -> known.add(row.get(i)));
      cells.add(known);
    }
    return new ResultTable(id, title, kept.stream().map(columns::get).toList(), cells);
  }

  /** Columns from pairs of name and unit: {@code columns("agents", "", "tps", "tok/s")}. */
  public static List<Column> columns(String... namesAndUnits) {
    if (namesAndUnits.length % 2 != 0) {
      throw new IllegalArgumentException("Expecting a unit for each name.");
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < namesAndUnits.length; i += 2) {
      columns.add(new Column(namesAndUnits[i], namesAndUnits[i + 1]));
    }
    return columns;
  }
}
