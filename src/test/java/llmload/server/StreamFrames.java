package llmload.server;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import llmload.server.engine.TokenSink.Part;
import org.jspecify.annotations.Nullable;

/**
 * The bodies and events of one answer, as OpenAI's API writes them.
 *
 * <p>What is the same in every event of an answer is put together once.
 */
final class StreamFrames {
  /** The last event of a stream. */
  static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] NOTHING = {};

  private final boolean chat;
  private final boolean continuousUsage;
  private final boolean truth;
  private final String bodyHead;
  private final String eventHead;
  private final String toolHead;
  private final Map<Part, byte[]> heads = new EnumMap<>(Part.class);
  private final Map<Part, byte[]> tails = new EnumMap<>(Part.class);

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
    truth = request.truth();
    String common =
        ",\"created\":%d,\"model\":%s,\"system_fingerprint\":%s,\"choices\":["
            .formatted(createdSeconds, quoted(model), quoted(fingerprint));
    String quotedId = quoted((chat ? "chatcmpl-" : "cmpl-") + id);
    String object = chat ? "chat.completion" : "text_completion";
    bodyHead = "{\"id\":%s,\"object\":\"%s\"%s".formatted(quotedId, object, common);
    eventHead =
        "data: {\"id\":%s,\"object\":\"%s\"%s"
            .formatted(quotedId, chat ? "chat.completion.chunk" : object, common);
    GenerationRequest.Tool tool = request.tools().called();
    toolHead =
        "\"id\":%s,\"type\":\"function\",\"function\":{\"name\":%s,\"arguments\":"
            .formatted(quoted("call-" + id), quoted(tool == null ? "" : tool.name()));
    for (Part part : Part.values()) {
      heads.put(part, utf8(eventHead + "{\"index\":0," + before(part) + '"'));
      tails.put(part, utf8('"' + after(part) + ",\"finish_reason\":null}]"));
    }
  }

  private String before(Part part) {
    if (!chat) {
      return "\"text\":";
    }
    return switch (part) {
      case CONTENT -> "\"delta\":{\"content\":";
      case REASONING -> "\"delta\":{\"reasoning_content\":";
      case TOOL_CALL -> "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":";
    };
  }

  private String after(Part part) {
    if (!chat) {
      return ",\"logprobs\":null";
    }
    return part == Part.TOOL_CALL ? "}}]}" : "}";
  }

  /** The first event of a chat: the role and no text. */
  byte[] role(Usage usage, long sentNanos) {
    return choice("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}", null, usage, sentNanos);
  }

  /** The event that begins a tool call: its id and name, and no arguments yet. */
  byte[] toolCall(Usage usage, long sentNanos) {
    String call = "\"delta\":{\"tool_calls\":[{\"index\":0," + toolHead + "\"\"}}]}";
    return choice(call, null, usage, sentNanos);
  }

  /**
   * An event with a piece of the answer.
   *
   * @param usage the counts so far, written only if they were asked for with each event
   * @param sentNanos this machine's monotonic clock, written only if it was asked for
   */
  byte[] piece(Part part, String text, Usage usage, long sentNanos) {
    byte[] head = heads.getOrDefault(part, NOTHING);
    byte[] tail = tails.getOrDefault(part, NOTHING);
    byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    byte[] end = utf8(end(usage, sentNanos));
    byte[] event = new byte[head.length + quoted.length + tail.length + end.length];
    System.arraycopy(head, 0, event, 0, head.length);
    System.arraycopy(quoted, 0, event, head.length, quoted.length);
    System.arraycopy(tail, 0, event, head.length + quoted.length, tail.length);
    System.arraycopy(end, 0, event, event.length - end.length, end.length);
    return event;
  }

  /** The event that tells why the answer ended. */
  byte[] finish(String reason, Usage usage, long sentNanos) {
    String content = chat ? "\"delta\":{}" : "\"text\":\"\",\"logprobs\":null";
    return choice(content, reason, usage, sentNanos);
  }

  /** The event with the counts and no choice. */
  byte[] usage(Usage usage) {
    return utf8(eventHead + "],\"usage\":" + usage.json() + "}\n\n");
  }

  /**
   * The answer in one body.
   *
   * @param texts what was said in each part; a part that is missing was not
   */
  byte[] whole(Map<Part, String> texts, String reason, Usage usage) {
    String content = texts.getOrDefault(Part.CONTENT, "");
    StringBuilder said = new StringBuilder();
    if (chat) {
      String arguments = texts.get(Part.TOOL_CALL);
      String reasoning = texts.get(Part.REASONING);
      said.append("\"message\":{\"role\":\"assistant\",\"content\":")
          .append(arguments != null && content.isEmpty() ? "null" : quoted(content));
      if (reasoning != null) {
        said.append(",\"reasoning_content\":").append(quoted(reasoning));
      }
      if (arguments != null) {
        said.append(",\"tool_calls\":[{").append(toolHead).append(quoted(arguments)).append("}}]");
      }
      said.append('}');
    } else {
      said.append("\"text\":").append(quoted(content));
    }
    return utf8(
        bodyHead
            + "{\"index\":0,"
            + said
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

  private byte[] choice(String content, @Nullable String reason, Usage usage, long sentNanos) {
    return utf8(
        eventHead
            + "{\"index\":0,"
            + content
            + ",\"finish_reason\":"
            + (reason == null ? "null" : quoted(reason))
            + "}]"
            + end(usage, sentNanos));
  }

  private String end(Usage usage, long sentNanos) {
    if (!continuousUsage && !truth) {
      return "}\n\n";
    }
    return (continuousUsage ? ",\"usage\":" + usage.json() : "")
        + (truth ? ",\"llmload_sent_nanos\":" + sentNanos : "")
        + "}\n\n";
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
