package llmload.analysis.telemetry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.metrics.RequestMetrics;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Levels;
import llmload.metrics.timeline.Span;
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

  private static final String PREFILL = "prefill";
  private static final double HALF = 0.5;

  /** What this machine's own scheduling may do to any request. */
  private static final double LEAST_EXCESS_MILLIS = SlowIntervals.LEAST_EXCESS_MILLIS;

  private static final double LEAST_EXCESS_RATIO = 0.1;

  /** Of fewer words of answers nobody can say what is usual. */
  private static final int LEAST_USUAL = 3;

  private static final double NANOS_PER_MILLI = 1e6;

  private final Watch watch;
  private final ServerTimes servers;
  private final @Nullable Double wholeMillis;
  private final double connectMillis;
  private final @Nullable Double firstTokenMillis;
  private final double prefillMillis;
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
    this.servers = new ServerTimes(watch);
    this.wholeMillis = median(run, CoreMetric.E2E);
    this.connectMillis = Objects.requireNonNullElse(median(run, CoreMetric.CONNECT), 0.0);
    this.firstTokenMillis = median(run, CoreMetric.TTFT);
    this.prefillMillis = usualPrefill(run);
    this.tokens = median(run, CoreMetric.OUTPUT_TOKENS);
    this.tokenMillis = median(run, CoreMetric.TPOT);
  }

  private static @Nullable Double median(RunMeasurements run, CoreMetric id) {
    MetricSummary summary = run.metrics().getOrDefault(RunMeasurements.ALL, Map.of()).get(id.id());
    return summary == null ? null : summary.percentiles().get("p50");
  }

  private static double usualPrefill(RunMeasurements run) {
    MetricSummary summary =
        run.metrics()
            .getOrDefault(RunMeasurements.ALL, Map.of())
            .get(CoreMetric.SERVER_PREFILL.id());
    Double median = median(run, CoreMetric.SERVER_PREFILL);
    return summary == null || median == null || summary.count() < LEAST_USUAL ? 0 : median;
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
    double excess = parts.wholeMillis() - wholeMillis;
    if (excess < Math.max(LEAST_EXCESS_MILLIS, wholeMillis * LEAST_EXCESS_RATIO)) {
      return new Cause(UNATTRIBUTED, null, "not slower than usual");
    }
    double half = excess * HALF;
    Span whole =
        new Span(
            request.sentNanos(),
            request.sentNanos() + Math.round(parts.wholeMillis() * NANOS_PER_MILLI));
    Cause cause = paused(whole, half);
    cause = cause == null ? connect(request, parts, half) : cause;
    cause = cause == null ? firstToken(request, parts, half) : cause;
    cause = cause == null ? stall(parts, half) : cause;
    cause = cause == null ? throttled(whole, excess) : cause;
    cause = cause == null ? stream(request, parts, half) : cause;
    return cause == null ? new Cause(UNATTRIBUTED, null, "no part explains half of it") : cause;
  }

  private @Nullable Cause paused(Span span, double halfMillis) {
    InjectorPause pause = InjectorPause.mostUnusual(watch, span);
    return pause != null && pause.beyondMillis() > 0 && pause.beyondMillis() >= halfMillis
        ? new Cause(
            "injector paused",
            pause.beyondMillis(),
            "%s %.0f, usually %.0f".formatted(pause.id().id(), pause.millis(), pause.usualMillis()))
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
    double beyond = waited - Math.max(0, firstTokenMillis - connectMillis);
    if (beyond < halfMillis) {
      return null;
    }
    Long prefillNanos = request.timings().prefillNanos();
    if (prefillNanos != null && prefillNanos / NANOS_PER_MILLI - prefillMillis >= beyond * HALF) {
      double prefill = prefillNanos / NANOS_PER_MILLI;
      return new Cause(
          PREFILL,
          Math.min(prefill - prefillMillis, beyond),
          "%.0f ms on the prompt by the answer's own word".formatted(prefill));
    }
    long connected = Objects.requireNonNullElse(request.stamps().connectedNanos(), 0L);
    long from = request.sentNanos() + connected;
    Span wait = new Span(from, from + Math.round(waited * NANOS_PER_MILLI));
    Double queued = servers.queuedMillis(wait, beyond);
    if (queued != null && queued >= beyond * HALF) {
      return new Cause(
          "server queue",
          queued,
          "up to %.0f ms in the queue by the server's metrics".formatted(queued));
    }
    boolean came = request.stamps().firstTokenNanos() != null;
    Double prompt = came && prefillNanos == null ? servers.prefillMillis(wait, beyond) : null;
    if (prompt != null && prompt >= beyond * HALF) {
      return new Cause(
          PREFILL, prompt, "up to %.0f ms on the prompt by the server's metrics".formatted(prompt));
    }
    String excess =
        came
            ? "%.0f ms more than usual to the first token; ".formatted(beyond)
            : "%.0f ms without a first token; ".formatted(waited);
    boolean promptKnown = prompt != null || prefillNanos != null;
    return new Cause(UNATTRIBUTED, null, excess + left(queued != null, promptKnown));
  }

  /** What is left once neither the queue nor the prompt explains half. */
  private static String left(boolean queueKnown, boolean promptKnown) {
    if (!queueKnown) {
      return "no sample tells whether it was longer than usual in a queue";
    }
    return promptKnown
        ? "not in the server's queue nor on its prompt by its metrics: between it and the client,"
            + " or not told"
        : "not in the server's queue by its metrics, and no sample tells of its prompt";
  }

  private @Nullable Cause stall(RequestParts parts, double halfMillis) {
    Double stalled = parts.stallMillis();
    Span where = parts.stall();
    if (stalled == null || where == null || stalled < halfMillis) {
      return null;
    }
    return unusuallySlowed(where) != null
        ? new Cause("throttled GPU", stalled, "its stream stalled while a GPU was slowed")
        : new Cause("stall in the stream", stalled, "gaps beyond 100 ms and 5 times the median");
  }

  private @Nullable Cause throttled(Span whole, double excessMillis) {
    Double ratio = unusuallySlowed(whole);
    return ratio == null
        ? null
        : new Cause(
            "throttled GPU",
            excessMillis,
            "a GPU was slowed for %.0f %% of its time".formatted(ratio * 100));
  }

  /** The share of a time in which a GPU was slowed; {@code null} below half, or if it always is. */
  private @Nullable Double unusuallySlowed(Span span) {
    Double slowed = Throttling.ratio(watch, span);
    Double usually = Throttling.ratio(watch, watch.window());
    return slowed != null && slowed >= HALF && usually != null && usually < HALF ? slowed : null;
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
    List<Track> all = watch.of(Watch.SERVER);
    Level meanwhile = running(all, new Span(endNanos - tookNanos, endNanos));
    Level usual = running(all, watch.window());
    return meanwhile == null || usual == null
        ? ""
        : "; a batch of %.1f meanwhile, of %.1f on the whole"
            .formatted(meanwhile.mean(), usual.mean());
  }

  private @Nullable Level running(List<Track> all, Span span) {
    return Levels.sum(all, TelemetryId.REQUESTS_RUNNING_COUNT, watch.coverage(), span);
  }
}
