package llmload.report.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import llmload.model.SlowTime;
import llmload.model.TelemetryReport;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;

/** The field {@code telemetry} of {@code report.json}. */
final class TelemetryNode {
  private TelemetryNode() {}

  static ObjectNode of(TelemetryReport telemetry) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("intervalSeconds", SuiteNode.decimal(telemetry.intervalSeconds()));
    node.put("mostGapSeconds", SuiteNode.decimal(telemetry.mostGapSeconds()));
    node.put("leastCoverageRatio", SuiteNode.decimal(telemetry.leastCoverageRatio()));
    ObjectNode origins = node.putObject("origins");
    telemetry.origins().forEach(origins::put);
    ArrayNode tables = node.putArray("tables");
    telemetry.tables().forEach(table -> tables.add(SuiteNode.table(table)));
    ArrayNode series = node.putArray("series");
    telemetry.series().forEach(numbers -> series.add(series(numbers)));
    ArrayNode remarks = node.putArray("remarks");
    telemetry.remarks().forEach(remarks::add);
    ArrayNode restarts = node.putArray("restarts");
    telemetry.restarts().forEach(restarts::add);
    node.set("slow", slow(telemetry.slow()));
    return node;
  }

  private static ObjectNode slow(SlowTime slow) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("slowSeconds", SuiteNode.decimal(slow.slowSeconds()));
    node.put("judgedSeconds", SuiteNode.decimal(slow.judgedSeconds()));
    ArrayNode stretches = node.putArray("stretches");
    for (SlowTime.Stretch stretch : slow.stretches()) {
      ObjectNode each = stretches.addObject();
      each.put("startSeconds", SuiteNode.decimal(stretch.startSeconds()));
      each.put("endSeconds", SuiteNode.decimal(stretch.endSeconds()));
      each.put("intervalCount", stretch.intervalCount());
      ArrayNode latencies = each.putArray("latencies");
      stretch.latencies().forEach(latencies::add);
      each.put("worstRatio", SuiteNode.decimal(stretch.worstRatio()));
      each.put("cause", stretch.cause());
      each.put("because", stretch.because());
    }
    return node;
  }

  private static ObjectNode series(TelemetrySeries numbers) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", numbers.id());
    node.put("unit", numbers.unit());
    ArrayNode values = node.putArray("values");
    for (@Nullable Double value : numbers.values()) {
      if (value == null || !Double.isFinite(value)) {
        values.addNull();
      } else {
        values.add(SuiteNode.decimal(value));
      }
    }
    return node;
  }
}
