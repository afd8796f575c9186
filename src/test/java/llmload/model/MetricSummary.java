package llmload.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of one metric in one scope; or, for a metric that is a single number, only its
 * {@code value}. A statistic that does not exist is {@code null}.
 *
 * @param unit the unit of every number here
 * @param count the number of samples
 * @param value the single number of a metric without a distribution
 * @param min the smallest sample
 * @param mean the arithmetic mean
 * @param std the sample standard deviation, {@code null} below two samples
 * @param percentiles nearest-rank percentiles by name ({@code p50}, {@code p99.9}), ascending
 * @param max the largest sample
 * @param ci95 distribution-free 95 % confidence intervals by percentile name; a percentile that has
 *     too few samples for one is left out
 * @param notMeasured why there is nothing; {@code null} where there is something
 */
public record MetricSummary(
    String unit,
    long count,
    @Nullable Double value,
    @Nullable Double min,
    @Nullable Double mean,
    @Nullable Double std,
    Map<String, Double> percentiles,
    @Nullable Double max,
    Map<String, Interval> ci95,
    @Nullable String notMeasured) {

  /** A metric that is one number: no distribution behind it. */
  public static MetricSummary ofValue(String unit, double value, long count) {
    return new MetricSummary(unit, count, value, null, null, null, Map.of(), null, Map.of(), null);
  }

  /** A gauge over time, which has no percentiles. */
  public static MetricSummary ofGauge(
      String unit, long count, @Nullable Double min, double mean, @Nullable Double max) {
    return new MetricSummary(unit, count, null, min, mean, null, Map.of(), max, Map.of(), null);
  }

  /** A metric that was not measured, with the reason. */
  public static MetricSummary absent(String unit, String reason) {
    return new MetricSummary(unit, 0, null, null, null, null, Map.of(), null, Map.of(), reason);
  }

  /** The number that {@code statistic} names; {@code null} where it does not exist. */
  public @Nullable Double statistic(Statistic statistic) {
    return switch (statistic.name()) {
      case "value" -> value;
      case "min" -> min;
      case "mean" -> mean;
      case "std" -> std;
      case "max" -> max;
      default -> percentiles.get(statistic.name());
    };
  }
}
