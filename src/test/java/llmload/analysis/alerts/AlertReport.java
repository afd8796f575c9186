package llmload.analysis.alerts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import llmload.model.CoreMetric;
import llmload.model.MetricSummary;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.model.RunSnapshot;
import llmload.model.ServerPlace;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/** The alerts of a whole run, made again from its journal, as a table beside its results. */
public final class AlertReport {
  private AlertReport() {}

  /** The speed that a baseline is compared by; {@code null} if it has none. */
  public static @Nullable Double speedOf(@Nullable RunSnapshot baseline) {
    MetricSummary speed =
        baseline == null
            ? null
            : baseline.metric(
                RunMeasurements.ALL, CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER.id());
    return speed == null ? null : speed.mean();
  }

  /** Every alert of the windows. */
  public static List<Alert> alerts(
      AlertSettings settings, AlertWindows windows, @Nullable Double baseline) {
    AlertEngine engine = new AlertEngine(settings.limits());
    List<Alert> alerts = new ArrayList<>();
    windows.take(Long.MAX_VALUE, baseline).forEach(window -> alerts.addAll(engine.accept(window)));
    return alerts;
  }

  /**
   * {@code result} and the alerts.
   *
   * @param suite the word for what was run
   * @param result what else the run comes to; {@code null} if nothing
   * @param place where the server was
   */
  public static SuiteResult beside(
      String suite, @Nullable SuiteResult result, List<Alert> alerts, ServerPlace place) {
    List<ResultTable> tables = new ArrayList<>(result == null ? List.of() : result.tables());
    List<String> remarks = new ArrayList<>(result == null ? List.of() : result.remarks());
    if (!alerts.isEmpty()) {
      tables.add(table(alerts));
    }
    remarks.add(remark(alerts));
    if (place.whyNotJudged() != null) {
      remarks.add("This machine's CPU and memory raise no alert: " + place.whyNotJudged() + ".");
    }
    return new SuiteResult(
        result == null ? suite : result.suite(),
        result == null ? Map.of() : result.metrics(),
        tables,
        remarks);
  }

  private static ResultTable table(List<Alert> alerts) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Alert alert : alerts) {
      rows.add(
          Arrays.asList(
              alert.atNanos() / 1e9,
              alert.type().id(),
              alert.severity().name().toLowerCase(Locale.ROOT),
              alert.message()));
    }
    return new ResultTable(
        "alerts",
        "Alerts, each type at most once in five minutes",
        ResultTable.columns("at", "s", "type", "", "severity", "", "message", ""),
        rows);
  }

  private static String remark(List<Alert> alerts) {
    if (alerts.isEmpty()) {
      return "No alert was raised.";
    }
    Map<String, Long> counts =
        alerts.stream()
            .collect(
                Collectors.groupingBy(
                    alert -> alert.type().id(), LinkedHashMap::new, Collectors.counting()));
    return "Alerts: "
        + counts.entrySet().stream()
            .map(type -> type.getValue() + " " + type.getKey())
            .collect(Collectors.joining(", "))
        + ".";
  }
}
