package llmload.analysis;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.metrics.DistributionShapes;
import llmload.metrics.GoodputLimits;
import llmload.metrics.SpikeRate;
import llmload.model.CoreMetric;
import llmload.model.DistributionShape;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.Statistic;

/** Turns what a scope collected into its metrics, in the order of {@link CoreMetric}. */
final class ScopeSummary {
  /** The latencies that people compare by curve. */
  private static final List<CoreMetric> HEADLINES =
      List.of(CoreMetric.TTFT, CoreMetric.ITL, CoreMetric.E2E);

  private final ScopeCollector scope;

  ScopeSummary(ScopeCollector scope) {
    this.scope = scope;
  }

  /**
   * The metrics by id.
   *
   * @param wanted percentiles beyond the standard ones, by metric id
   */
  Map<String, MetricSummary> metrics(Map<String, ? extends Collection<Statistic>> wanted) {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    for (CoreMetric metric : CoreMetric.values()) {
      if (!scope.shows(metric)) {
        continue;
      }
      MetricSummary summary;
      if (metric.shape() == Metric.Shape.DISTRIBUTION) {
        Collection<Statistic> further = wanted.get(metric.id());
        String reason = Absence.ofSamples(metric, scope);
        summary =
            further == null
                ? scope.samples(metric).summarize(reason)
                : scope.samples(metric).summarize(reason, further);
      } else {
        summary = value(metric);
      }
      metrics.put(metric.id(), summary);
    }
    return Collections.unmodifiableMap(metrics);
  }

  /** How the samples of the headline latencies are spread, by metric id; only what was measured. */
  Map<String, DistributionShape> shapes() {
    Map<String, DistributionShape> shapes = new LinkedHashMap<>();
    for (CoreMetric metric : HEADLINES) {
      if (scope.hasSamples(metric)) {
        shapes.put(metric.id(), DistributionShapes.of(scope.samples(metric)));
      }
    }
    return Collections.unmodifiableMap(shapes);
  }

  private MetricSummary value(CoreMetric metric) {
    return switch (metric) {
      case OUTPUT_TOKENS_PER_SECOND ->
          rate(
              metric,
              scope.outputTokenCount(),
              scope.countedCount(),
              "no answer's tokens were counted");
      case TOTAL_TOKENS_PER_SECOND ->
          rate(metric, scope.totalTokenCount(), scope.promptCount(), Absence.NO_USAGE);
      case REQUESTS_PER_SECOND -> rate(metric, scope.okCount(), scope.okCount(), Absence.NONE_OK);
      case GOODPUT_REQUESTS_PER_SECOND, GOOD_FRACTION -> goodput(metric);
      case SCHEMA_COMPLIANCE ->
          share(
              metric,
              scope.schemaValidCount(),
              scope.schemaCount(),
              scope.startedCount() == 0 ? Absence.ofRequests(scope) : "no answer carried a schema");
      case ERROR_RATE ->
          share(
              metric,
              scope.failedCount(),
              scope.okCount() + scope.failedCount(),
              scope.startedCount() == 0 ? Absence.ofRequests(scope) : "no request ended");
      case SPIKE_RATE -> spikeRate(metric);
      default -> throw new IllegalArgumentException("No single number: " + metric.id());
    };
  }

  private MetricSummary goodput(CoreMetric metric) {
    if (!scope.isLimited()) {
      return MetricSummary.absent(metric.unit(), GoodputLimits.NO_LIMIT);
    }
    if (scope.isUnjudged()) {
      return MetricSummary.absent(
          metric.unit(), "no answer showed the latency that a target limits");
    }
    return metric == CoreMetric.GOOD_FRACTION
        ? share(metric, scope.goodCount(), scope.startedCount(), Absence.ofRequests(scope))
        : rate(metric, scope.goodCount(), scope.okCount(), Absence.NONE_OK);
  }

  private MetricSummary spikeRate(CoreMetric metric) {
    OptionalDouble rate = SpikeRate.of(scope.samples(CoreMetric.E2E));
    if (rate.isPresent()) {
      return MetricSummary.ofValue(
          metric.unit(), rate.getAsDouble(), scope.samples(CoreMetric.E2E).count());
    }
    return MetricSummary.absent(
        metric.unit(),
        scope.okCount() == 0
            ? Absence.ofRequests(scope)
            : "fewer than " + SpikeRate.MIN_COUNT + " requests succeeded");
  }

  private MetricSummary rate(CoreMetric metric, long sum, long count, String reasonIfNone) {
    if (scope.okCount() == 0) {
      return MetricSummary.absent(metric.unit(), Absence.ofRequests(scope));
    }
    if (count == 0) {
      return MetricSummary.absent(metric.unit(), reasonIfNone);
    }
    OptionalDouble seconds = scope.windowSeconds();
    return seconds.isPresent()
        ? MetricSummary.ofValue(metric.unit(), sum / seconds.getAsDouble(), count)
        : MetricSummary.absent(metric.unit(), Absence.NO_WINDOW);
  }

  private static MetricSummary share(
      CoreMetric metric, long part, long whole, String reasonIfNone) {
    return whole == 0
        ? MetricSummary.absent(metric.unit(), reasonIfNone)
        : MetricSummary.ofValue(metric.unit(), (double) part / whole, whole);
  }
}
