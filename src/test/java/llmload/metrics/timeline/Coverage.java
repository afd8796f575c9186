package llmload.metrics.timeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import llmload.config.DurationParser;
import org.jspecify.annotations.Nullable;

/**
 * When a number over a span counts: how far apart samples may be, and how much of the span they
 * must cover. What does not count is {@code null}.
 *
 * <p>A source may tell new values less often than it is looked at: an exporter that refreshes every
 * 30 s, a Prometheus server that scrapes every 15 s. Then three times its own pace counts, as far
 * as that is no more of the span than may lack anyway.
 *
 * @param mostGapNanos samples further apart cover no time between them, where new ones come at the
 *     pace of the looks
 */
public record Coverage(long mostGapNanos) {
  /** An integral or a growth over less of the span is not measured. */
  public static final double LEAST_RATIO = 0.95;

  /** A gauge's mean and extremes over less of the span are not measured. */
  public static final double LEAST_GAUGE_RATIO = 0.5;

  /** Samples further apart than so many intervals have a gap between them. */
  private static final int MOST_GAP_INTERVALS = 3;

  /** Exporters refresh once a second at best, and a look may just miss it. */
  private static final Duration LEAST_GAP = Duration.ofMillis(1_500);

  /** No source keeps its pace to the millisecond. */
  private static final double UNEVEN = 1.1;

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

  private long mostGapNanos(Timeline timeline, Span span) {
    long ownNanos = MOST_GAP_INTERVALS * timeline.paceNanos();
    double lackingNanos = (1 - LEAST_RATIO) * (span.toNanos() - span.fromNanos());
    return Math.max(mostGapNanos, Math.min(ownNanos, Math.round(lackingNanos * UNEVEN)));
  }

  /** How a gauge stood, however little of it is known. */
  public @Nullable Level known(Timeline gauge, Span span) {
    return gauge.level(span, mostGapNanos(gauge, span));
  }

  /** What a counter grew by, however little of it is known. */
  public @Nullable Growth knownGrowth(Timeline counter, Span span) {
    return counter.growth(span, mostGapNanos(counter, span));
  }

  /** How a gauge stood. */
  public @Nullable Level level(@Nullable Timeline gauge, Span span) {
    return gauge == null ? null : enough(known(gauge, span), LEAST_GAUGE_RATIO);
  }

  /** How the sum of several gauges stood: its peak is that of one moment. */
  public @Nullable Level sum(List<Timeline> gauges, Span span) {
    // Where all are known, samples of the sum are no further apart than those of any of them.
    long leastNanos =
        gauges.stream().mapToLong(gauge -> mostGapNanos(gauge, span)).min().orElse(mostGapNanos);
    Timeline sum = Timeline.sum(gauges, gauge -> mostGapNanos(gauge, span));
    return enough(sum.level(span, leastNanos), LEAST_GAUGE_RATIO);
  }

  /** A gauge's value times seconds. */
  public @Nullable Double integral(@Nullable Timeline gauge, Span span) {
    Level level = gauge == null ? null : enough(known(gauge, span), LEAST_RATIO);
    return level == null ? null : Double.valueOf(level.integral());
  }

  private static @Nullable Level enough(@Nullable Level level, double leastRatio) {
    return level == null || level.coveredRatio() < leastRatio ? null : level;
  }

  /** What a counter grew by. */
  public @Nullable Growth growth(@Nullable Timeline counter, Span span) {
    Growth growth = counter == null ? null : knownGrowth(counter, span);
    return growth == null || growth.coveredRatio() < LEAST_RATIO ? null : growth;
  }

  /**
   * What a counter grew by from the last sample before a span to the first one after it; {@code
   * null} where any of that time lies in a gap, or the counter began anew.
   */
  public @Nullable Growth growthAround(@Nullable Timeline counter, Span span) {
    Level known = counter == null ? null : known(counter, span);
    if (counter == null || known == null || known.coveredRatio() < 1) {
      return null;
    }
    Growth growth = counter.growthAround(span);
    return growth == null || growth.resetCount() > 0 ? null : growth;
  }
}
