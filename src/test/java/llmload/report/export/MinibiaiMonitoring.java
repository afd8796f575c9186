package llmload.report.export;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import llmload.metrics.ResourceUse;
import llmload.metrics.SuiteResults;
import llmload.model.CoreMetric;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.SeriesPoint;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code monitoring_export_<epoch>.json} of mini-biai-1's dashboard: one entry of its
 * history for each interval of the run. Tokens a second are those of all streams together. What
 * nobody measured is {@code null}.
 */
final class MinibiaiMonitoring {
  private static final double PERCENT = 100;
  private static final double NANOS = 1e9;
  private static final double MIB = 1024.0 * 1024.0;
  private static final double GIB = MIB * 1024;
  private static final double SECONDS_PER_HOUR = 3600;

  private final RunReport report;
  private final RunManifest manifest;
  private final SuiteResults results;
  private final ResourceUse use;
  private final MonitoringIntervals intervals;

  MinibiaiMonitoring(RunReport report, SuiteResults results, MonitoringIntervals intervals) {
    this.report = report;
    this.manifest = report.manifest();
    this.results = results;
    this.use = results.resources();
    this.intervals = intervals;
  }

  /** The whole file. */
  Map<String, @Nullable Object> document() {
    Map<String, @Nullable Object> root = MinibiaiSuiteExporter.object();
    root.put("config", new MinibiaiSuiteResult(report, results).config());
    root.put("start_time", manifest.startedAt().toString());
    List<SeriesPoint> series = report.measurements().series();
    root.put(
        "metrics_history",
        IntStream.range(0, series.size()).mapToObj(i -> sample(i, series.get(i))).toList());
    root.put("alerts", alerts());
    root.put("summary", summary());
    return root;
  }

  private long nanos(double sinceFirstSent) {
    return results.all().firstSentNanos() + (long) (sinceFirstSent * NANOS);
  }

  private Map<String, @Nullable Object> sample(int interval, SeriesPoint point) {
    long from = nanos(point.startSeconds());
    long to = nanos(point.startSeconds() + point.widthSeconds());
    Map<String, @Nullable Object> sample = MinibiaiSuiteExporter.object();
    sample.put("timestamp", manifest.startedAt().plusNanos(to).toString());
    sample.put("uptime_seconds", to / NANOS);
    sample.put("system", system(from, to));
    Map<String, @Nullable Object> performance = performance(point, use.energyJoules(from, to));
    performance.put(
        "spike_rate_percent", MinibiaiSuiteResult.scaled(intervals.spikeRatio(interval), PERCENT));
    performance.put(
        "retrieval_latency_ms", MinibiaiSuiteResult.value(intervals.searchP95Millis(interval)));
    sample.put("performance", performance);
    return sample;
  }

  private Map<String, @Nullable Object> system(long from, long to) {
    Map<String, @Nullable Object> system = MinibiaiSuiteExporter.object();
    OptionalDouble total = use.memoryTotalBytes();
    OptionalDouble share = use.memoryPeakRatio(from, to);
    boolean known = total.isPresent() && share.isPresent();
    double used = known ? total.getAsDouble() * share.getAsDouble() / GIB : 0;
    system.put("cpu_percent", MinibiaiSuiteResult.scaled(use.cpuMeanRatio(from, to), PERCENT));
    String processors = manifest.environment().get("processors");
    system.put("cpu_count", processors == null ? null : Integer.valueOf(processors));
    system.put("memory_percent", MinibiaiSuiteResult.scaled(share, PERCENT));
    system.put("memory_used_gb", known ? used : null);
    system.put("memory_available_gb", known ? total.getAsDouble() / GIB - used : null);
    system.put("memory_total_gb", MinibiaiSuiteResult.scaled(total, 1 / GIB));
    system.put("disk_percent", null);
    system.put("disk_free_gb", null);
    system.put(
        "process_cpu_percent", MinibiaiSuiteResult.scaled(use.processMeanCores(from, to), PERCENT));
    system.put(
        "process_memory_mb", MinibiaiSuiteResult.scaled(use.processMeanBytes(from, to), 1 / MIB));
    system.put("gpu_util_percent", MinibiaiSuiteResult.scaled(use.gpuMeanRatio(from, to), PERCENT));
    OptionalDouble gpuTotal = use.gpuMemoryTotalBytes();
    system.put(
        "gpu_memory_percent",
        gpuTotal.isPresent()
            ? MinibiaiSuiteResult.scaled(
                use.gpuMemoryPeakBytes(from, to), PERCENT / gpuTotal.getAsDouble())
            : null);
    system.put("gpu_temperature", MinibiaiSuiteResult.value(use.gpuPeakCelsius(from, to)));
    return system;
  }

