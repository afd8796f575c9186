package llmload.analysis.telemetry;

import java.util.Arrays;
import java.util.Objects;
import llmload.metrics.timeline.Span;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of one request went; what was not stamped is {@code null}.
 *
 * @param wholeMillis sent → last token; sent → end if not streamed
 * @param connectMillis sent → connected
 * @param waitMillis connected → first token
 * @param streamMillis first → last token
 * @param stallMillis what its stalls took beyond its median gap; a stall is a gap of more than 100
 *     ms and 5 × the median
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

  static long wholeNanos(RequestRecord request) {
    Long last = request.stamps().lastTokenNanos();
    return request.chunks().size() > 0 && last != null ? last : request.stamps().endNanos();
  }

  static RequestParts of(RequestRecord request) {
    Stamps stamps = request.stamps();
    boolean streamed = request.chunks().size() > 0;
    Long connected = stamps.connectedNanos();
    Long first = streamed ? stamps.firstTokenNanos() : null;
    Long last = streamed ? stamps.lastTokenNanos() : null;
    long begun = Objects.requireNonNullElse(connected, 0L);
    int[] gaps = request.chunks().gapMicros();
    int[] sorted = Arrays.copyOfRange(gaps, Math.min(1, gaps.length), gaps.length);
    Arrays.sort(sorted);
    int median = sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 2];
    double stalledMicros = 0;
    Span longest = null;
    int longestMicros = 0;
    long atMicros = gaps.length == 0 ? 0 : gaps[0];
    for (int i = 1; i < gaps.length; i++) {
      if (gaps[i] > LEAST_STALL_MICROS && gaps[i] > STALL_MEDIANS * (long) median) {
        stalledMicros += gaps[i] - median;
        if (gaps[i] > longestMicros) {
          longestMicros = gaps[i];
          long from = request.sentNanos() + atMicros * NANOS_PER_MICRO;
          longest = new Span(from, from + gaps[i] * NANOS_PER_MICRO);
        }
      }
      atMicros += gaps[i];
    }
    return new RequestParts(
        wholeNanos(request) / NANOS_PER_MILLI,
        connected == null ? null : Double.valueOf(connected / NANOS_PER_MILLI),
        first == null ? null : Double.valueOf((first - begun) / NANOS_PER_MILLI),
        first == null || last == null ? null : Double.valueOf((last - first) / NANOS_PER_MILLI),
        streamed ? Double.valueOf(stalledMicros / MICROS_PER_MILLI) : null,
        longest);
  }
}
