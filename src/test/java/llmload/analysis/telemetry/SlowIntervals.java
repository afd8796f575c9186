package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import llmload.metrics.timeline.Span;
import llmload.model.CoreMetric;
import llmload.model.ResultTable;
import llmload.model.SeriesPoint;
import llmload.model.ServerPlace;
import llmload.model.SlowTime;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;

/**
 * The intervals of the run's series in which the p99 of the time to first token or of the time
 * between tokens was far above its usual one, and what made them slow. The rules are those of
 * docs/telemetry.md.
 */
final class SlowIntervals {
  /** Of fewer intervals nobody can say what is usual. */
  static final int LEAST_INTERVALS = 5;

  /** How many rows a table has. */
  static final int MOST_ROWS = 20;

  static final double LEAST_RATIO = 2;

  /** What this machine's own scheduling may do to any request. */
  static final double LEAST_EXCESS_MILLIS = 10;

  /** The series has microseconds: tokens that came together are 0 apart. */
  private static final double LEAST_USUAL_MILLIS = 1e-3;

  private static final List<CoreMetric> LATENCIES = List.of(CoreMetric.TTFT, CoreMetric.ITL);

  private final List<SeriesPoint> points;
  private final List<Slow> found = new ArrayList<>();
  private final IntervalReadings readings;
  private final Set<Integer> judged = new HashSet<>();

  /** A p99 that is far above the usual one, in the interval at {@code index}. */
  private record Peak(int index, CoreMetric latency, double p99Millis, double usualMillis) {
    double ratio() {
      return p99Millis / Math.max(usualMillis, LEAST_USUAL_MILLIS);
    }
  }

  private record Slow(Peak peak, SlowCause cause) {
    int index() {
      return peak.index;
    }

    double ratio() {
      return peak.ratio();
    }
  }

  /**
   * @param intervals those of {@code points}
   * @param joined the telemetry of the same intervals
   */
  SlowIntervals(
      Watch watch,
      ServerPlace place,
      List<SeriesPoint> points,
      List<Span> intervals,
      List<TelemetrySeries> joined) {
    this.points = points;
    List<Peak> peaks = new ArrayList<>();
    LATENCIES.forEach(latency -> peaks.addAll(peaks(latency)));
    Set<Integer> slow = new HashSet<>();
    peaks.forEach(peak -> slow.add(peak.index));
    List<Boolean> flags = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      flags.add(slow.contains(i));
    }
    this.readings = new IntervalReadings(watch, place, intervals, flags, joined);
    for (Peak peak : peaks) {
      SlowCause cause =
          SlowCause.of(readings, peak.index, peak.latency, peak.p99Millis, peak.usualMillis);
      found.add(new Slow(peak, cause));
    }
  }

  private static @Nullable Double p99(SeriesPoint point, CoreMetric latency) {
    return latency == CoreMetric.TTFT ? point.ttftP99Millis() : point.itlP99Millis();
  }

  private List<Peak> peaks(CoreMetric latency) {
    Map<Integer, Double> known = new LinkedHashMap<>();
    for (int i = 0; i < points.size(); i++) {
      Double p99 = p99(points.get(i), latency);
      if (p99 != null) {
        known.put(i, p99);
      }
    }
    Double usual = IntervalReadings.median(List.copyOf(known.values()));
    List<Peak> peaks = new ArrayList<>();
    if (usual == null || known.size() < LEAST_INTERVALS) {
      return peaks;
    }
    judged.addAll(known.keySet());
    known.forEach(
        (index, p99) -> {
          if (p99 >= usual * LEAST_RATIO && p99 - usual >= LEAST_EXCESS_MILLIS) {
            peaks.add(new Peak(index, latency, p99, usual));
          }
        });
    return peaks;
  }

  /** The worst of them, in order of time. */
  ResultTable table() {
    List<List<@Nullable Object>> rows =
        found.stream()
            .sorted(Comparator.comparingDouble(Slow::ratio).reversed())
            .limit(MOST_ROWS)
            .sorted(Comparator.comparingInt(Slow::index))
            .map(this::row)
            .toList();
    return new ResultTable(
        "slow_intervals",
        "Slow intervals, and what made them slow",
        ResultTable.columns(
            "start",
            "s",
            "width",
            "s",
            "slow_in",
            "",
            "p99",
            "ms",
            "usual",
            "ms",
            "cause",
            "",
            "waiting",
            "req",
            "queued",
            "ms",
            "running",
            "req",
            "kv_used",
            "ratio",
            "power",
            "W",
            "clock",
            "MHz",
            "throttled",
            "ratio",
            "preempted",
            "req",
            "evicted",
            "",
            "host_cpu",
            "ratio",
            "pause",
            "ms",
            "because",
            ""),
        rows);
  }

  private List<@Nullable Object> row(Slow slow) {
    SeriesPoint point = points.get(slow.index());
    List<@Nullable Object> row = new ArrayList<>();
    row.add(point.startSeconds());
    row.add(point.widthSeconds());
    row.add(slow.peak.latency.id());
    row.add(slow.peak.p99Millis);
    row.add(slow.peak.usualMillis);
    row.add(slow.cause.kind());
    for (IntervalReadings.Reading reading : readings.all()) {
      row.add(reading.at(slow.index()));
    }
    row.add(slow.cause.note());
    return row;
  }

  /** All of them, neighbours with one cause as one. */
  SlowTime time() {
    Set<Integer> slow = new HashSet<>();
    Map<String, Map<Integer, List<Slow>>> byCause = new LinkedHashMap<>();
    for (Slow each : found) {
      slow.add(each.index());
      byCause
          .computeIfAbsent(each.cause.kind(), kind -> new TreeMap<>())
          .computeIfAbsent(each.index(), index -> new ArrayList<>())
          .add(each);
    }
    List<SlowTime.Stretch> stretches = new ArrayList<>();
    for (Map<Integer, List<Slow>> intervals : byCause.values()) {
      List<Slow> open = new ArrayList<>();
      int last = -1;
      for (Map.Entry<Integer, List<Slow>> next : intervals.entrySet()) {
        if (!open.isEmpty() && next.getKey() != last + 1) {
          stretches.add(stretch(open));
          open.clear();
        }
        open.addAll(next.getValue());
        last = next.getKey();
      }
      stretches.add(stretch(open));
    }
    stretches.sort(
        Comparator.comparingDouble(SlowTime.Stretch::worstRatio)
            .reversed()
            .thenComparingDouble(SlowTime.Stretch::startSeconds));
    return new SlowTime(seconds(slow), seconds(judged), stretches);
  }

  private double seconds(Set<Integer> intervals) {
    return intervals.stream().mapToDouble(i -> points.get(i).widthSeconds()).sum();
  }

  private SlowTime.Stretch stretch(List<Slow> neighbours) {
    Slow worst = neighbours.get(0);
    Set<String> latencies = new LinkedHashSet<>();
    Set<Integer> intervals = new HashSet<>();
    for (Slow each : neighbours) {
      worst = each.ratio() > worst.ratio() ? each : worst;
      latencies.add(each.peak.latency.id());
      intervals.add(each.index());
    }
    SeriesPoint first = points.get(neighbours.get(0).index());
    SeriesPoint last = points.get(neighbours.get(neighbours.size() - 1).index());
    return new SlowTime.Stretch(
        first.startSeconds(),
        last.startSeconds() + last.widthSeconds(),
        intervals.size(),
        List.copyOf(latencies),
        worst.ratio(),
        worst.cause.kind(),
        worst.cause.because());
  }
}
