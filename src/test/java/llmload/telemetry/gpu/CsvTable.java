package llmload.telemetry.gpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a command-line tool whose columns are found by name, the unit left out: {@code power.draw
 * [W]} is {@code power.draw}. A cell is a number with or without its unit, or it is missing,
 * however the tool says so.
 */
final class CsvTable {
  private static final Pattern NUMBER =
      Pattern.compile("(-?[0-9]+(?:\\.[0-9]+)?)(?: ?[A-Za-z%/]+)?");
  private static final String SEPARATOR = "\\s*,\\s*";

  private final Map<String, Integer> columns = new HashMap<>();

  /** A table with this header. */
  CsvTable(String header) {
    this(List.of(header.strip().split(SEPARATOR, -1)));
  }

  /** A table whose columns are known from what was asked for. */
  CsvTable(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      int unit = names.get(i).indexOf(" [");
      columns.putIfAbsent(unit < 0 ? names.get(i) : names.get(i).substring(0, unit), i);
    }
  }

  /** One row. */
  Row row(String line) {
    return new Row(columns, List.of(line.strip().split(SEPARATOR, -1)));
  }

  /** The cells of one row by column. */
  record Row(Map<String, Integer> columns, List<String> cells) {
    /** The text of the first of these columns that there is; {@code null} if there is none. */
    @Nullable String text(String... names) {
      for (String name : names) {
        Integer column = columns.get(name);
        if (column != null && column < cells.size()) {
          return cells.get(column);
        }
      }
      return null;
    }

    /** The number in it times {@code factor}; {@code null} if the cell holds none. */
    @Nullable Double number(double factor, String... names) {
      String text = text(names);
      Matcher number = NUMBER.matcher(text == null ? "" : text);
      return number.matches() ? Double.valueOf(Double.parseDouble(number.group(1)) * factor) : null;
    }
  }
}
