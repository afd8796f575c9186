package llmload.analysis.telemetry;

import java.util.Map;
import java.util.Objects;
import llmload.metrics.RequestMetrics;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.CoreMetric;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import llmload.model.RunMeasurements;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/**
 * What held a slow request up: the part that explains at least half of what it took beyond the
 * median of all OK requests. The rules, in their order, are those of docs/telemetry.md; where none
 * holds it is unattributed.
 */
final class Attribution {
  static final String UNATTRIBUTED = "unattributed";

  private static final String INJECTOR = "injector";
  private static final double HALF = 0.5;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Watch watch;
  private final @Nullable Double wholeMillis;
  private final double connectMillis;
  private final @Nullable Double firstTokenMillis;
  private final @Nullable Double tokens;
  private final @Nullable Double tokenMillis;

  /**
   * What held a request up.
   *
   * @param kind the cause in one or two words
   * @param millis what it explains; {@code null} if nothing is explained
   * @param note what speaks for it
   */
  record Cause(String kind, @Nullable Double millis, String note) {}

  Attribution(Watch watch, RunMeasurements run) {
    this.watch = watch;
    this.wholeMillis = median(run, CoreMetric.E2E);
    this.connectMillis = Objects.requireNonNullElse(median(run, CoreMetric.CONNECT), 0.0);
    this.firstTokenMillis = median(run, CoreMetric.TTFT);
    this.tokens = median(run, CoreMetric.OUTPUT_TOKENS);
    this.tokenMillis = median(run, CoreMetric.TPOT);
  }

  private static @Nullable Double median(RunMeasurements run, CoreMetric id) {
    MetricSummary summary = run.metrics().getOrDefault(RunMeasurements.ALL, Map.of()).get(id.id());
    return summary == null ? null : summary.percentiles().get("p50");
  }

  Cause of(RequestRecord request, RequestParts parts) {
    if (wholeMillis == null || parts.wholeMillis() <= wholeMillis) {
      return new Cause(UNATTRIBUTED, null, "not slower than the median");
    }
    double half = (parts.wholeMillis() - wholeMillis) * HALF;
    Span whole =
        new Span(
            request.sentNanos(),
            request.sentNanos() + Math.round(parts.wholeMillis() * NANOS_PER_MILLI));
    Cause cause = paused(whole, half);
    cause = cause == null ? connect(parts, half) : cause;
    cause = cause == null ? firstToken(request, parts, half) : cause;
    cause = cause == null ? stall(parts, half) : cause;
    cause = cause == null ? throttled(whole, parts) : cause;
    cause = cause == null ? longer(request, half) : cause;
    return cause == null ? new Cause(UNATTRIBUTED, null, "no part explains half of it") : cause;
  }

  /** The longest pause of the injector in a stretch of time, by its own samples. */
  private @Nullable Cause paused(Span span, double halfMillis) {
    double most = 0;
    String what = "";
    for (Track injector : watch.of(INJECTOR)) {
      for (TelemetryId id :
          new TelemetryId[] {TelemetryId.GC_PAUSE_MAX_MS, TelemetryId.EVENT_LOOP_LAG_MAX_MS}) {
        Timeline told = injector.of(id);
        Double longest = told == null ? null : told.greatestSince(span);
        if (longest != null && longest > most) {
          most = longest;
          what = id.id();
        }
      }
    }
    return most > 0 && most >= halfMillis
        ? new Cause("injector paused", most, "%s %.0f".formatted(what, most))
        : null;
  }

  private @Nullable Cause connect(RequestParts parts, double halfMillis) {
    Double took = parts.connectMillis();
    return took != null && took - connectMillis >= halfMillis
        ? new Cause("connect", took - connectMillis, "the connection came late")
        : null;
  }

