package llmload.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.RunMeasurements;

/** The order in which reports show scopes and metrics. */
public final class MetricOrder {
  private static final List<String> DECLARED = Metric.all().stream().map(Metric::id).toList();

  private static final Comparator<String> METRICS =
      Comparator.<String>comparingInt(
              id -> DECLARED.contains(id) ? DECLARED.indexOf(id) : Integer.MAX_VALUE)
          .thenComparing(Comparator.naturalOrder());

  private MetricOrder() {}

  /** {@code all} first, then the requests by name; core metrics as declared, others by id. */
  public static Map<String, Map<String, MetricSummary>> of(RunMeasurements run) {
    Map<String, Map<String, MetricSummary>> scopes = new LinkedHashMap<>();
    TreeSet<String> names = new TreeSet<>(run.metrics().keySet());
    if (names.remove(RunMeasurements.ALL)) {
      scopes.put(RunMeasurements.ALL, sorted(run, RunMeasurements.ALL));
    }
    names.forEach(name -> scopes.put(name, sorted(run, name)));
    return scopes;
  }

  private static Map<String, MetricSummary> sorted(RunMeasurements run, String scope) {
    Map<String, MetricSummary> sorted = new LinkedHashMap<>();
    run.metrics().getOrDefault(scope, Map.of()).entrySet().stream()
        .sorted(Map.Entry.comparingByKey(METRICS))
        .forEach(metric -> sorted.put(metric.getKey(), metric.getValue()));
    return sorted;
  }
}
