package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import llmload.metrics.timeline.Card;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Track;
import llmload.model.SeriesPoint;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;

/**
 * Lays telemetry beside the requests: one value for each interval of the run's series, the mean
 * over its time, and none where less than half of that is known.
 */
final class SeriesJoin {
  private static final double NANOS = 1e9;
  private static final double MIB = 1L << 20;
  private static final String QUEUE = "Server queue and batch";
  private static final String MEMORY = "Memory";
  private static final String PROCESSORS = "Processors";

  private final Watch watch;
  private final List<Span> intervals;
  private final List<TelemetrySeries> series = new ArrayList<>();

  /**
   * @param intervals those of the run's series
   */
  SeriesJoin(Watch watch, List<Span> intervals) {
    this.watch = watch;
    this.intervals = List.copyOf(intervals);
  }

  /**
   * The intervals of a series.
   *
   * @param startNanos where the series begins, since the run's anchor
   */
  static List<Span> intervals(List<SeriesPoint> points, long startNanos) {
    List<Span> intervals = new ArrayList<>();
    for (SeriesPoint point : points) {
      long from = startNanos + Math.round(point.startSeconds() * NANOS);
      intervals.add(new Span(from, from + Math.round(point.widthSeconds() * NANOS)));
    }
    return intervals;
  }

  /** What was watched in some interval at least. */
  List<TelemetrySeries> series() {
    gauge(QUEUE, "waiting", "queue_depth", "req", Watch.SERVER, TelemetryId.REQUESTS_WAITING_COUNT);
    gauge(
        QUEUE, "running", "running_batch", "req", Watch.SERVER, TelemetryId.REQUESTS_RUNNING_COUNT);
    mean(
        "KV cache in use",
        "used",
        "kv_used_ratio",
        Watch.SERVER,
        TelemetryId.KV_USED_RATIO,
        "ratio");
    gauge("GPU power", "power", "power", "W", Watch.GPU, TelemetryId.POWER_WATTS);
    mean("GPU clock", "SM clock", "sm_clock", Watch.GPU, TelemetryId.SM_CLOCK_MHZ, "MHz");
    add("GPU throttled", "throttled", "throttled", "ratio", this::throttled);
    mean(
        "GPU utilisation",
        "busy",
        "gpu_utilization",
        Watch.GPU,
        TelemetryId.GPU_BUSY_RATIO,
        "ratio");
    scaled(MEMORY, "GPUs", "gpu_memory", Watch.GPU, TelemetryId.MEMORY_USED_BYTES);
    scaled(MEMORY, "server's process", "server_memory", Watch.PROCESS, TelemetryId.RSS_BYTES);
    gauge(
        PROCESSORS,
        "server's process",
        "server_cpu",
        "cores",
        Watch.PROCESS,
        TelemetryId.CPU_CORES);
    add("Processors of this machine", "busy", "host_cpu", "ratio", this::host);
    return List.copyOf(series);
  }

  private void gauge(
      String title, String label, String id, String unit, String source, TelemetryId of) {
    add(title, label, id, unit, span -> sum(tracks(source, of), of, span));
  }

  private void scaled(String title, String label, String id, String source, TelemetryId of) {
    add(
        title,
        label,
        id,
        "MiB",
        span -> {
          Double bytes = sum(watch.each(source, of), of, span);
          return bytes == null ? null : Double.valueOf(bytes / MIB);
        });
  }

  private void mean(
      String title, String label, String id, String source, TelemetryId of, String unit) {
    add(
        title,
        label,
        id,
        unit,
        span -> {
          List<Track> all = watch.each(source, of);
          Double sum = sum(all, of, span);
          return sum == null ? null : Double.valueOf(sum / all.size());
        });
  }

  private void add(
      String title, String label, String id, String unit, Function<Span, @Nullable Double> value) {
    List<@Nullable Double> values = new ArrayList<>();
    intervals.forEach(span -> values.add(value.apply(span)));
    if (values.stream().anyMatch(known -> known != null)) {
      series.add(new TelemetrySeries(id, title, label, unit, values));
    }
  }

  /** The parts of a card share its power. */
  private List<Track> tracks(String source, TelemetryId id) {
    return source.equals(Watch.GPU)
        ? Card.telling(Card.of(watch.of(Watch.GPU)), id)
        : watch.of(source);
  }

  private @Nullable Double sum(List<Track> tracks, TelemetryId id, Span span) {
    double sum = 0;
    for (Track track : tracks) {
      Level level = watch.level(track, id, span);
      if (level == null) {
        return null;
      }
      sum += level.mean();
    }
    return tracks.isEmpty() ? null : Double.valueOf(sum);
  }

  private @Nullable Double host(Span span) {
    Track host = watch.host();
    Level level = host == null ? null : watch.level(host, TelemetryId.CPU_BUSY_RATIO, span);
    return level == null ? null : Double.valueOf(level.mean());
  }

  private @Nullable Double throttled(Span span) {
    return Throttling.ratio(watch, span);
  }
}
