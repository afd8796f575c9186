package llmload.grading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import llmload.model.Comparison;
import llmload.model.CoreMetric;
import llmload.model.MetricSummary;
import llmload.model.RunMeasurements;
import llmload.model.RunSnapshot;
import llmload.model.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * llmload's own rule for one run against one run: a number is worse or better when it changed by
 * more than its limit and the 95 % confidence intervals of the two runs do not overlap; where they
 * overlap, or there is none, nothing can be told.
 *
 * <p>The limits are 5 % for medians and throughput, 10 % for p95 and 15 % for p99, which differ
 * more between equal runs; shares of requests have half a percentage point. Percentiles beyond the
 * median are left out where both runs are too short for them.
 */
final class IntervalRules {
  /** Each metric compared with its statistics. */
  private static final Map<CoreMetric, List<String>> COMPARED = new LinkedHashMap<>();

  static {
    List<String> tail = List.of("p50", "p95", "p99");
    COMPARED.put(CoreMetric.TTFT, tail);
    COMPARED.put(CoreMetric.TTFOT, tail);
    COMPARED.put(CoreMetric.TPOT, tail);
    COMPARED.put(CoreMetric.E2E, tail);
    // The gaps of one stream are alike, so that the intervals of their tail are too narrow.
    COMPARED.put(CoreMetric.ITL, List.of("p50"));
    COMPARED.put(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER, List.of("p50"));
    COMPARED.put(CoreMetric.OUTPUT_TOKENS_PER_SECOND, List.of("value"));
    COMPARED.put(CoreMetric.REQUESTS_PER_SECOND, List.of("value"));
    COMPARED.put(CoreMetric.ERROR_RATE, List.of("value"));
    COMPARED.put(CoreMetric.SCHEMA_COMPLIANCE, List.of("value"));
  }

  /** The ids of all metrics compared. */
  static final List<String> METRICS = COMPARED.keySet().stream().map(CoreMetric::id).toList();

  private final RunSnapshot baseline;
  private final RunSnapshot current;

  private IntervalRules(RunSnapshot baseline, RunSnapshot current) {
    this.baseline = baseline;
    this.current = current;
  }

  static ComparedNumbers compare(RunSnapshot baseline, RunSnapshot current) {
    return new ComparedNumbers(new IntervalRules(baseline, current).rows(), Map.of());
  }

  /** Rows of all generation requests; of each request where nothing was generated. */
  private List<Comparison> rows() {
    List<Comparison> rows = rows(RunMeasurements.ALL);
    if (!rows.isEmpty()) {
      return rows;
    }
    Set<String> scopes = new TreeSet<>(baseline.metrics().keySet());
    scopes.retainAll(current.metrics().keySet());
    scopes.forEach(scope -> rows.addAll(rows(scope)));
    return rows;
  }

  private List<Comparison> rows(String scope) {
    List<Comparison> rows = new ArrayList<>();
    COMPARED.forEach(
        (metric, statistics) ->
            statistics.forEach(
                statistic -> {
                  Comparison row = row(scope, metric, new Statistic(statistic));
                  if (row != null) {
                    rows.add(row);
                  }
                }));
    return rows;
  }

  private @Nullable Comparison row(String scope, CoreMetric metric, Statistic statistic) {
    return new IntervalRow(
            metric, statistic, summary(baseline, scope, metric), summary(current, scope, metric))
        .in(scope);
  }

  private static MetricSummary summary(RunSnapshot run, String scope, CoreMetric metric) {
    return Objects.requireNonNullElseGet(
        run.metric(scope, metric.id()),
        () -> MetricSummary.absent(metric.unit(), "it is not in that run's record"));
  }
}
