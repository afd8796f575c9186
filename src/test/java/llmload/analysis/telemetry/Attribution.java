package llmload.analysis.telemetry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.metrics.RequestMetrics;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Levels;
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
 * What held a slow request up, be it OK or failed: the part that explains at least half of what it
 * took beyond the median of all OK requests. The rules, in their order, are those of
 * docs/telemetry.md; where none holds it is unattributed.
 */
final class Attribution {
  static final String UNATTRIBUTED = "unattributed";

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

  /** Whether a request took longer than the median OK one; all did where none was OK. */
  boolean isSlow(RequestParts parts) {
    return wholeMillis == null || parts.wholeMillis() > wholeMillis;
  }

  Cause of(RequestRecord request, RequestParts parts) {
    if (wholeMillis == null) {
      Cause cause = request.stamps().connectedNanos() == null ? connect(request, parts, 0) : null;
      return cause == null
          ? new Cause(UNATTRIBUTED, null, "no request was OK: nobody knows what is usual")
          : cause;
    }
    if (parts.wholeMillis() <= wholeMillis) {
      return new Cause(UNATTRIBUTED, null, "not slower than the median");
    }
    double half = (parts.wholeMillis() - wholeMillis) * HALF;
    Span whole =
        new Span(
            request.sentNanos(),
            request.sentNanos() + Math.round(parts.wholeMillis() * NANOS_PER_MILLI));
    Cause cause = paused(whole, half);
    cause = cause == null ? connect(request, parts, half) : cause;
    cause = cause == null ? firstToken(request, parts, half) : cause;
    cause = cause == null ? stall(parts, half) : cause;
    cause = cause == null ? throttled(whole, parts) : cause;
    cause = cause == null ? stream(request, parts, half) : cause;
    return cause == null ? new Cause(UNATTRIBUTED, null, "no part explains half of it") : cause;
  }

  private @Nullable Cause paused(Span span, double halfMillis) {
    InjectorPause pause = InjectorPause.longest(watch, span);
    return pause != null && pause.millis() > 0 && pause.millis() >= halfMillis
        ? new Cause(
            "injector paused", pause.millis(), "%s %.0f".formatted(pause.id().id(), pause.millis()))
        : null;
  }

  private @Nullable Cause connect(RequestRecord request, RequestParts parts, double halfMillis) {
    Double took = parts.connectMillis();
    if (took == null || took - connectMillis < halfMillis) {
      return null;
    }
    boolean came = request.stamps().connectedNanos() != null;
    return new Cause(
        "connect", took - connectMillis, came ? "the connection came late" : "no connection came");
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
    if (request.stamps().firstTokenNanos() == null) {
      return new Cause(
          UNATTRIBUTED,
          null,
          "%.0f ms without a first token, about %.0f ms of it in the queue"
              .formatted(waited, queued));
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
   * How long this one waited in a server's queue: as much of its wait as the requests around it
   * spent there on the mean, against their prefill where it is told; else all or nothing by the
   * length of the queue. {@code null} if nothing tells.
   */
  private @Nullable Double queuedMillis(Span wait, double waitedMillis) {
    Double most = null;
    for (Track server : watch.of(Watch.SERVER)) {
      Double queued = meanQueued(server, wait, waitedMillis);
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

  private static @Nullable Double meanQueued(Track server, Span wait, double waitedMillis) {
    Double queued = mean(server, TelemetryId.QUEUE_SECONDS, TelemetryId.QUEUE_COUNT, wait);
    Double prefill = mean(server, TelemetryId.PREFILL_SECONDS, TelemetryId.PREFILL_COUNT, wait);
    if (queued == null || prefill == null || queued + prefill <= 0) {
      return queued;
    }
    return waitedMillis * queued / (queued + prefill);
  }

  /** The mean time in milliseconds of the requests around a span. */
  private static @Nullable Double mean(
      Track server, TelemetryId seconds, TelemetryId count, Span around) {
    Timeline spent = server.of(seconds);
    Timeline counted = server.of(count);
    Growth time = spent == null ? null : spent.growthAround(around);
    Growth requests = counted == null ? null : counted.growthAround(around);
    return time == null || requests == null || requests.value() <= 0
        ? null
        : Double.valueOf(time.value() / requests.value() * MILLIS_PER_SECOND);
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

  /** What a stream without stalls is made of: how many tokens, and how long each took. */
  private @Nullable Cause stream(RequestRecord request, RequestParts parts, double halfMillis) {
    long n = RequestMetrics.outputTokens(request).orElse(0);
    if (tokens == null || tokenMillis == null) {
      return null;
    }
    double longerMillis = (n - tokens) * tokenMillis;
    Double streamed = parts.streamMillis();
    double stalled = Objects.requireNonNullElse(parts.stallMillis(), 0.0);
    double pace = streamed == null || n < 2 ? tokenMillis : (streamed - stalled) / (n - 1);
    double slowerMillis = (pace - tokenMillis) * (n - 1);
    if (slowerMillis > longerMillis && slowerMillis >= halfMillis) {
      String note = "%.1f ms a token, the median has %.1f".formatted(pace, tokenMillis);
      return new Cause("slow stream", slowerMillis, note + batch(request, parts));
    }
    return longerMillis > 0 && longerMillis >= halfMillis
        ? new Cause(
            "longer answer", longerMillis, "%d tokens, the median has %.0f".formatted(n, tokens))
        : null;
  }

  /** How many requests the servers computed meanwhile, where they tell. */
  private String batch(RequestRecord request, RequestParts parts) {
    long endNanos = request.sentNanos() + Math.round(parts.wholeMillis() * NANOS_PER_MILLI);
    Double streamed = parts.streamMillis();
    long tookNanos = streamed == null ? 0 : Math.round(streamed * NANOS_PER_MILLI);
    List<Track> servers = watch.of(Watch.SERVER);
    Level meanwhile = running(servers, new Span(endNanos - tookNanos, endNanos));
    Level usual = running(servers, watch.window());
    return meanwhile == null || usual == null
        ? ""
        : "; a batch of %.1f meanwhile, of %.1f on the whole"
            .formatted(meanwhile.mean(), usual.mean());
  }

  private @Nullable Level running(List<Track> servers, Span span) {
    return Levels.sum(servers, TelemetryId.REQUESTS_RUNNING_COUNT, watch.coverage(), span);
  }
}
