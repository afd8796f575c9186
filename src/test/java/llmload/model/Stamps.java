package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * The moments of one request in nanoseconds since it was sent; {@code null} is what was not seen.
 *
 * <p>Every stamp is kept, so that each tool's rule for TTFT and the like can be applied afterwards.
 *
 * @param connectedNanos the request's bytes went out on an open connection
 * @param headersNanos the response's status line and headers were complete
 * @param firstByteNanos the first byte of the response's body
 * @param firstEventNanos the first event of the stream, of any content
 * @param roleNanos the first event that names the answer's role
 * @param firstReasoningNanos the first non-empty piece of reasoning
 * @param firstContentNanos the first non-empty piece of answer text
 * @param firstToolCallNanos the first piece of a tool call
 * @param lastTokenNanos the last chunk that carried tokens, in any channel
 * @param terminatorNanos the end mark of the stream, {@code [DONE]} or its like
 * @param endNanos the end of the request: of its body, of the terminator, or of our patience
 */
public record Stamps(
    @Nullable Long connectedNanos,
    @Nullable Long headersNanos,
    @Nullable Long firstByteNanos,
    @Nullable Long firstEventNanos,
    @Nullable Long roleNanos,
    @Nullable Long firstReasoningNanos,
    @Nullable Long firstContentNanos,
    @Nullable Long firstToolCallNanos,
    @Nullable Long lastTokenNanos,
    @Nullable Long terminatorNanos,
    long endNanos) {

  /** A request of which nothing is known but when it ended, in nanoseconds since it was sent. */
  public static Stamps endedAt(long endNanos) {
    return new Stamps(null, null, null, null, null, null, null, null, null, null, endNanos);
  }

  /** The first generated token in any channel, in nanoseconds since sent; {@code null} if none. */
  public @Nullable Long firstTokenNanos() {
    return earliest(earliest(firstReasoningNanos, firstContentNanos), firstToolCallNanos);
  }

  private static @Nullable Long earliest(@Nullable Long a, @Nullable Long b) {
    if (a == null) {
      return b;
    }
    return b == null || a <= b ? a : b;
  }
}
