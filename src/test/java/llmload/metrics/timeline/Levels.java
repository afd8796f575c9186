package llmload.metrics.timeline;

import java.util.ArrayList;
import java.util.List;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** Gauges of several things as one; {@code null} if one of them has no number, or there is none. */
public final class Levels {
  private Levels() {}

  /** Added up, as memory is: the peak is the largest sum of any one moment. */
  public static @Nullable Level sum(
      List<Track> things, TelemetryId id, Coverage coverage, Span span) {
    List<Timeline> gauges = new ArrayList<>();
    for (Track thing : things) {
      Timeline gauge = thing.of(id);
      if (coverage.level(gauge, span) == null || gauge == null) {
        return null;
      }
      gauges.add(gauge);
    }
    return gauges.isEmpty() ? null : coverage.sum(gauges, span);
  }

  /** The mean of their means, with the extremes of all: how much of each is used. */
  public static @Nullable Level mean(
      List<Track> things, TelemetryId id, Coverage coverage, Span span) {
    double mean = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double integral = 0;
    double coveredRatio = 1;
    int samples = 0;
    for (Track thing : things) {
      Level level = coverage.level(thing.of(id), span);
      if (level == null) {
        return null;
      }
      mean += level.mean() / things.size();
      integral += level.integral() / things.size();
      min = Math.min(min, level.min());
      max = Math.max(max, level.max());
      coveredRatio = Math.min(coveredRatio, level.coveredRatio());
      samples += level.sampleCount();
    }
    return things.isEmpty() ? null : new Level("", mean, min, max, integral, samples, coveredRatio);
  }
}
