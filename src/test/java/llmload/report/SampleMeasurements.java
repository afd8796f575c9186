package llmload.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.model.DistributionShape;
import llmload.model.InjectorHealth;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.SeriesPoint;

/** Made-up measurements for {@link SampleRunReports}. */
final class SampleMeasurements {
  private static final List<String> PERCENTILES = List.of("p50", "p90", "p95", "p99", "p99.9");

  private SampleMeasurements() {}

  static InjectorHealth injector() {
    return new InjectorHealth(
        0.21, 12.5, 31.0, 0.014, 18.0, 22.0, 310.0, 0.83, 4.1e8, 0.992, 1.5, 1200, 0, 0);
  }

  static Map<String, MetricSummary> metrics(long count, double factor) {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    metrics.put("connect", distribution("ms", count, 0.4 * factor));
    metrics.put("ttft", distribution("ms", count, 96 * factor));
    metrics.put("itl", distribution("ms", count * 126, 11.52 * factor));
    metrics.put("tpot", distribution("ms", count, 12.0 * factor));
    metrics.put("e2e", distribution("ms", count, 1614 * factor));
    metrics.put("e2e_from_intended", distribution("ms", count, 1640 * factor));
    metrics.put("send_lag", distribution("ms", count, 0.21 * factor));
    metrics.put("output_tokens", distribution("tok", count, 127));
    metrics.put("output_tokens_per_second_per_user", distribution("tok/s", count, 79 / factor));
    metrics.put("output_tokens_per_second", MetricSummary.ofValue("tok/s", 2478.25, count));
    metrics.put("requests_per_second", MetricSummary.ofValue("req/s", 19.667, count));
    metrics.put("error_rate", MetricSummary.ofValue("ratio", 17.0 / 1197, 1197));
    metrics.put(
        "cached_tokens", MetricSummary.absent("tok", "the server's usage names no cached tokens"));
    metrics.put("gpu_power", MetricSummary.absent("W", "no GPU was read"));
    return metrics;
  }

  private static MetricSummary distribution(String unit, long count, double median) {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    Map<String, Interval> intervals = new LinkedHashMap<>();
    double value = median;
    for (String name : PERCENTILES) {
      percentiles.put(name, value);
      if (!name.equals("p99.9")) {
        intervals.put(name, new Interval(value * 0.97, value * 1.04, unit));
      }
      value *= 1.45;
    }
    return new MetricSummary(
        unit,
        count,
        null,
        median / 2,
        median * 1.1,
        median / 3,
        percentiles,
        value,
        intervals,
        null);
  }

  /** The shapes of each scope's ttft, itl and e2e: what their percentiles say, and eight bins. */
  static Map<String, Map<String, DistributionShape>> shapes(
      Map<String, Map<String, MetricSummary>> metrics) {
    Map<String, Map<String, DistributionShape>> shapes = new LinkedHashMap<>();
    metrics.forEach(
        (scope, of) -> {
          Map<String, DistributionShape> shown = new LinkedHashMap<>();
          for (String id : List.of("ttft", "itl", "e2e")) {
            MetricSummary summary = of.get(id);
            if (summary != null) {
              shown.put(id, shape(summary));
            }
          }
          shapes.put(scope, shown);
        });
    return shapes;
  }

  private static DistributionShape shape(MetricSummary summary) {
    Map<Double, Double> quantiles = new LinkedHashMap<>();
    double min = Objects.requireNonNull(summary.min());
    double max = Objects.requireNonNull(summary.max());
    quantiles.put(0.0, min);
    summary
        .percentiles()
        .forEach(
            (name, value) -> {
              double percent = Double.parseDouble(name.substring(1));
              if (percent / 100 * summary.count() <= summary.count() - 1) {
                quantiles.put(percent, value);
              }
            });
    quantiles.put(100.0, max);
    List<Double> edges = new ArrayList<>();
    for (int i = 0; i <= 8; i++) {
      edges.add(min * Math.pow(max / min, i / 8.0));
    }
    long tenth = summary.count() / 10;
    long rest = summary.count() - 9 * tenth;
    return new DistributionShape(
        "ms",
        summary.count(),
        quantiles,
        edges,
        List.of(tenth, 2 * tenth, 3 * tenth, 2 * tenth, tenth, 0L, 0L, rest));
  }

  static List<SeriesPoint> series(int count, double widthSeconds) {
    List<SeriesPoint> series = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean stalled = i % 60 >= 30 && i % 60 < 34;
      double wave = 1 + 0.25 * Math.sin(i / 5.0) + 0.05 * (i % 7);
      boolean slow = i % 60 >= 34 && i % 60 < 38;
      double ttft = slow ? 260 : 90 * wave;
      series.add(
          new SeriesPoint(
              i * widthSeconds,
              widthSeconds,
              20,
              stalled ? 0 : 20,
              slow ? 4 : 0,
              stalled || slow ? 60 : 28 + Math.round(6 * wave),
              stalled ? 0 : Math.round(2500 * wave * widthSeconds),
              stalled ? null : ttft,
              stalled ? null : ttft * 1.9,
              stalled ? null : 11 * wave,
              stalled ? null : 24 * wave,
              stalled ? null : ttft + 1400 * wave,
              stalled ? null : ttft + 3100 * wave));
    }
    return series;
  }
}
