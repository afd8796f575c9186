package llmload.metrics.timeline;

import java.time.Duration;
import java.util.Map;
import llmload.config.DurationParser;
import org.jspecify.annotations.Nullable;

/**
 * When a number over a span counts: how far apart samples may be, and how much of the span they
 * must cover. What does not count is {@code null}.
 *
 * @param mostGapNanos samples further apart cover no time between them
 */
public record Coverage(long mostGapNanos) {
  /** An integral or a growth over less of the span is not measured. */
  public static final double LEAST_RATIO = 0.95;

  /** A gauge's mean and extremes over less of the span are not measured. */
  public static final double LEAST_GAUGE_RATIO = 0.5;

  /** Samples further apart than so many intervals have a gap between them. */
  private static final int MOST_GAP_INTERVALS = 3;

  private static final Duration LEAST_GAP = Duration.ofSeconds(1);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** By the settings of a run. */
  public static Coverage of(Map<String, String> settings) {
    Duration gap = interval(settings).multipliedBy(MOST_GAP_INTERVALS);
    return new Coverage((gap.compareTo(LEAST_GAP) < 0 ? LEAST_GAP : gap).toNanos());
  }

  /** The time between two looks, by the settings of a run. */
  public static Duration interval(Map<String, String> settings) {
    return DurationParser.parse(settings.getOrDefault("telemetry.interval", "")).orElse(INTERVAL);
  }

  /** How a gauge stood. */
  public @Nullable Level level(@Nullable Timeline gauge, Span span) {
    return enough(gauge, span, LEAST_GAUGE_RATIO);
  }

  /** A gauge's value times seconds. */
  public @Nullable Double integral(@Nullable Timeline gauge, Span span) {
    Level level = enough(gauge, span, LEAST_RATIO);
    return level == null ? null : Double.valueOf(level.integral());
  }

  private @Nullable Level enough(@Nullable Timeline gauge, Span span, double leastRatio) {
    Level level = gauge == null ? null : gauge.level(span, mostGapNanos);
    return level == null || level.coveredRatio() < leastRatio ? null : level;
  }

  /** What a counter grew by. */
  public @Nullable Growth growth(@Nullable Timeline counter, Span span) {
    Growth growth = counter == null ? null : counter.growth(span, mostGapNanos);
    return growth == null || growth.coveredRatio() < LEAST_RATIO ? null : growth;
  }
}
