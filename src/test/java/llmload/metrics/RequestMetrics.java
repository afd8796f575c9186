package llmload.metrics;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import llmload.model.ChunkTimeline;
import llmload.model.CoreMetric;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.model.Tags;
import org.jspecify.annotations.Nullable;

/**
 * The formulas of one request. What the record does not show is empty, never a zero.
 *
 * <p>Times are in milliseconds, token counts in tokens. Whose requests are looked at (OK, measured)
 * is the caller's business.
 */
public final class RequestMetrics {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MICROS_PER_MILLI = 1e3;

  /** A gap is a stall only above this. */
  private static final int STALL_MICROS = 100_000;

  /** A gap is a stall only above this many times the median gap of its stream. */
  private static final long STALL_MEDIANS = 5;

  private RequestMetrics() {}

  /**
   * Whether the answer was asked for as a stream of tokens: its token stamps then mean something.
   */
  public static boolean isStreamed(RequestRecord request) {
    return request.isGeneration() && !"false".equals(request.tags().get(Tags.STREAM));
  }

  /**
   * The one sample of {@code metric} that a request gives; empty if it gives none.
   *
   * @throws IllegalArgumentException if the metric has not one sample a request: the values, and
   *     {@code inter_chunk}, {@code itl} and {@code tokens_per_chunk}
   */
  public static OptionalDouble sample(CoreMetric metric, RequestRecord request) {
    Stamps stamps = request.stamps();
    boolean streamed = isStreamed(request);
    return switch (metric) {
      case CONNECT -> millis(stamps.connectedNanos());
      case TIME_TO_HEADERS -> millis(stamps.headersNanos());
      case TIME_TO_FIRST_BYTE -> millis(stamps.firstByteNanos());
      case TTFT -> streamed ? millis(stamps.firstTokenNanos()) : OptionalDouble.empty();
      case TTFOT -> streamed ? millis(stamps.firstContentNanos()) : OptionalDouble.empty();
      case TPOT -> tpot(request);
      case E2E -> millis(e2eNanos(request));
      case E2E_PER_OUTPUT_TOKEN -> millisPerToken(request);
      case E2E_TERMINATED -> streamed ? millis(stamps.terminatorNanos()) : OptionalDouble.empty();
      case TTFT_FROM_INTENDED ->
          streamed ? fromIntended(request, stamps.firstTokenNanos()) : OptionalDouble.empty();
      case E2E_FROM_INTENDED -> fromIntended(request, e2eNanos(request));
      case SEND_LAG -> fromIntended(request, 0L);
      case OUTPUT_TOKENS_PER_SECOND_PER_USER -> tokensPerSecond(request);
      case INPUT_TOKENS -> number(request.usage().inputTokens());
      case OUTPUT_TOKENS -> {
        OptionalLong n = outputTokens(request);
        yield n.isPresent() ? OptionalDouble.of((double) n.getAsLong()) : OptionalDouble.empty();
      }
      case CACHED_TOKENS -> number(request.usage().cachedTokens());
      case SERVER_PREFILL -> millis(request.timings().prefillNanos());
      case SERVER_DECODE_TOKENS_PER_SECOND -> decodeTokensPerSecond(request);
      case STALLS -> stalls(request);
      case RECALL_AT_K -> recall(request);
      default ->
          throw new IllegalArgumentException(
              "metric: Expecting one with a single sample a request. Found: " + metric.id() + ".");
    };
  }

  /**
   * Gives {@code consumer} every sample of {@code metric} that a request has.
   *
   * @throws IllegalArgumentException if the metric is no distribution
   */
  public static void forEachSample(
      CoreMetric metric, RequestRecord request, SampleConsumer consumer) {
    switch (metric) {
      case INTER_CHUNK -> forEachChunkGap(request, consumer);
      case ITL -> forEachTokenGap(request, consumer);
      case TOKENS_PER_CHUNK -> forEachChunkSize(request, consumer);
      default -> sample(metric, request).ifPresent(value -> consumer.accept(value, 1));
    }
  }

  /** Output tokens: as the usage says, else the sum over the chunks; empty if neither is known. */
  public static OptionalLong outputTokens(RequestRecord request) {
    Integer counted = request.usage().outputTokens();
    if (counted != null) {
      return OptionalLong.of(counted);
    }
    long received = request.chunks().tokenCount();
    return received > 0 ? OptionalLong.of(received) : OptionalLong.empty();
  }

