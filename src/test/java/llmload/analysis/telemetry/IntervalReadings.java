package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import llmload.metrics.Percentiles;
import llmload.metrics.timeline.Card;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.ServerPlace;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;

/**
 * What telemetry tells of each interval of the run's series, beside what it tells of those that
 * were not slow.
 */
final class IntervalReadings {
  private static final List<TelemetryId> THROTTLED =
      Arrays.stream(TelemetryId.values()).filter(id -> id.id().startsWith("throttled_")).toList();
  private static final double MEDIAN = 50;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MILLIS_PER_SECOND = 1e3;

  /** Of fewer intervals nobody can say what is usual. */
  private static final int LEAST_USUAL = 3;

  private final Watch watch;
  private final List<Span> intervals;
  private final List<Boolean> slow;
  private final List<TelemetrySeries> joined;

  /** The injector's longest pause, in milliseconds. */
  final Reading pause;

  /** The largest share of time in which a GPU was slowed. */
  final Reading throttled;

  /** Requests that were put back to make room. */
  final Reading preempted;

  /** Blocks, tokens or passes of eviction, whichever each server counts. */
  final Reading evicted;

  /** Requests in the servers' queues. */
  final Reading waiting;

  /** Mean time in the queue of the requests that left it, in milliseconds. */
  final Reading queued;

  /** Requests computed at once. */
  final Reading running;

  /** The share of the KV cache in use. */
  final Reading kvUsed;

  /** The share of this machine's processor time not idle; of no server on another machine. */
  final Reading hostCpu;

  /** Power of all GPUs together, in watts. */
  final Reading power;

  /** Mean clock of all GPUs, in megahertz. */
  final Reading clock;

  /** Each GPU that tells its clock. */
  final List<Gpu> gpus;

  /** One number of each interval. */
  static final class Reading {
    private final List<@Nullable Double> values;
    private final @Nullable Double usual;

    private Reading(List<@Nullable Double> values, @Nullable Double usual) {
      this.values = values;
      this.usual = usual;
    }

    /** That of one interval; {@code null} if it is not known. */
    @Nullable Double at(int interval) {
      return values.get(interval);
    }

    /** The median of the intervals that were not slow; {@code null} if too few are known. */
    @Nullable Double usual() {
      return usual;
    }
  }

  /**
   * One GPU.
   *
   * @param name what tells it apart
   * @param clock the clock of its multiprocessors, in megahertz
   * @param powerRatio its power ÷ the limit in force
   */
  record Gpu(String name, Reading clock, Reading powerRatio) {}

  /**
   * @param slow which of the intervals were slow
   * @param joined the series of the same intervals
   */
  IntervalReadings(
      Watch watch,
      ServerPlace place,
      List<Span> intervals,
      List<Boolean> slow,
      List<TelemetrySeries> joined) {
    this.watch = watch;
    this.intervals = intervals;
    this.slow = slow;
    this.joined = joined;
    this.pause = reading(this::longestPause);
    List<Card> cards = Card.of(watch.of(Watch.GPU));
    this.throttled = joined("throttled", watch.of(Watch.GPU), THROTTLED);
    this.preempted = reading(span -> grown(span, TelemetryId.PREEMPTIONS_COUNT));
    this.evicted =
        reading(
            span ->
                grown(
                    span,
                    TelemetryId.EVICTED_BLOCKS_COUNT,
                    TelemetryId.EVICTED_TOKENS,
                    TelemetryId.EVICTION_PASSES_COUNT));
    this.waiting = ofServers("queue_depth", TelemetryId.REQUESTS_WAITING_COUNT);
    this.queued = reading(this::queuedMillis);
    this.running = ofServers("running_batch", TelemetryId.REQUESTS_RUNNING_COUNT);
    this.kvUsed = ofServers("kv_used_ratio", TelemetryId.KV_USED_RATIO);
    this.hostCpu =
        place.whyNotJudged() == null
            ? joined("host_cpu", watch.of(Watch.HOST), List.of(TelemetryId.CPU_BUSY_RATIO))
            : reading(span -> null);
    this.power =
        joined(
            "power",
            Card.telling(cards, TelemetryId.POWER_WATTS),
            List.of(TelemetryId.POWER_WATTS));
    this.clock =
        joined(
            "sm_clock",
            watch.each(Watch.GPU, TelemetryId.SM_CLOCK_MHZ),
            List.of(TelemetryId.SM_CLOCK_MHZ));
    this.gpus = gpus();
  }

  /** All of them but those of single GPUs. */
  List<Reading> all() {
    return List.of(
        waiting, queued, running, kvUsed, power, clock, throttled, preempted, evicted, hostCpu,
        pause);
  }

