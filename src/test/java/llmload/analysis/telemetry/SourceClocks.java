package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmload.model.ResultTable;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** The clocks of sources that stamp what they tell, against this machine's. */
final class SourceClocks {
  private static final double NANOS_PER_HOUR = 3_600e9;

  private final Map<String, Clock> byName = new TreeMap<>();

  /** One measurement. */
  private record Point(long atNanos, double offsetMillis, double uncertaintyMillis) {
    double hoursFrom(double nanos) {
      return (atNanos - nanos) / NANOS_PER_HOUR;
    }
  }

  /** The measurements of one clock. */
  private static final class Clock {
    private final List<Point> points = new ArrayList<>();
    private double best = Double.NaN;
    private double leastUncertainty = Double.POSITIVE_INFINITY;
    private double highestFloor = Double.NEGATIVE_INFINITY;
    private double lowestCeiling = Double.POSITIVE_INFINITY;

    void add(long atNanos, double offset, double uncertainty) {
      points.add(new Point(atNanos, offset, uncertainty));
      if (uncertainty < leastUncertainty) {
        leastUncertainty = uncertainty;
        best = offset;
      }
      highestFloor = Math.max(highestFloor, offset - uncertainty);
      lowestCeiling = Math.min(lowestCeiling, offset + uncertainty);
    }

    /** Whether no single offset lies within the uncertainty of every measurement. */
    boolean hasMoved() {
      return highestFloor > lowestCeiling;
    }

    double spread() {
      double least = points.stream().mapToDouble(Point::offsetMillis).min().orElse(0);
      return points.stream().mapToDouble(Point::offsetMillis).max().orElse(0) - least;
    }

    /**
     * Milliseconds an hour by least squares; {@code null} where a clock that keeps pace could have
     * been measured so.
     *
     * <p>The slope is {@code Σ d·offset ÷ Σ d²}, with {@code d} the time of a measurement from the
     * mean time. Errors of up to its uncertainty {@code u} each can turn it by {@code Σ |d|·u ÷ Σ
     * d²} at most: {@code 2u ÷ span} for measurements at both ends of it, up to {@code 3u ÷ span}
     * for many between.
     */
    @Nullable Double drift() {
      double mean = points.stream().mapToDouble(Point::atNanos).average().orElse(0);
      double turned = 0;
      double allowed = 0;
      double below = 0;
      for (Point point : points) {
        double from = point.hoursFrom(mean);
        turned += from * (point.offsetMillis() - best);
        allowed += Math.abs(from) * point.uncertaintyMillis();
        below += from * from;
      }
      return Math.abs(turned) > allowed ? Double.valueOf(turned / below) : null;
    }
  }

  /** Takes a sample of the sampler, if it tells of a clock. */
  void add(TelemetrySample sample) {
    Double offset = sample.values().get(TelemetryId.CLOCK_OFFSET_MS.id());
    Double uncertainty = sample.values().get(TelemetryId.CLOCK_UNCERTAINTY_MS.id());
    if (offset != null && uncertainty != null) {
      byName
          .computeIfAbsent(sample.labels().getOrDefault("of", ""), name -> new Clock())
          .add(sample.atNanos(), offset, uncertainty);
    }
  }

  /** Clocks that were set, or drifted further than their measurements are uncertain. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    byName.forEach(
        (name, clock) -> {
          if (clock.hasMoved()) {
            warnings.add(
                "The clock of %s moved %.1f ms against this machine's in the run; its samples are"
                        .formatted(name, clock.spread())
                    + " placed by what was measured next to them.");
          }
        });
    return warnings;
  }

  ResultTable table() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    byName.forEach(
        (name, clock) -> {
          List<@Nullable Object> row = new ArrayList<>();
          row.add(name);
          row.add((long) clock.points.size());
          row.add(clock.best);
          row.add(clock.leastUncertainty);
          row.add(clock.drift());
          rows.add(row);
        });
    return new ResultTable(
        "clocks",
        "Clocks of sources that stamp their samples, minus this machine's",
        ResultTable.columns(
            "source",
            "",
            "measured",
            "times",
            "offset",
            "ms",
            "uncertainty",
            "ms",
            "drift",
            "ms/h"),
        rows);
  }
}
