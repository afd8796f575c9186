package llmload.wire;

import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one answer as its bytes arrive.
 *
 * <p>Not thread safe: one thread, the event loop of the connection. No bytes whatsoever make it
 * throw; what is wrong with them is told by {@link #reply}.
 */
public interface ReplyReader {

  /**
   * Whether a body of that type can be the answer, told before the first {@link #feed}; a stream
   * picks its framing by it. The type counts in any case and with any parameters; an answer without
   * a type is accepted, since some servers send none.
   */
  boolean acceptsContentType(@Nullable String contentType);

  /**
   * Takes the next bytes of the body, the transfer coding removed. They may be cut anywhere and are
   * not kept after the call.
   *
   * @param atNanos {@link System#nanoTime()} at the socket read that brought them
   */
  void feed(byte[] bytes, int from, int to, long atNanos);

  /** Whether the end mark was seen: the answer is complete even if the connection stays open. */
  boolean isTerminated();

  /** Whether the answer is broken or reports an error: reading on is of no use. */
  boolean isFailed();

  /**
   * Whether a generated token arrived. Pings, comments, deltas that are empty or name only a role,
   * and half events are none.
   */
  boolean hasToken();

  /** When the last token arrived; means something only after {@link #hasToken}. */
  long lastTokenAtNanos();

  /** What the answer was. Called once, at its end. */
  Reply reply(End end);
}
