package llmload.server;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bodies and events of one answer, as OpenAI's API writes them.
 *
 * <p>What is the same in every event of an answer is put together once.
 */
final class StreamFrames {
  /** The last event of a stream. */
  static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final boolean chat;
  private final boolean continuousUsage;
  private final String common;
  private final String eventHead;

  /**
   * @param request how the answer was asked for
   * @param id the answer's id, without the kind's prefix
   * @param createdSeconds seconds since 1970
   * @param model the model's name
   * @param fingerprint what produced the answer
   */
  StreamFrames(
      GenerationRequest request, String id, long createdSeconds, String model, String fingerprint) {
    chat = request.kind() == GenerationRequest.Kind.CHAT;
    continuousUsage = request.streaming().continuousUsage();
    common =
        ",\"created\":%d,\"model\":%s,\"system_fingerprint\":%s,\"choices\":["
            .formatted(createdSeconds, quoted(model), quoted(fingerprint));
    String quotedId = quoted((chat ? "chatcmpl-" : "cmpl-") + id);
    String object = chat ? "chat.completion" : "text_completion";
    bodyHead = "{\"id\":%s,\"object\":\"%s\"%s".formatted(quotedId, object, common);
    eventHead =
        "data: {\"id\":%s,\"object\":\"%s\"%s"
            .formatted(quotedId, chat ? "chat.completion.chunk" : object, common);
  }

  private final String bodyHead;

  /** The first event of a chat: the role and no text. */
  byte[] role(Usage usage) {
    return choice("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}", null, usage);
  }

  /** An event with a piece of the answer. */
  byte[] piece(String text, Usage usage) {
    String content =
        chat
            ? "\"delta\":{\"content\":" + quoted(text) + "}"
            : "\"text\":" + quoted(text) + ",\"logprobs\":null";
    return choice(content, null, usage);
  }

  /** The event that tells why the answer ended. */
  byte[] finish(String reason, Usage usage) {
    return choice(chat ? "\"delta\":{}" : "\"text\":\"\",\"logprobs\":null", reason, usage);
  }

  /** The event with the counts and no choice. */
  byte[] usage(Usage usage) {
    return utf8(eventHead + "],\"usage\":" + usage.json() + "}\n\n");
  }

  /** The answer in one body. */
  byte[] whole(String text, String reason, Usage usage) {
    String content =
        chat
            ? "\"message\":{\"role\":\"assistant\",\"content\":" + quoted(text) + "}"
            : "\"text\":" + quoted(text);
    return utf8(
        bodyHead
            + "{\"index\":0,"
            + content
            + ",\"logprobs\":null,\"finish_reason\":"
            + quoted(reason)
            + "}],\"usage\":"
            + usage.json()
            + "}");
  }

  /** An event that reports a fault after the stream has begun. */
  static byte[] fault(byte[] errorBody) {
    return utf8("data: " + new String(errorBody, StandardCharsets.UTF_8) + "\n\n");
  }

  private byte[] choice(String content, @Nullable String reason, Usage usage) {
    String tail = continuousUsage ? ",\"usage\":" + usage.json() : "";
    return utf8(
        eventHead
            + "{\"index\":0,"
            + content
            + ",\"finish_reason\":"
            + (reason == null ? "null" : quoted(reason))
            + "}]"
            + tail
            + "}\n\n");
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