  private @Nullable Cause firstToken(RequestRecord request, RequestParts parts, double halfMillis) {
    Double waited = parts.waitMillis();
    if (waited == null || firstTokenMillis == null) {
      return null;
    }
    double usual = Math.max(0, firstTokenMillis - connectMillis);
    double beyond = waited - usual;
    if (beyond < halfMillis) {
      return null;
    }
    Long prefillNanos = request.timings().prefillNanos();
    double prefill = prefillNanos == null ? 0 : prefillNanos / NANOS_PER_MILLI;
    if (prefill >= beyond * HALF) {
      return new Cause(
          "prefill",
          Math.min(prefill, beyond),
          "%.0f ms on the prompt by the answer's own word".formatted(prefill));
    }
    long connected = Objects.requireNonNullElse(request.stamps().connectedNanos(), 0L);
    long from = request.sentNanos() + connected;
    Span wait = new Span(from, from + Math.round(waited * NANOS_PER_MILLI));
    Double queued = queuedMillis(wait, waited);
    if (queued == null) {
      return new Cause(
          UNATTRIBUTED,
          null,
          "%.0f ms more than usual to the first token; no sample tells whether it was in a queue"
              .formatted(beyond));
    }
    if (queued >= beyond * HALF) {
      return new Cause(
          "server queue",
          Math.min(queued, beyond),
          "about %.0f ms in the queue by the server's metrics".formatted(queued));
    }
    if (prefillNanos != null) {
      return new Cause(
          UNATTRIBUTED,
          null,
          "%.0f ms more than usual to the first token; neither the queue nor the prompt took it"
              .formatted(beyond));
    }
    return new Cause(
        "prefill",
        beyond - queued,
        "%.0f ms to the first token, about %.0f ms of it in the queue".formatted(waited, queued));
  }

  /**
   * How long requests waited in the servers' queues while this one waited: by their mean time in
   * the queue, else all or nothing by the length of the queue; {@code null} if neither tells.
   */
  private @Nullable Double queuedMillis(Span wait, double waitedMillis) {
    Double most = null;
    for (Track server : watch.of(Watch.SERVER)) {
      Double queued = meanQueued(server, wait);
      Level length = watch.level(server, TelemetryId.REQUESTS_WAITING_COUNT, wait);
      if (queued == null && length != null) {
        queued = length.min() > 0 ? Double.valueOf(waitedMillis) : null;
        queued = length.max() == 0 ? Double.valueOf(0) : queued;
      }
      if (queued != null && (most == null || queued > most)) {
        most = queued;
      }
    }
    return most == null ? null : Double.valueOf(Math.min(most, waitedMillis));
  }

  private static @Nullable Double meanQueued(Track server, Span wait) {
    Timeline seconds = server.of(TelemetryId.QUEUE_SECONDS);
    Timeline count = server.of(TelemetryId.QUEUE_COUNT);
    Growth spent = seconds == null ? null : seconds.growthAround(wait);
    Growth requests = count == null ? null : count.growthAround(wait);
    return spent == null || requests == null || requests.value() <= 0
        ? null
        : Double.valueOf(spent.value() / requests.value() * MILLIS_PER_SECOND);
  }

  private @Nullable Cause stall(RequestParts parts, double halfMillis) {
    Double stalled = parts.stallMillis();
    Span where = parts.stall();
    if (stalled == null || where == null || stalled < halfMillis) {
      return null;
    }
    Double slowed = Throttling.ratio(watch, where);
    return slowed != null && slowed >= HALF
        ? new Cause("throttled GPU", stalled, "its stream stalled while a GPU was slowed")
        : new Cause("stall in the stream", stalled, "gaps beyond 100 ms and 5 times the median");
  }

  private @Nullable Cause throttled(Span whole, RequestParts parts) {
    Double ratio = Throttling.ratio(watch, whole);
    return ratio != null && ratio >= HALF && wholeMillis != null
        ? new Cause(
            "throttled GPU",
            parts.wholeMillis() - wholeMillis,
            "a GPU was slowed for %.0f %% of its time".formatted(ratio * 100))
        : null;
  }

  /** No fault: the answer is longer than the median one, at the median pace. */
  private @Nullable Cause longer(RequestRecord request, double halfMillis) {
    long n = RequestMetrics.outputTokens(request).orElse(0);
    if (tokens == null || tokenMillis == null) {
      return null;
    }
    double more = (n - tokens) * tokenMillis;
    return more >= halfMillis && more > 0
        ? new Cause("longer answer", more, "%d tokens, the median has %.0f".formatted(n, tokens))
        : null;
  }
}
