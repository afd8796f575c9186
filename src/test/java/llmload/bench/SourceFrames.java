package llmload.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The bytes of streamed answers, made once: one event an HTTP chunk, in the frames of a server that
 * repeats one JSON object for each token.
 */
final class SourceFrames {
  /** Frames in one prebuilt block. */
  static final int BLOCK_TOKENS = 100;

  private static final String BEFORE_TEXT =
      "data: {\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\",\"object\":"
          + "\"chat.completion.chunk\",\"created\":1795294894,\"model\":\"model-m\",\"choices\":"
          + "[{\"index\":0,\"delta\":{";
  private static final String AFTER_DELTA = "},\"finish_reason\":null}]}\n\n";
  private static final String[] WORDS = {" the", " of", "ing", " server", ",", " token", "s", " a"};
  private static final String HEAD =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "server: token-source",
          "content-type: text/event-stream; charset=utf-8",
          "transfer-encoding: chunked",
          "",
          "");
  private static final String MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"}]}";

  private final ByteBuf head =
      direct(HEAD + chunk(BEFORE_TEXT + "\"role\":\"assistant\",\"content\":\"\"" + AFTER_DELTA));
  private final ByteBuf block;
  private final ByteBuf models =
      direct(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
              + MODELS.length()
              + "\r\n\r\n"
              + MODELS);
  private final int[] ends = new int[BLOCK_TOKENS + 1];

  SourceFrames() {
    StringBuilder frames = new StringBuilder();
    for (int i = 0; i < BLOCK_TOKENS; i++) {
      frames.append(frame(WORDS[i % WORDS.length]));
      ends[i + 1] = frames.length();
    }
    block = direct(frames.toString());
  }

  /** The response's head and the event that names the role. */
  ByteBuf head() {
    return head.retainedDuplicate();
  }

  /** The answer to a question for the models. */
  ByteBuf models() {
    return models.retainedDuplicate();
  }

  /** {@link #BLOCK_TOKENS} tokens. */
  ByteBuf block() {
    return block.retainedDuplicate();
  }

  /** The first {@code count} tokens of a block. */
  ByteBuf tokens(int count) {
    return block.retainedSlice(0, ends[count]);
  }

  /** The {@code index}th token. */
  ByteBuf token(int index) {
    int i = index % BLOCK_TOKENS;
    return block.retainedSlice(ends[i], ends[i + 1] - ends[i]);
  }

  /** Finish reason, usage, end mark and the last chunk. */
  ByteBuf end(int tokenCount) {
    String finish = BEFORE_TEXT + "},\"finish_reason\":\"length\"}]}\n\n";
    String usage =
        BEFORE_TEXT.substring(0, BEFORE_TEXT.indexOf("[{"))
            + "[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":"
            + tokenCount
            + ",\"total_tokens\":"
            + (tokenCount + 10)
            + "}}\n\n";
    String text = chunk(finish) + chunk(usage) + chunk("data: [DONE]\n\n") + "0\r\n\r\n";
    return Unpooled.copiedBuffer(text, US_ASCII);
  }

  /** One event, as one HTTP chunk, with that text. */
  static String frame(String text) {
    return chunk(BEFORE_TEXT + "\"content\":\"" + text + "\"" + AFTER_DELTA);
  }

  /** The length of a token's HTTP chunk, on average. */
  static double meanFrameBytes() {
    int sum = 0;
    for (int i = 0; i < BLOCK_TOKENS; i++) {
      sum += frame(WORDS[i % WORDS.length]).length();
    }
    return sum / (double) BLOCK_TOKENS;
  }

  private static String chunk(String event) {
    return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
  }

  private static ByteBuf direct(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(text.length()).writeBytes(text.getBytes(US_ASCII)).asReadOnly());
  }
}
