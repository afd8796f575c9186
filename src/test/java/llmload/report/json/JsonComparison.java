package llmload.report.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Difference;
import llmload.model.Interval;
import llmload.model.RunSnapshot;
import org.jspecify.annotations.Nullable;

/** The fields {@code baseline} and {@code comparisons} of {@code report.json}. */
final class JsonComparison {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonComparison() {}

  static ObjectNode baseline(BaselineComparison comparison) {
    RunSnapshot baseline = comparison.baseline();
    ObjectNode node = NODES.objectNode();
    node.put("name", baseline.name());
    node.put("format", baseline.format());
    node.put("policy", comparison.policy());
    node.put("runId", baseline.runId());
    node.put("startedAt", text(baseline.startedAt()));
    node.put("updatedAt", text(baseline.updatedAt()));
    node.put("gitCommit", baseline.gitCommit());
    node.put("simulated", baseline.simulated());
    node.put("validity", text(baseline.validity()));
    ArrayNode reasons = node.putArray("reasons");
    comparison.reasons().forEach(reasons::add);
    ArrayNode differences = node.putArray("differences");
    comparison.differences().forEach(difference -> differences.add(difference(difference)));
    node.set("suiteResult", tree(comparison.suiteResult()));
    return node;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static ObjectNode difference(Difference difference) {
    return NODES
        .objectNode()
        .put("what", difference.what())
        .put("baseline", difference.baseline())
        .put("current", difference.current())
        .put("effect", difference.effect().name());
  }

  static ObjectNode row(Comparison row) {
    ObjectNode node = NODES.objectNode();
    node.put("scope", row.scope());
    node.put("metric", row.metric());
    node.put("statistic", row.statistic());
    node.put("unit", row.unit());
    node.set("baseline", number(row.baseline()));
    node.set("current", number(row.current()));
    node.set("baselineCi95", interval(row.baselineInterval()));
    node.set("currentCi95", interval(row.currentInterval()));
    node.set("change", number(row.changeRatio()));
    node.put("limit", row.limit());
    node.put("verdict", row.verdict().name());
    node.put("status", row.status());
    node.put("reason", row.reason());
    return node;
  }

  private static JsonNode interval(@Nullable Interval interval) {
    return interval == null
        ? NODES.nullNode()
        : NODES.arrayNode().add(number(interval.low())).add(number(interval.high()));
  }

  private static JsonNode tree(Object value) {
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = NODES.objectNode();
      map.forEach((key, entry) -> node.set(String.valueOf(key), tree(entry)));
      return node;
    }
    if (value instanceof List<?> list) {
      ArrayNode node = NODES.arrayNode();
      list.forEach(entry -> node.add(tree(entry)));
      return node;
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    return value instanceof Double number ? number(number) : NODES.textNode(String.valueOf(value));
  }

  /** Without an exponent and without the {@code .0} of a whole number. */
  private static JsonNode number(@Nullable Double value) {
    return value == null || !Double.isFinite(value)
        ? NODES.nullNode()
        : NODES.numberNode(BigDecimal.valueOf(value).stripTrailingZeros());
  }
}
