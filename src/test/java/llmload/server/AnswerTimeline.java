package llmload.server;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import llmload.model.ChunkTimeline;
import llmload.model.Stamps;
import llmload.server.engine.TokenSink.Part;
import org.jspecify.annotations.Nullable;

/**
 * When the parts of one answer were sent, on the machine's monotonic clock.
 *
 * <p>A moment is taken just before the bytes are handed to the socket. One thread at a time.
 */
final class AnswerTimeline {
  private final long arrivedNanos;
  private final boolean keepChunks;
  private @Nullable Long begunNanos;
  private @Nullable Long headNanos;
  private @Nullable Long roleNanos;
  private @Nullable Long firstTokenNanos;
  private @Nullable Long firstReasoningNanos;
  private @Nullable Long firstContentNanos;
  private @Nullable Long firstToolCallNanos;
  private @Nullable Long lastTokenNanos;
  private @Nullable Long terminatorNanos;
  private int[] gapMicros = {};
  private int[] tokens = {};
  private int chunkCount;
  private long lastMicros;

  /**
   * @param keepChunks whether each chunk is kept, or only the first and the last
   */
  AnswerTimeline(long arrivedNanos, boolean keepChunks) {
    this.arrivedNanos = arrivedNanos;
    this.keepChunks = keepChunks;
  }

  void begun(long atNanos) {
    begunNanos = atNanos;
  }

  void head(long atNanos) {
    headNanos = atNanos - arrivedNanos;
  }

  void role(long atNanos) {
    roleNanos = atNanos - arrivedNanos;
  }

  void terminator(long atNanos) {
    terminatorNanos = atNanos - arrivedNanos;
  }

  /** A chunk with tokens. */
  void chunk(Part part, long atNanos, int tokenCount) {
    long since = atNanos - arrivedNanos;
    if (firstTokenNanos == null) {
      firstTokenNanos = atNanos;
    }
    lastTokenNanos = atNanos;
    switch (part) {
      case REASONING -> firstReasoningNanos = earlier(firstReasoningNanos, since);
      case CONTENT -> firstContentNanos = earlier(firstContentNanos, since);
      case TOOL_CALL -> firstToolCallNanos = earlier(firstToolCallNanos, since);
    }
    if (!keepChunks) {
      return;
    }
    if (chunkCount == gapMicros.length) {
      gapMicros = Arrays.copyOf(gapMicros, Math.max(16, chunkCount * 2));
      tokens = Arrays.copyOf(tokens, gapMicros.length);
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(since + 500);
    gapMicros[chunkCount] = (int) Math.min(Integer.MAX_VALUE, micros - lastMicros);
    tokens[chunkCount++] = tokenCount;
    lastMicros = micros;
  }

  private static Long earlier(@Nullable Long known, long now) {
    return known == null ? Long.valueOf(now) : known;
  }

  /** When the request was read. */
  long arrivedNanos() {
    return arrivedNanos;
  }

  /** When it left the queue. */
  @Nullable Long begunNanos() {
    return begunNanos;
  }

  /** When its first token was sent. */
  @Nullable Long firstTokenNanos() {
    return firstTokenNanos;
  }

  /** When its last token was sent. */
  @Nullable Long lastTokenNanos() {
    return lastTokenNanos;
  }

  /** All moments, since the arrival. */
  Stamps stamps(long endedNanos) {
    Long last = lastTokenNanos;
    return new Stamps(
        null,
        headNanos,
        null,
        roleNanos == null ? headNanos : roleNanos,
        roleNanos,
        firstReasoningNanos,
        firstContentNanos,
        firstToolCallNanos,
        last == null ? null : Long.valueOf(last - arrivedNanos),
        terminatorNanos,
        endedNanos - arrivedNanos);
  }

  /** The chunks that were kept. */
  ChunkTimeline chunks() {
    return chunkCount == 0
        ? ChunkTimeline.EMPTY
        : new ChunkTimeline(
            Arrays.copyOf(gapMicros, chunkCount), Arrays.copyOf(tokens, chunkCount));
  }
}
