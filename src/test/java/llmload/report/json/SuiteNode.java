package llmload.report.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import llmload.model.ResultTable;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/** The field {@code suite} of {@code report.json}. */
final class SuiteNode {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private SuiteNode() {}

  static @Nullable ObjectNode of(@Nullable SuiteResult suite) {
    if (suite == null) {
      return null;
    }
    ObjectNode node = NODES.objectNode();
    node.put("name", suite.suite());
    ArrayNode tables = node.putArray("tables");
    suite.tables().forEach(table -> tables.add(table(table)));
    ArrayNode remarks = node.putArray("remarks");
    suite.remarks().forEach(remarks::add);
    return node;
  }

  static ObjectNode table(ResultTable table) {
    ObjectNode node = NODES.objectNode();
    node.put("id", table.id());
    node.put("title", table.title());
    ObjectNode units = node.putObject("units");
    table.columns().forEach(column -> units.put(JsonReport.key(column.name()), column.unit()));
    ArrayNode rows = node.putArray("rows");
    for (List<@Nullable Object> row : table.rows()) {
      ObjectNode fields = rows.addObject();
      for (int i = 0; i < row.size(); i++) {
        cell(fields, JsonReport.key(table.columns().get(i).name()), row.get(i));
      }
    }
    return node;
  }

  private static void cell(ObjectNode fields, String name, @Nullable Object cell) {
    if (cell instanceof Integer || cell instanceof Long) {
      fields.put(name, ((Number) cell).longValue());
    } else if (cell instanceof Number number) {
      double value = number.doubleValue();
      fields.put(name, Double.isFinite(value) ? decimal(value) : null);
    } else if (cell instanceof Boolean yes) {
      fields.put(name, yes);
    } else {
      fields.put(name, cell == null ? null : cell.toString());
    }
  }

  static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros();
  }
}
