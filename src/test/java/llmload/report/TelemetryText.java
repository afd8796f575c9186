package llmload.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.ResourceMetric;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import org.jspecify.annotations.Nullable;

/** The metrics of telemetry for a report's section of their own. */
public final class TelemetryText {
  private TelemetryText() {}

  /** Those that were measured, as a table. */
  public static ResultTable figures(RunMeasurements run) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    of(run)
        .forEach(
            (id, summary) -> {
              if (summary.notMeasured() == null) {
                List<@Nullable Object> row = new ArrayList<>();
                row.add(id);
                row.add(summary.value() == null ? summary.mean() : summary.value());
                row.add(summary.min());
                row.add(summary.max());
                row.add(summary.unit());
                row.add(run.telemetry().origins().get(id));
                rows.add(row);
              }
            });
    return new ResultTable(
        "figures",
        "Telemetry over the measured window",
        ResultTable.columns(
            "metric", "", "value or mean", "", "min", "", "max", "", "unit", "", "made of", ""),
        rows);
  }

  /** Those that were measured, each as a number with its unit: its value, else its mean. */
  public static Map<String, String> measured(RunMeasurements run) {
    Map<String, String> numbers = new LinkedHashMap<>();
    of(run)
        .forEach(
            (id, summary) -> {
              Double number = summary.value() == null ? summary.mean() : summary.value();
              if (number != null) {
                numbers.put(id, Figures.of(number) + " " + summary.unit());
              }
            });
    return numbers;
  }

  /** Why the others were not, by their ids; one reason that several share stands once. */
  public static Map<String, String> absent(RunMeasurements run) {
    Map<String, String> idsByReason = new LinkedHashMap<>();
    of(run)
        .forEach(
            (id, summary) -> {
              String reason = summary.notMeasured();
              if (reason != null) {
                idsByReason.merge(reason, id, (a, b) -> a + ", " + b);
              }
            });
    Map<String, String> reasonByIds = new LinkedHashMap<>();
    idsByReason.forEach((reason, ids) -> reasonByIds.put(ids, reason));
    return reasonByIds;
  }

  /** What was watched, as tables for people: none is empty, nor a column of slow intervals. */
  public static List<ResultTable> tables(RunMeasurements run) {
    return run.telemetry().tables().stream()
        .filter(table -> !table.rows().isEmpty())
        .map(table -> table.id().equals("slow_intervals") ? table.withoutEmptyColumns() : table)
        .toList();
  }

  /** That of an id; {@code null} if there is none. */
  public static @Nullable ResultTable table(RunMeasurements run, String id) {
    return tables(run).stream().filter(table -> table.id().equals(id)).findFirst().orElse(null);
  }

  private static Map<String, MetricSummary> of(RunMeasurements run) {
    Map<String, MetricSummary> found = new LinkedHashMap<>();
    MetricOrder.of(run)
        .getOrDefault(RunMeasurements.ALL, Map.of())
        .forEach(
            (id, summary) -> {
              if (Metric.of(id).filter(ResourceMetric.class::isInstance).isPresent()) {
                found.put(id, summary);
              }
            });
    return found;
  }
}
