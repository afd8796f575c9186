package llmload.wire;

import org.jspecify.annotations.Nullable;

/**
 * How to read an answer.
 *
 * @param stream whether it was asked for as a stream
 * @param keepText whether {@link Reply#text} and {@link Reply#reasoning} are wanted
 * @param maxEventBytes the longest line, and the longest data of one event, that is read
 * @param tokenCounter counts the received text where the server does not; {@code null} if there is
 *     no tokenizer of the model
 */
public record ReplyOptions(
    boolean stream, boolean keepText, int maxEventBytes, @Nullable TokenCounter tokenCounter) {

  /** The usual {@link #maxEventBytes}, 4 MiB. */
  public static final int DEFAULT_MAX_EVENT_BYTES = 4 << 20;

  /** Checks the limit. */
  public ReplyOptions {
    if (maxEventBytes < 1) {
      throw new IllegalArgumentException(
          "maxEventBytes: Expecting a number above 0. Found: " + maxEventBytes + ".");
    }
  }

  /** A streamed answer of which the text is not kept. */
  public static ReplyOptions streamed() {
    return new ReplyOptions(true, false, DEFAULT_MAX_EVENT_BYTES, null);
  }

  /** An answer in one piece of which the text is not kept. */
  public static ReplyOptions whole() {
    return new ReplyOptions(false, false, DEFAULT_MAX_EVENT_BYTES, null);
  }

  /** The same with the text kept. */
  public ReplyOptions keepingText() {
    return new ReplyOptions(stream, true, maxEventBytes, tokenCounter);
  }

  /** The same with another limit. */
  public ReplyOptions withMaxEventBytes(int value) {
    return new ReplyOptions(stream, keepText, value, tokenCounter);
  }

  /** The same with a tokenizer. */
  public ReplyOptions withTokenCounter(@Nullable TokenCounter value) {
    return new ReplyOptions(stream, keepText, maxEventBytes, value);
  }
}