  private Map<String, @Nullable Object> performance(SeriesPoint point, OptionalDouble joules) {
    Map<String, @Nullable Object> performance = MinibiaiSuiteExporter.object();
    performance.put("tokens_per_second", speed(point));
    performance.put("ttft_ms", point.ttftP50Millis());
    // These two keep their places in the file's order.
    performance.put("spike_rate_percent", null);
    performance.put("retrieval_latency_ms", null);
    performance.put(
        "energy_consumption_watts",
        point.widthSeconds() > 0
            ? MinibiaiSuiteResult.scaled(joules, 1 / point.widthSeconds())
            : null);
    performance.put("inference_count", point.okCount());
    performance.put("memory_efficiency", null);
    return performance;
  }

  private static @Nullable Double speed(SeriesPoint point) {
    return point.widthSeconds() > 0 && point.outputTokenCount() > 0
        ? point.outputTokenCount() / point.widthSeconds()
        : null;
  }

  private List<Map<String, @Nullable Object>> alerts() {
    List<Map<String, @Nullable Object>> alerts = new ArrayList<>();
    SuiteResult suite = report.suite();
    for (ResultTable table : suite == null ? List.<ResultTable>of() : suite.tables()) {
      if (table.id().equals("alerts")) {
        for (List<@Nullable Object> row : table.rows()) {
          Map<String, @Nullable Object> alert = MinibiaiSuiteExporter.object();
          alert.put("timestamp", moment(row.get(0)));
          alert.put("type", row.get(1));
          alert.put("message", row.get(3));
          alert.put("severity", row.get(2));
          alerts.add(alert);
        }
      }
    }
    return alerts;
  }

  private @Nullable String moment(@Nullable Object seconds) {
    if (!(seconds instanceof Number number)) {
      return null;
    }
    Instant at = manifest.startedAt().plusNanos((long) (number.doubleValue() * NANOS));
    return at.toString();
  }

  private Map<String, @Nullable Object> summary() {
    MinibiaiSuiteResult result = new MinibiaiSuiteResult(report, results);
    Map<String, @Nullable Object> summary = MinibiaiSuiteExporter.object();
    summary.put(
        "token_throughput",
        track(
            MinibiaiMonitoring::speed, result.limit(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER)));
    summary.put("ttft", track(SeriesPoint::ttftP50Millis, result.limit(CoreMetric.TTFT)));
    Map<String, @Nullable Object> rate = MinibiaiSuiteExporter.object();
    rate.put("current", MinibiaiSuiteResult.scaled(intervals.currentSpikeRatio(), PERCENT));
    rate.put("average", MinibiaiSuiteResult.scaled(results.spikes().ratio(), PERCENT));
    rate.put("range", result.spikes());
    summary.put("spike_rate", rate);
    long from = results.all().firstSentNanos();
    long to = results.all().lastEndNanos();
    long last = Math.max(from, to - MonitoringIntervals.CURRENT_NANOS);
    Map<String, @Nullable Object> system = MinibiaiSuiteExporter.object();
    system.put(
        "memory_avg_percent", MinibiaiSuiteResult.scaled(use.memoryMeanRatio(from, to), PERCENT));
    system.put("cpu_avg_percent", MinibiaiSuiteResult.scaled(use.cpuMeanRatio(from, to), PERCENT));
    system.put(
        "memory_current_percent",
        MinibiaiSuiteResult.scaled(use.memoryMeanRatio(last, to), PERCENT));
    system.put(
        "cpu_current_percent", MinibiaiSuiteResult.scaled(use.cpuMeanRatio(last, to), PERCENT));
    summary.put("system", system);
    summary.put("uptime_hours", results.all().isEmpty() ? null : to / NANOS / SECONDS_PER_HOUR);
    return summary;
  }

  private Map<String, @Nullable Object> track(
      Function<SeriesPoint, @Nullable Double> value, @Nullable Double target) {
    List<Double> values =
        report.measurements().series().stream()
            .sorted(Comparator.comparingDouble(SeriesPoint::startSeconds))
            .map(value)
            .filter(Objects::nonNull)
            .toList();
    DoubleStream numbers = values.stream().mapToDouble(Double::doubleValue);
    var all = numbers.summaryStatistics();
    boolean any = !values.isEmpty();
    Map<String, @Nullable Object> track = MinibiaiSuiteExporter.object();
    track.put("current", any ? values.get(values.size() - 1) : null);
    track.put("average", any ? all.getAverage() : null);
    track.put("min", any ? all.getMin() : null);
    track.put("max", any ? all.getMax() : null);
    track.put("target", target);
    return track;
  }
}
