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

  /** A slope over less time is more noise than drift. */
  private static final double LEAST_SPAN_HOURS = 10 / 3_600.0;

  private final Map<String, Clock> byName = new TreeMap<>();

  /** The measurements of one clock. */
  private static final class Clock {
    private final List<double[]> points = new ArrayList<>();
    private double best = Double.NaN;
    private double leastUncertainty = Double.POSITIVE_INFINITY;
    private double highestFloor = Double.NEGATIVE_INFINITY;
    private double lowestCeiling = Double.POSITIVE_INFINITY;

    void add(double hours, double offset, double uncertainty) {
      points.add(new double[] {hours, offset});
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
      double least = points.stream().mapToDouble(point -> point[1]).min().orElse(0);
      return points.stream().mapToDouble(point -> point[1]).max().orElse(0) - least;
    }

    /** Milliseconds an hour by least squares; {@code null} over less than ten seconds. */
    @Nullable Double drift() {
      double first = points.stream().mapToDouble(point -> point[0]).min().orElse(0);
      double last = points.stream().mapToDouble(point -> point[0]).max().orElse(0);
      if (last - first < LEAST_SPAN_HOURS) {
        return null;
      }
      double meanHours = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
      double meanOffset = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
      double above = 0;
      double below = 0;
      for (double[] point : points) {
        above += (point[0] - meanHours) * (point[1] - meanOffset);
        below += (point[0] - meanHours) * (point[0] - meanHours);
      }
      return above / below;
    }
  }

  /** Takes a sample of the sampler, if it tells of a clock. */
  void add(TelemetrySample sample) {
    Double offset = sample.values().get(TelemetryId.CLOCK_OFFSET_MS.id());
    Double uncertainty = sample.values().get(TelemetryId.CLOCK_UNCERTAINTY_MS.id());
    if (offset != null && uncertainty != null) {
      byName
          .computeIfAbsent(sample.labels().getOrDefault("of", ""), name -> new Clock())
          .add(sample.atNanos() / NANOS_PER_HOUR, offset, uncertainty);
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
