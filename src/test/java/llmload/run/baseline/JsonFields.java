package llmload.run.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import llmload.config.ConfigException;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.Validity;
import org.jspecify.annotations.Nullable;

/** Typed reads of a file that llmload wrote and somebody may have edited; all faults at once. */
final class JsonFields {
  private static final Pattern PERCENTILE = Pattern.compile("p\\d{1,2}(_\\d{1,4})?");

  private final Path file;
  private final List<String> problems = new ArrayList<>();

  JsonFields(Path file) {
    this.file = file;
  }

  void problem(String where, String rule, JsonNode found) {
    String text = found.isMissingNode() ? "nothing" : found.toString();
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    problems.add(file + ": " + where + ": Expecting " + rule + ". Found: " + shown + ".");
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  @Nullable String text(JsonNode node, String where) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      problem(where, "a text", node);
      return null;
    }
    return node.asText();
  }

  @Nullable Double number(JsonNode node, String where) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    double value = node.asDouble();
    if (!node.isNumber() || !Double.isFinite(value)) {
      problem(where, "a number", node);
      return null;
    }
    return value;
  }

  @Nullable Long count(JsonNode node, String where) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.canConvertToExactIntegral() || !node.canConvertToLong() || node.asLong() < 0) {
      problem(where, "a whole number from 0", node);
      return null;
    }
    return node.asLong();
  }

  @Nullable Instant instant(JsonNode node, String where) {
    String text = text(node, where);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      problem(where, "a time such as 2026-01-02T03:04:05Z", node);
      return null;
    }
  }

  @Nullable Validity validity(JsonNode node, String where) {
    String text = text(node, where);
    for (Validity validity : Validity.values()) {
      if (validity.name().equals(text)) {
        return validity;
      }
    }
    if (text != null) {
      problem(where, "one of VALID, DEGRADED, INVALID, PARTIAL, NO_DATA", node);
    }
    return null;
  }

  Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  Map<String, Double> numbers(JsonNode node, String where) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    node.properties()
        .forEach(
            entry -> {
              Double value = number(entry.getValue(), where + "." + entry.getKey());
              if (value != null) {
                numbers.put(entry.getKey(), value);
              }
            });
    return numbers;
  }

  /** The metrics of every scope, in the form of {@code report.json}. */
  Map<String, Map<String, MetricSummary>> metrics(JsonNode node) {
    Map<String, Map<String, MetricSummary>> scopes = new LinkedHashMap<>();
    node.properties()
        .forEach(
            scope -> {
              Map<String, MetricSummary> metrics = new LinkedHashMap<>();
              scope
                  .getValue()
                  .properties()
                  .forEach(
                      metric -> {
                        String where = "metrics." + scope.getKey() + "." + metric.getKey();
                        metrics.put(metric.getKey(), metric(metric.getValue(), where));
                      });
              scopes.put(scope.getKey(), metrics);
            });
    return scopes;
  }

  private MetricSummary metric(JsonNode node, String where) {
    String unit = text(node.path("unit"), where + ".unit");
    if (unit == null) {
      problem(where + ".unit", "a unit", node.path("unit"));
      unit = "";
    }
    Long count = count(node.path("count"), where + ".count");
    Map<String, Double> percentiles = new LinkedHashMap<>();
    node.properties()
        .forEach(
            entry -> {
              if (PERCENTILE.matcher(entry.getKey()).matches()) {
                Double value = number(entry.getValue(), where + "." + entry.getKey());
                if (value != null) {
                  percentiles.put(entry.getKey().replace('_', '.'), value);
                }
              }
            });
    return new MetricSummary(
        unit,
        count == null ? 0 : count,
        number(node.path("value"), where + ".value"),
        number(node.path("min"), where + ".min"),
        number(node.path("mean"), where + ".mean"),
        number(node.path("std"), where + ".std"),
        percentiles,
        number(node.path("max"), where + ".max"),
        intervals(node.path("ci95"), unit, where + ".ci95"),
        text(node.path("notMeasured"), where + ".notMeasured"));
  }

  private Map<String, Interval> intervals(JsonNode node, String unit, String where) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    node.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNull()) {
                return;
              }
              String place = where + "." + entry.getKey();
              Double low = number(entry.getValue().path(0), place + "[0]");
              Double high = number(entry.getValue().path(1), place + "[1]");
              if (low == null || high == null || low > high) {
                problem(place, "a list of two numbers, the smaller first", entry.getValue());
              } else {
                intervals.put(entry.getKey().replace('_', '.'), new Interval(low, high, unit));
              }
            });
    return intervals;
  }
}
