package llmload.analysis.telemetry;

import java.util.stream.Stream;
import llmload.model.MetricSummary;
import org.jspecify.annotations.Nullable;

/**
 * A metric of telemetry and what it was made of.
 *
 * @param summary the metric
 * @param from which numbers of which tools, in words; empty where it is not measured
 */
record Figure(MetricSummary summary, String from) {
  private static final String NO_EXTREMES = "the most is not known: %s";

  /** Not measured. */
  static Figure absent(String unit, String reason) {
    return new Figure(MetricSummary.absent(unit, reason), "");
  }

  /** A single number. */
  static Figure of(String unit, double value, long count, String from) {
    return new Figure(MetricSummary.ofValue(unit, value, count), from);
  }

  boolean isMeasured() {
    return summary.notMeasured() == null;
  }

  @Nullable Double value() {
    return summary.value();
  }

  /** Why it is not measured; empty where it is. */
  String reason() {
    String reason = summary.notMeasured();
    return reason == null ? "" : reason;
  }

  /** The mean of a gauge as a single number. */
  Figure mean() {
    Double mean = summary.mean();
    return mean == null ? this : of(summary.unit(), mean, summary.count(), from);
  }

  /** The most of a gauge as a single number. */
  Figure max() {
    Double max = summary.max();
    if (max != null) {
      return of(summary.unit(), max, summary.count(), from);
    }
    return isMeasured() ? absent(summary.unit(), NO_EXTREMES.formatted(from)) : this;
  }

  /** It divided by something; {@code none} says why that cannot be. */
  Figure per(@Nullable Number by, String unit, String none) {
    Double value = value();
    if (value == null) {
      return absent(unit, reason());
    }
    return by == null || by.doubleValue() <= 0
        ? absent(unit, none)
        : of(unit, value / by.doubleValue(), summary.count(), from);
  }

  /** The first that was measured; else why the first that is exposed was not. */
  static Figure first(Figure... figures) {
    return Stream.of(figures)
        .filter(Figure::isMeasured)
        .findFirst()
        .or(
            () ->
                Stream.of(figures)
                    .filter(figure -> !figure.reason().startsWith(Watch.NOT_EXPOSED))
                    .findFirst())
        .orElse(figures[0]);
  }
}
