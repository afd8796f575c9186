package llmload.wire;

import java.util.Set;
import llmload.model.ChunkTimeline;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.ServerTimings;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * One answer, read to its end. Moments are readings of {@link System#nanoTime()}, {@code null} for
 * what was not seen; an answer in one piece has none but {@code firstByteAtNanos}.
 *
 * <p>The arrays have one entry for each event that carried generated text in any channel. They are
 * not copied; no reader writes to them. An entry of {@code chunkTokens} is 0 only where the server
 * sent more chunks than it counted tokens.
 *
 * @param outcome how the answer ended; {@link Outcome#INCOMPLETE} if it was abandoned half read
 * @param message what went wrong; {@code null} if nothing did
 * @param firstByteAtNanos the first byte of the body
 * @param firstEventAtNanos the first event that is not empty
 * @param roleAtNanos the first event that names a role
 * @param firstReasoningAtNanos the first non-empty piece of reasoning
 * @param firstContentAtNanos the first non-empty piece of answer text
 * @param firstToolCallAtNanos the first non-empty piece of a tool call
 * @param lastTokenAtNanos the last event that carried generated text
 * @param terminatorAtNanos the end mark
 * @param chunkAtNanos the arrival of each chunk
 * @param chunkTokens the tokens of each chunk, see {@link TokenSpread}
 * @param finishReason the first finish reason, in the server's word
 * @param usage the token counts
 * @param timings what the work took by the server's own word
 * @param flags what was odd
 * @param text the answer's text, of all choices in the order of arrival, cut at 8 MiB; of a search
 *     the ids of its hits, one a line; empty unless kept
 * @param reasoning the reasoning's text, likewise
 * @param bytesReceived the length of the body as far as it was read
 */
@SuppressWarnings("ArrayRecordComponent") // one entry a token: lists would box
public record Reply(
    Outcome outcome,
    @Nullable String message,
    @Nullable Long firstByteAtNanos,
    @Nullable Long firstEventAtNanos,
    @Nullable Long roleAtNanos,
    @Nullable Long firstReasoningAtNanos,
    @Nullable Long firstContentAtNanos,
    @Nullable Long firstToolCallAtNanos,
    @Nullable Long lastTokenAtNanos,
    @Nullable Long terminatorAtNanos,
    long[] chunkAtNanos,
    int[] chunkTokens,
    @Nullable String finishReason,
    TokenUsage usage,
    ServerTimings timings,
    Set<Flag> flags,
    String text,
    String reasoning,
    long bytesReceived) {

  private static final long NANOS_PER_MICRO = 1_000;

  /** Copies the flags and checks that the arrays have one length. */
  public Reply {
    if (chunkAtNanos.length != chunkTokens.length) {
      throw new IllegalArgumentException(
          "chunkTokens: Expecting one entry for each of %d chunks. Found: %d."
              .formatted(chunkAtNanos.length, chunkTokens.length));
    }
    flags = Set.copyOf(flags);
  }

  /**
   * The chunks as gaps. Each gap is the difference of two stamps since {@code sentAtNanos}, each
   * rounded to microseconds, so that the running sum of the gaps never drifts from the stamps.
   */
  public ChunkTimeline chunks(long sentAtNanos) {
    if (chunkAtNanos.length == 0) {
      return ChunkTimeline.EMPTY;
    }
    int[] gaps = new int[chunkAtNanos.length];
    long before = 0;
    for (int i = 0; i < gaps.length; i++) {
      long sinceSentNanos = chunkAtNanos[i] - sentAtNanos;
      long micros = Math.floorDiv(sinceSentNanos + NANOS_PER_MICRO / 2, NANOS_PER_MICRO);
      gaps[i] = (int) Math.min(micros - before, Integer.MAX_VALUE);
      before += gaps[i];
    }
    return new ChunkTimeline(gaps, chunkTokens);
  }
}