  /** Sent → last token of a stream, sent → end of anything else, in nanoseconds. */
  private static @Nullable Long e2eNanos(RequestRecord request) {
    Stamps stamps = request.stamps();
    return isStreamed(request) ? stamps.lastTokenNanos() : Long.valueOf(stamps.endNanos());
  }

  private static OptionalDouble decodeTokensPerSecond(RequestRecord request) {
    Long decodeNanos = request.timings().decodeNanos();
    OptionalLong n = outputTokens(request);
    return decodeNanos == null || decodeNanos <= 0 || n.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(n.getAsLong() * NANOS_PER_SECOND / decodeNanos);
  }

  private static OptionalDouble tpot(RequestRecord request) {
    Long first = request.stamps().firstTokenNanos();
    Long last = request.stamps().lastTokenNanos();
    OptionalLong n = outputTokens(request);
    if (!isStreamed(request) || first == null || last == null || n.isEmpty() || n.getAsLong() < 2) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of((last - first) / NANOS_PER_MILLI / (n.getAsLong() - 1));
  }

  private static OptionalDouble tokensPerSecond(RequestRecord request) {
    OptionalLong n = outputTokens(request);
    Long nanos = e2eNanos(request);
    if (n.isEmpty() || n.getAsLong() < 1 || nanos == null || nanos <= 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(n.getAsLong() * NANOS_PER_SECOND / nanos);
  }

  private static OptionalDouble millisPerToken(RequestRecord request) {
    OptionalLong n = outputTokens(request);
    Long nanos = e2eNanos(request);
    return n.isEmpty() || n.getAsLong() < 1 || nanos == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(nanos / NANOS_PER_MILLI / n.getAsLong());
  }

  private static OptionalDouble stalls(RequestRecord request) {
    int[] gaps = request.chunks().gapMicros();
    if (gaps.length < 2) {
      return OptionalDouble.empty();
    }
    int longest = 0;
    for (int i = 1; i < gaps.length; i++) {
      longest = Math.max(longest, gaps[i]);
    }
    if (longest <= STALL_MICROS) {
      return OptionalDouble.of(0);
    }
    int[] ascending = Arrays.copyOfRange(gaps, 1, gaps.length);
    Arrays.sort(ascending);
    long median = ascending[(ascending.length + 1) / 2 - 1];
    long limit = Math.max(STALL_MICROS, STALL_MEDIANS * median);
    return OptionalDouble.of((double) Arrays.stream(ascending).filter(gap -> gap > limit).count());
  }

  private static void forEachChunkGap(RequestRecord request, SampleConsumer consumer) {
    int[] gaps = request.chunks().gapMicros();
    for (int i = 1; i < gaps.length; i++) {
      consumer.accept(gaps[i] / MICROS_PER_MILLI, 1);
    }
  }

  private static void forEachTokenGap(RequestRecord request, SampleConsumer consumer) {
    ChunkTimeline chunks = request.chunks();
    int[] gaps = chunks.gapMicros();
    int[] tokens = chunks.tokens();
    // A chunk may complete no token (half a character); its gap belongs to the next that does.
    long waited = 0;
    for (int i = 1; i < gaps.length; i++) {
      waited += gaps[i];
      if (tokens[i] > 0) {
        consumer.accept(waited / MICROS_PER_MILLI / tokens[i], tokens[i]);
        waited = 0;
      }
    }
  }

  private static void forEachChunkSize(RequestRecord request, SampleConsumer consumer) {
    for (int n : request.chunks().tokens()) {
      consumer.accept(n, 1);
    }
  }

  private static OptionalDouble recall(RequestRecord request) {
    String share = request.tags().get(Tags.RECALL);
    try {
      return share == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(share));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty(); // a check that could not be evaluated left a text
    }
  }

  private static OptionalDouble fromIntended(RequestRecord request, @Nullable Long sinceSentNanos) {
    Long intended = request.intendedNanos();
    return intended == null || sinceSentNanos == null
        ? OptionalDouble.empty()
        : millis(request.sentNanos() - intended + sinceSentNanos);
  }

  private static OptionalDouble millis(@Nullable Long nanos) {
    return nanos == null ? OptionalDouble.empty() : OptionalDouble.of(nanos / NANOS_PER_MILLI);
  }

  private static OptionalDouble number(@Nullable Integer count) {
    return count == null ? OptionalDouble.empty() : OptionalDouble.of(count);
  }
}
