package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/**
 * How much of a wait for a first token the servers' own times can explain.
 *
 * <p>A server tells sums of times and numbers of requests, not which request it was. So a part of
 * the wait is at most all that the server spent on it around the wait, and at most twice what its
 * requests spent on it on the mean beyond the usual: of a burst that is served one by one the last
 * waits twice the mean. That mean is the larger of those around the whole wait and around its end,
 * when the request itself left the queue: requests from before the burst belong to the former. Who
 * of several servers took a request is not known: the least of what each can explain counts, and
 * nothing where one of them does not tell.
 */
final class ServerTimes {
  /** Of fewer stretches nobody can say what is usual. */
  private static final int LEAST_USUAL = 3;

  private static final double LAST_OF_BURST = 2;

  /** The servers' counts of first tokens and of requests out of the queue, if of the same ones. */
  private static final double MOST_COUNT_DEVIATION_RATIO = 0.1;

  private static final double LEAST_QUEUE_RATIO = 2;
  private static final double LEAST_WAITING = 1;
  private static final long LEAST_STRETCH_NANOS = 1_000_000_000L;
  private static final int MOST_STRETCHES = 1_000;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Watch watch;
  private final Map<Track, @Nullable Double> usualQueue = new HashMap<>();
  private final Map<Track, @Nullable Double> usualPrefill = new HashMap<>();

  /** What a server spent on one part of its requests. */
  private record Spent(double seconds, double requestCount) {
    double meanMillis() {
      return seconds / requestCount * MILLIS_PER_SECOND;
    }
  }

  private interface Part {
    @Nullable Spent of(Track server, Function<@Nullable Timeline, @Nullable Growth> growth);
  }

  ServerTimes(Watch watch) {
    this.watch = watch;
  }

  /**
   * What the queue can explain; {@code null} if nothing tells.
   *
   * @param beyondMillis what the wait was longer than usual, the most there is to explain
   */
  @Nullable Double queuedMillis(Span wait, double beyondMillis) {
    return leastOfAll(
        server -> {
          Double counted = possible(server, ServerTimes::queue, usualQueue, wait, beyondMillis);
          return counted == null ? byLength(server, wait, beyondMillis) : counted;
        });
  }

  /** What the work on the prompt can explain; {@code null} if nothing tells. */
  @Nullable Double prefillMillis(Span wait, double beyondMillis) {
    return leastOfAll(
        server -> possible(server, ServerTimes::prefill, usualPrefill, wait, beyondMillis));
  }

  private @Nullable Double leastOfAll(Function<Track, @Nullable Double> explained) {
    Double least = null;
    for (Track server : watch.of(Watch.SERVER)) {
      Double millis = explained.apply(server);
      if (millis == null) {
        return null;
      }
      least = least == null || millis < least ? millis : least;
    }
    return least;
  }

  private @Nullable Double possible(
      Track server,
      Part part,
      Map<Track, @Nullable Double> usuals,
      Span wait,
      double beyondMillis) {
    Spent spent = part.of(server, counter -> watch.coverage().growthAround(counter, wait));
    if (spent == null) {
      return null;
    }
    if (!usuals.containsKey(server)) {
      usuals.put(server, usualMillis(server, part));
    }
    Double usual = usuals.get(server);
    Span end = new Span(wait.toNanos() - 1, wait.toNanos());
    Spent last = part.of(server, counter -> watch.coverage().growthAround(counter, end));
    double mean = Math.max(spent.meanMillis(), last == null ? 0 : last.meanMillis());
    double further = usual == null ? 0 : LAST_OF_BURST * (mean - usual);
    double most = Math.min(spent.seconds * MILLIS_PER_SECOND, further);
    return usual == null ? null : Double.valueOf(Math.max(0, Math.min(beyondMillis, most)));
  }

  private static @Nullable Spent queue(
      Track server, Function<@Nullable Timeline, @Nullable Growth> growth) {
    return spent(server, TelemetryId.QUEUE_SECONDS, TelemetryId.QUEUE_COUNT, growth);
  }

  /** Its own word, else the time to first token less that in the queue. */
  private static @Nullable Spent prefill(
      Track server, Function<@Nullable Timeline, @Nullable Growth> growth) {
    Spent own = spent(server, TelemetryId.PREFILL_SECONDS, TelemetryId.PREFILL_COUNT, growth);
    Spent all = spent(server, TelemetryId.TTFT_SECONDS, TelemetryId.TTFT_COUNT, growth);
    Spent queued = queue(server, growth);
    if (own != null || all == null || queued == null) {
      return own;
    }
    boolean alike =
        Math.abs(all.requestCount - queued.requestCount)
            <= MOST_COUNT_DEVIATION_RATIO * all.requestCount;
    return alike ? new Spent(Math.max(0, all.seconds - queued.seconds), all.requestCount) : null;
  }

  private static @Nullable Spent spent(
      Track server,
      TelemetryId seconds,
      TelemetryId count,
      Function<@Nullable Timeline, @Nullable Growth> growth) {
    Growth time = growth.apply(server.of(seconds));
    Growth requests = growth.apply(server.of(count));
    return time == null || requests == null || requests.value() <= 0
        ? null
        : new Spent(time.value(), requests.value());
  }

  /** The mean time of the median request, by the means of stretches of the window. */
  private @Nullable Double usualMillis(Track server, Part part) {
    Span window = watch.window();
    long lengthNanos = window.toNanos() - window.fromNanos();
    Timeline paced = server.of(TelemetryId.QUEUE_COUNT);
    paced = paced == null ? server.of(TelemetryId.PREFILL_COUNT) : paced;
    long paceNanos = paced == null ? 0 : paced.paceNanos();
    long stretchNanos =
        Math.max(Math.max(LEAST_STRETCH_NANOS, paceNanos), lengthNanos / MOST_STRETCHES);
    List<Spent> told = new ArrayList<>();
    for (long from = window.fromNanos();
        from + stretchNanos <= window.toNanos();
        from += stretchNanos) {
      Span stretch = new Span(from, from + stretchNanos);
      Spent spent = part.of(server, counter -> watch.growth(counter, stretch));
      if (spent != null) {
        told.add(spent);
      }
    }
    told.sort(Comparator.comparingDouble(Spent::meanMillis));
    double left = told.stream().mapToDouble(Spent::requestCount).sum() / 2;
    for (Spent spent : told) {
      left -= spent.requestCount;
      if (left <= 0 && told.size() >= LEAST_USUAL) {
        return spent.meanMillis();
      }
    }
    return null;
  }

  /** All of it or nothing by the length of the queue, where that is clear. */
  private @Nullable Double byLength(Track server, Span wait, double beyondMillis) {
    Timeline waiting = server.of(TelemetryId.REQUESTS_WAITING_COUNT);
    Level length = waiting == null ? null : watch.coverage().known(waiting, wait);
    if (waiting == null || length == null || length.coveredRatio() < Coverage.LEAST_RATIO) {
      return null;
    }
    Double usual = IntervalReadings.median(waiting.valuesAround(watch.window()));
    double least = Math.max(LEAST_WAITING, LEAST_QUEUE_RATIO * (usual == null ? 0 : usual));
    if (length.min() > 0 && length.mean() >= least) {
      return beyondMillis;
    }
    return length.max() == 0 ? Double.valueOf(0) : null;
  }
}
