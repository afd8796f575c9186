package llmload.grading;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.CoreMetric;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.RunMeasurements;
import llmload.model.SeriesPoint;
import org.jspecify.annotations.Nullable;

/**
 * 95 % confidence intervals of metrics that are single numbers, kept under the name {@code value}.
 *
 * <p>A share of requests has Wilson's score interval (Wilson 1927). A throughput has that of ten
 * batch means over the measured time without its two edges (Student's t with 9 degrees of freedom),
 * and none where there are fewer than {@value #BATCHES} intervals of the series.
 */
public final class SnapshotIntervals {
  private static final int BATCHES = 10;

  /** The 97.5th percentile of Student's t distribution with 9 degrees of freedom. */
  private static final double T_OF_9 = 2.262157;

  /** The 97.5th percentile of the normal distribution. */
  private static final double Z = 1.959964;

  private static final String VALUE = "value";

  private final List<SeriesPoint> series;

  private SnapshotIntervals(List<SeriesPoint> series) {
    this.series = series.size() > 2 ? series.subList(1, series.size() - 1) : List.of();
  }

  /**
   * The same metrics with their intervals.
   *
   * @param metrics by scope, then by metric id
   * @param series the measured window; it is that of all requests, and so bears on the scope {@code
   *     all}, and on the one request that a run may have
   */
  public static Map<String, Map<String, MetricSummary>> of(
      Map<String, Map<String, MetricSummary>> metrics, List<SeriesPoint> series) {
    SnapshotIntervals intervals = new SnapshotIntervals(series);
    long named = metrics.keySet().stream().filter(s -> !s.equals(RunMeasurements.ALL)).count();
    Map<String, Map<String, MetricSummary>> with = new LinkedHashMap<>();
    metrics.forEach(
        (scope, summaries) -> {
          boolean whole = named == 1 || scope.equals(RunMeasurements.ALL);
          Map<String, MetricSummary> of = new LinkedHashMap<>();
          summaries.forEach((id, summary) -> of.put(id, intervals.with(id, summary, whole)));
          with.put(scope, of);
        });
    return with;
  }

  private MetricSummary with(String id, MetricSummary summary, boolean whole) {
    Double value = summary.value();
    if (value == null || summary.ci95().containsKey(VALUE)) {
      return summary;
    }
    Interval interval = null;
    if (summary.unit().equals(CoreMetric.ERROR_RATE.unit())) {
      interval = wilson(value, summary.count());
    } else if (whole && id.equals(CoreMetric.OUTPUT_TOKENS_PER_SECOND.id())) {
      interval = batches(value, summary.unit(), SnapshotIntervals::tokens);
    } else if (whole && id.equals(CoreMetric.REQUESTS_PER_SECOND.id())) {
      interval = batches(value, summary.unit(), SnapshotIntervals::requests);
    }
    return interval == null
        ? summary
        : new MetricSummary(
            summary.unit(),
            summary.count(),
            value,
            summary.min(),
            summary.mean(),
            summary.std(),
            summary.percentiles(),
            summary.max(),
            Map.of(VALUE, interval),
            summary.notMeasured());
  }

  private static double tokens(SeriesPoint point) {
    return point.outputTokenCount();
  }

  private static double requests(SeriesPoint point) {
    return point.okCount();
  }

  private static @Nullable Interval wilson(double share, long count) {
    if (count < 1 || share < 0 || share > 1) {
      return null;
    }
    double z2 = Z * Z / count;
    double centre = (share + z2 / 2) / (1 + z2);
    double half = Z / (1 + z2) * Math.sqrt(share * (1 - share) / count + z2 / (4 * count));
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half), "ratio");
  }

  /** Half the width relative to the batches' mean, laid around the value of the whole run. */
  private @Nullable Interval batches(double value, String unit, Tally tally) {
    int size = series.size() / BATCHES;
    if (size == 0) {
      return null;
    }
    double sum = 0;
    double squares = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      double count = 0;
      double seconds = 0;
      for (SeriesPoint point : series.subList(batch * size, (batch + 1) * size)) {
        count += tally.of(point);
        seconds += point.widthSeconds();
      }
      double rate = seconds > 0 ? count / seconds : 0;
      sum += rate;
      squares += rate * rate;
    }
    double mean = sum / BATCHES;
    if (mean <= 0) {
      return null;
    }
    double variance = Math.max(0, (squares - BATCHES * mean * mean) / (BATCHES - 1));
    double half = T_OF_9 * Math.sqrt(variance / BATCHES) / mean * value;
    return new Interval(Math.max(0, value - half), value + half, unit);
  }

  private interface Tally {
    double of(SeriesPoint point);
  }
}
