package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunCounts;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import org.jspecify.annotations.Nullable;

/** The parts of a suite beside each other: how long, how fast, how many failed. */
final class PartTable {
  private static final double NANOS = 1e9;

  private final Map<String, long[]> spans = new LinkedHashMap<>();

  /** Takes one measured request. */
  void accept(RequestRecord request) {
    long[] span =
        spans.computeIfAbsent(
            request.request(), name -> new long[] {Long.MAX_VALUE, Long.MIN_VALUE});
    span[0] = Math.min(span[0], request.sentNanos());
    span[1] = Math.max(span[1], request.endedNanos());
  }

  /** The duration of each request name's part. */
  Map<String, Map<String, MetricSummary>> metrics(RunMeasurements run) {
    Map<String, Map<String, MetricSummary>> all = new LinkedHashMap<>();
    Metric metric = SuiteMetric.PART_DURATION;
    spans.forEach(
        (name, span) ->
            all.put(
                name,
                Map.of(
                    metric.id(),
                    MetricSummary.ofValue(
                        metric.unit(), seconds(span), count(run, name).startedCount()))));
    return all;
  }

  /** The table, in the order of the parts. */
  ResultTable table(RunMeasurements run) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    spans.entrySet().stream()
        .sorted((a, b) -> Long.compare(a.getValue()[0], b.getValue()[0]))
        .forEach(
            part -> {
              String name = part.getKey();
              RunCounts counts = count(run, name);
              Map<String, MetricSummary> metrics = run.metrics().getOrDefault(name, Map.of());
              MetricSummary e2e = metrics.get(CoreMetric.E2E.id());
              MetricSummary rate = metrics.get(CoreMetric.REQUESTS_PER_SECOND.id());
              MetricSummary errors = metrics.get(CoreMetric.ERROR_RATE.id());
              List<@Nullable Object> row = new ArrayList<>();
              row.add(name);
              row.add(seconds(part.getValue()));
              row.add(counts.okCount());
              row.add(counts.failedCount());
              row.add(errors == null ? null : errors.value());
              row.add(rate == null ? null : rate.value());
              row.add(e2e == null ? null : e2e.mean());
              row.add(e2e == null ? null : e2e.percentiles().get("p95"));
              row.add(e2e == null ? null : e2e.percentiles().get("p99"));
              row.add(e2e == null ? null : e2e.max());
              rows.add(row);
            });
    return new ResultTable(
        "parts",
        "The parts one after the other",
        ResultTable.columns(
            "part", "",
            "duration", "s",
            "succeeded", "",
            "failed", "",
            "error_rate", "ratio",
            "requests_per_second", "req/s",
            "latency_mean", "ms",
            "latency_p95", "ms",
            "latency_p99", "ms",
            "latency_max", "ms"),
        rows);
  }

  private static double seconds(long[] span) {
    return (span[1] - span[0]) / NANOS;
  }

  private static RunCounts count(RunMeasurements run, String name) {
    RunCounts counts = run.countsByRequest().get(name);
    return counts == null ? new RunCounts(null, 0, 0, 0, 0, null, 0, Map.of()) : counts;
  }
}