  /** The median by nearest rank; {@code null} without a value. */
  static @Nullable Double median(List<Double> values) {
    return median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The same of numbers in any order. */
  static @Nullable Double median(double[] values) {
    double[] ascending = values.clone();
    Arrays.sort(ascending);
    return ascending.length == 0
        ? null
        : Double.valueOf(Percentiles.nearestRank(ascending, MEDIAN));
  }

  /**
   * Requests in the servers' queues over an interval and some time after it; {@code null} if that
   * is not known of each server.
   */
  @Nullable Double waitingUntil(int interval, double furtherMillis) {
    Span longer = longer(interval, furtherMillis);
    double sum = 0;
    for (Track server : watch.of(Watch.SERVER)) {
      Double waiting = mean(server, TelemetryId.REQUESTS_WAITING_COUNT, longer);
      if (waiting == null) {
        return null;
      }
      sum += waiting;
    }
    return sum;
  }

  /** The mean time in the queue over an interval and some time after it, in milliseconds. */
  @Nullable Double queuedUntil(int interval, double furtherMillis) {
    return queuedMillis(longer(interval, furtherMillis));
  }

  private Span longer(int interval, double furtherMillis) {
    Span span = intervals.get(interval);
    return new Span(span.fromNanos(), span.toNanos() + Math.round(furtherMillis * NANOS_PER_MILLI));
  }

  private @Nullable Double queuedMillis(Span span) {
    Double seconds = grown(span, TelemetryId.QUEUE_SECONDS);
    Double count = grown(span, TelemetryId.QUEUE_COUNT);
    return seconds == null || count == null || count <= 0
        ? null
        : Double.valueOf(seconds / count * MILLIS_PER_SECOND);
  }

  private Reading ofServers(String id, TelemetryId from) {
    return joined(id, watch.of(Watch.SERVER), List.of(from));
  }

  /** A series where each of the things that tell it was looked at: else it is a straight line. */
  private Reading joined(String id, List<Track> things, List<TelemetryId> from) {
    List<@Nullable Double> values = new ArrayList<>();
    for (TelemetrySeries series : joined) {
      for (int i = 0; series.id().equals(id) && i < intervals.size(); i++) {
        values.add(seen(things, from, intervals.get(i)) ? series.values().get(i) : null);
      }
    }
    return values.isEmpty() ? reading(span -> null) : reading(values);
  }

  /** Whether each timeline of some things has a sample in a span or half its width around it. */
  private static boolean seen(List<Track> things, List<TelemetryId> from, Span span) {
    for (Track thing : things) {
      for (TelemetryId id : from) {
        Timeline told = thing.of(id);
        if (told != null && !seen(told, span)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean seen(Timeline told, Span span) {
    long halfNanos = (span.toNanos() - span.fromNanos()) / 2;
    return told.level(new Span(span.fromNanos() - halfNanos, span.toNanos() + halfNanos), 0)
        != null;
  }

  private Reading reading(Function<Span, @Nullable Double> value) {
    List<@Nullable Double> values = new ArrayList<>();
    intervals.forEach(span -> values.add(value.apply(span)));
    return reading(values);
  }

  private Reading reading(List<@Nullable Double> values) {
    List<Double> ordinary = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Double value = values.get(i);
      if (value != null && !slow.get(i)) {
        ordinary.add(value);
      }
    }
    return new Reading(values, ordinary.size() < LEAST_USUAL ? null : median(ordinary));
  }

  private @Nullable Double longestPause(Span span) {
    boolean seen = seen(watch.of(InjectorPause.INJECTOR), InjectorPause.PAUSES, span);
    InjectorPause longest = seen ? InjectorPause.longest(watch, span) : null;
    return longest == null ? null : Double.valueOf(longest.millis());
  }

  /**
   * By the first of the counters that each server tells, over all servers that ever tell one;
   * {@code null} if one of these is silent there.
   */
  private @Nullable Double grown(Span span, TelemetryId... counters) {
    Double sum = null;
    for (Track server : watch.of(Watch.SERVER)) {
      Timeline told = null;
      for (TelemetryId id : counters) {
        told = told == null ? server.of(id) : told;
      }
      Growth growth = told == null || !seen(told, span) ? null : watch.growth(told, span);
      if (told != null && growth == null) {
        return null;
      }
      sum = growth == null ? sum : Double.valueOf((sum == null ? 0 : sum) + growth.value());
    }
    return sum;
  }

  private List<Gpu> gpus() {
    List<Gpu> gpus = new ArrayList<>();
    for (Card card : Card.of(watch.of(Watch.GPU))) {
      Track clock = card.telling(TelemetryId.SM_CLOCK_MHZ);
      Track power = card.telling(TelemetryId.POWER_WATTS);
      Track limit = card.telling(TelemetryId.POWER_LIMIT_WATTS);
      if (clock != null) {
        gpus.add(
            new Gpu(
                ResourceTable.who(clock),
                reading(span -> mean(clock, TelemetryId.SM_CLOCK_MHZ, span)),
                reading(span -> powerRatio(power, limit, span))));
      }
    }
    return List.copyOf(gpus);
  }

  private @Nullable Double powerRatio(@Nullable Track power, @Nullable Track limit, Span span) {
    Double watts = power == null ? null : mean(power, TelemetryId.POWER_WATTS, span);
    Double most = limit == null ? null : mean(limit, TelemetryId.POWER_LIMIT_WATTS, span);
    return watts == null || most == null || most <= 0 ? null : Double.valueOf(watts / most);
  }

  private @Nullable Double mean(Track track, TelemetryId id, Span span) {
    Level level = seen(List.of(track), List.of(id), span) ? watch.level(track, id, span) : null;
    return level == null ? null : Double.valueOf(level.mean());
  }
}
