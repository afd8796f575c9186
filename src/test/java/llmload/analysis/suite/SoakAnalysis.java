package llmload.analysis.suite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.config.DurationParser;
import llmload.metrics.Distribution;
import llmload.metrics.LinearFit;
import llmload.metrics.RequestMetrics;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import llmload.model.SuiteResult;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * A long run: does the server get slower, does its memory grow?
 *
 * <p>The first and the last window are compared, by when requests were sent. A window is as long as
 * the settings say, but at most a third of the run.
 */
final class SoakAnalysis implements SuiteAnalysis {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_HOUR = 3_600e9;
  private static final int FEWEST_OF_P95 = 20;
  private static final int WINDOWS = 3;

  private record Point(long sentNanos, double e2eMillis) {}

  private final String suite;
  private final double windowSeconds;
  private final MemoryReadings readings = new MemoryReadings();
  private final List<Point> points = new ArrayList<>();
  private long firstNanos = Long.MAX_VALUE;
  private long lastNanos = Long.MIN_VALUE;

  SoakAnalysis(RunManifest manifest) {
    suite = manifest.plan().kind();
    String window = manifest.settings().getOrDefault("soak.window", "10m");
    windowSeconds =
        DurationParser.parse(window).orElse(Duration.ofMinutes(10)).toNanos() / NANOS_PER_SECOND;
  }

  @Override
  public void accept(TelemetrySample sample) {
    readings.add(sample);
  }

  @Override
  public void accept(RequestRecord request) {
    if (request.phase() == Phase.WARMUP || !request.outcome().isOk()) {
      return;
    }
    readings.add(request);
    if (!request.isGeneration()) {
      return;
    }
    firstNanos = Math.min(firstNanos, request.sentNanos());
    lastNanos = Math.max(lastNanos, request.sentNanos());
    OptionalDouble e2e = RequestMetrics.sample(CoreMetric.E2E, request);
    if (e2e.isPresent()) {
      points.add(new Point(request.sentNanos(), e2e.getAsDouble()));
    }
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    long whole = points.isEmpty() ? 0 : lastNanos - firstNanos;
    long window = (long) Math.min(windowSeconds * NANOS_PER_SECOND, whole / (double) WINDOWS);
    Distribution first = within(firstNanos, firstNanos + window);
    Distribution last = within(lastNanos - window, lastNanos);
    Double drift = ratio(p95(first), p95(last));
    Double firstMemory = window == 0 ? null : readings.mean(firstNanos, firstNanos + window);
    Double lastMemory = window == 0 ? null : readings.mean(lastNanos - window, lastNanos + 1);
    Double growth = ratio(firstMemory, lastMemory);
    Double slope = slope(firstNanos, Long.MAX_VALUE);
    Map<String, MetricSummary> all = new LinkedHashMap<>();
    put(
        all,
        SuiteMetric.E2E_P95_DRIFT,
        drift,
        "fewer than 20 requests in the first or last window");
    String unread = readings.absence();
    put(
        all,
        SuiteMetric.MEMORY_GROWTH,
        growth,
        unread == null ? "no reading of the server's memory in both windows" : unread);
    put(
        all,
        SuiteMetric.MEMORY_LEAK_SLOPE,
        slope,
        unread == null ? "fewer than two readings of the server's memory" : unread);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    rows.add(
        row(
            "first",
            first,
            firstMemory,
            window == 0 ? null : slope(firstNanos, firstNanos + window)));
    rows.add(
        row(
            "last",
            last,
            lastMemory,
            window == 0 ? null : slope(lastNanos - window, lastNanos + 1)));
    ResultTable table =
        new ResultTable(
            "soak_windows",
            String.format(
                Locale.ROOT, "First and last window of %.0f s", window / NANOS_PER_SECOND),
            ResultTable.columns(
                "window",
                "",
                "requests",
                "",
                "e2e_p95",
                "ms",
                "memory_mean",
                "MiB",
                "memory_slope",
                "MiB/h"),
            rows);
    return new SuiteResult(
        suite, Map.of(RunMeasurements.ALL, all), List.of(table), remarks(drift, growth, slope));
  }

  private List<String> remarks(
      @Nullable Double drift, @Nullable Double growth, @Nullable Double slope) {
    List<String> remarks = new ArrayList<>();
    if (drift != null) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "From the first to the last window p95 of e2e changed by %+.1f %%.",
              drift * 100));
    }
    String unread = readings.absence();
    if (unread != null) {
      remarks.add("The server's memory: " + unread + ".");
    } else if (growth != null && slope != null) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "Memory changed by %+.2f %%, a line of %+.2f MiB an hour, by %s.",
              growth * 100,
              slope,
              readings.source()));
    }
    return remarks;
  }

  private Distribution within(long fromNanos, long toNanos) {
    Distribution samples = new Distribution("ms");
    for (Point point : points) {
      if (point.sentNanos() >= fromNanos && point.sentNanos() <= toNanos) {
        samples.add(point.e2eMillis());
      }
    }
    return samples;
  }

  private static @Nullable Double p95(Distribution samples) {
    return samples.count() < FEWEST_OF_P95 ? null : samples.percentile(95).getAsDouble();
  }

  private static @Nullable Double ratio(@Nullable Double first, @Nullable Double last) {
    return first == null || last == null || first == 0 ? null : last / first - 1;
  }

  /** Of the readings from one moment to another, in MiB an hour. */
  private @Nullable Double slope(long fromNanos, long toNanos) {
    List<MemoryReadings.Reading> within =
        readings.all().stream()
            .filter(reading -> reading.atNanos() >= fromNanos && reading.atNanos() < toNanos)
            .toList();
    return LinearFit.of(
            within.stream().mapToDouble(r -> (r.atNanos() - fromNanos) / NANOS_PER_HOUR).toArray(),
            within.stream().mapToDouble(MemoryReadings.Reading::mebibytes).toArray())
        .map(LinearFit::slope)
        .orElse(null);
  }

  private static List<@Nullable Object> row(
      String name, Distribution e2e, @Nullable Double memory, @Nullable Double slope) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(name);
    row.add(e2e.count());
    row.add(p95(e2e));
    row.add(memory);
    row.add(slope);
    return row;
  }

  private static void put(
      Map<String, MetricSummary> into, Metric id, @Nullable Double value, String reason) {
    into.put(
        id.id(),
        value == null
            ? MetricSummary.absent(id.unit(), reason)
            : MetricSummary.ofValue(id.unit(), value, 1));
  }
}
