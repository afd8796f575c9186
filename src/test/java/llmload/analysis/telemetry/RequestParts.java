package llmload.analysis.telemetry;

import java.util.Arrays;
import java.util.Objects;
import llmload.metrics.RequestMetrics;
import llmload.metrics.timeline.Span;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of one request went; what was not stamped is {@code null}. A part that a failed
 * request never reached the end of lasts until the request's end.
 *
 * @param wholeMillis sent → last token; sent → end if not streamed or failed
 * @param connectMillis sent → connected
 * @param waitMillis connected → first token
 * @param streamMillis first → last token; first token → end if failed
 * @param stallMillis what its stalls took beyond its median gap; a stall is a gap of more than 100
 *     ms and 5 × the median, be it the silence between the last token and a failure
 * @param stall where its longest stall lies
 */
record RequestParts(
    double wholeMillis,
    @Nullable Double connectMillis,
    @Nullable Double waitMillis,
    @Nullable Double streamMillis,
    @Nullable Double stallMillis,
    @Nullable Span stall) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int LEAST_STALL_MICROS = 100_000;
  private static final int STALL_MEDIANS = 5;

  /** The stalls of one stream: what they took beyond the median gap, and the longest of them. */
  private record Stalls(double micros, @Nullable Span longest) {}

  static long wholeNanos(RequestRecord request) {
    Long last = request.stamps().lastTokenNanos();
    return request.outcome().isOk() && request.chunks().size() > 0 && last != null
        ? last
        : request.stamps().endNanos();
  }

  static RequestParts of(RequestRecord request) {
    Stamps stamps = request.stamps();
    boolean failed = !request.outcome().isOk();
    boolean streamed = request.chunks().size() > 0;
    long wholeNanos = wholeNanos(request);
    Long connected = stamps.connectedNanos();
    Long first = streamed ? stamps.firstTokenNanos() : null;
    Long connectedUntil = connected == null && failed ? neverConnected(request) : connected;
    boolean waitsStill = failed && first == null && connected != null;
    Long waitedUntil =
        waitsStill && RequestMetrics.isStreamed(request) ? Long.valueOf(wholeNanos) : first;
    long begun = Objects.requireNonNullElse(connected, 0L);
    Stalls stalls = stalls(request, failed);
    return new RequestParts(
        wholeNanos / NANOS_PER_MILLI,
        connectedUntil == null ? null : Double.valueOf(connectedUntil / NANOS_PER_MILLI),
        waitedUntil == null ? null : Double.valueOf((waitedUntil - begun) / NANOS_PER_MILLI),
        first == null ? null : Double.valueOf((wholeNanos - first) / NANOS_PER_MILLI),
        streamed ? Double.valueOf(stalls.micros / MICROS_PER_MILLI) : null,
        stalls.longest);
  }

  /** The end of a request that no connection came for; {@code null} if that is not known. */
  private static @Nullable Long neverConnected(RequestRecord request) {
    Stamps stamps = request.stamps();
    boolean answered =
        stamps.headersNanos() != null
            || stamps.firstByteNanos() != null
            || stamps.firstTokenNanos() != null;
    return answered || request.outcome() == Outcome.CLIENT ? null : Long.valueOf(stamps.endNanos());
  }

  private static Stalls stalls(RequestRecord request, boolean failed) {
    int[] gaps = request.chunks().gapMicros();
    int[] sorted = Arrays.copyOfRange(gaps, Math.min(1, gaps.length), gaps.length);
    Arrays.sort(sorted);
    int median = sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 2];
    double stalledMicros = 0;
    Span longest = null;
    long longestMicros = 0;
    long atMicros = gaps.length == 0 ? 0 : gaps[0];
    int last = failed && gaps.length > 0 ? gaps.length : gaps.length - 1;
    for (int i = 1; i <= last; i++) {
      long gap =
          i < gaps.length ? gaps[i] : request.stamps().endNanos() / NANOS_PER_MICRO - atMicros;
      if (gap > LEAST_STALL_MICROS && gap > STALL_MEDIANS * (long) median) {
        stalledMicros += gap - median;
        if (gap > longestMicros) {
          longestMicros = gap;
          long from = request.sentNanos() + atMicros * NANOS_PER_MICRO;
          longest = new Span(from, from + gap * NANOS_PER_MICRO);
        }
      }
      atMicros += gap;
    }
    return new Stalls(stalledMicros, longest);
  }
}
