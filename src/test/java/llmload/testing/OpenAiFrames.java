package llmload.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The events of an OpenAI chat stream as text, blank line included, and its unstreamed answers.
 * Field order and spacing follow the recorded streams of real servers.
 */
public final class OpenAiFrames {
  private static final String PREFIX =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
          + "\"model\":\"test-model\",";

  private OpenAiFrames() {}

  /** An event that carries {@code payload} as it is. */
  public static String event(String payload) {
    return "data: " + payload + "\n\n";
  }

  /** The first event of most servers: the role, and empty content. */
  public static String role() {
    return delta(0, "\"role\":\"assistant\",\"content\":\"\"");
  }

  /** A piece of the answer. */
  public static String content(String text) {
    return content(0, text);
  }

  /** A piece of the answer of choice {@code choice}. */
  public static String content(int choice, String text) {
    return delta(choice, "\"content\":" + quoted(text));
  }

  /** A piece of the reasoning, under the name that most servers give it. */
  public static String reasoning(String text) {
    return delta(0, "\"reasoning_content\":" + quoted(text));
  }

  /** The first piece of a tool call: its id, name and the beginning of its arguments. */
  public static String toolCall(int index, String name, String arguments) {
    return delta(
        0,
        ("\"tool_calls\":[{\"index\":%d,\"id\":\"call_%d\",\"type\":\"function\","
                + "\"function\":{\"name\":%s,\"arguments\":%s}}]")
            .formatted(index, index, quoted(name), quoted(arguments)));
  }

  /** A further piece of the arguments of a tool call. */
  public static String toolArguments(int index, String arguments) {
    return delta(
        0,
        "\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":%s}}]"
            .formatted(index, quoted(arguments)));
  }

  /** The end of choice 0: an empty delta and the reason. */
  public static String finish(String reason) {
    return finish(0, reason);
  }

  /** The end of choice {@code choice}. */
  public static String finish(int choice, String reason) {
    return event(
        PREFIX
            + "\"choices\":[{\"index\":%d,\"delta\":{},\"finish_reason\":%s}]}"
                .formatted(choice, quoted(reason)));
  }

  /** The usage event that ends a stream: no choice. */
  public static String usage(long promptTokens, long completionTokens) {
    return event(PREFIX + "\"choices\":[]," + usageField(promptTokens, completionTokens) + "}");
  }

  /** A piece of the answer with the usage so far, as servers send under continuous usage. */
  public static String contentWithUsage(String text, long promptTokens, long completionTokens) {
    return event(
        PREFIX
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":"
            + quoted(text)
            + "},\"finish_reason\":null}],"
            + usageField(promptTokens, completionTokens)
            + "}");
  }

  /** The terminator. */
  public static String done() {
    return event("[DONE]");
  }

  /** An error inside a stream. */
  public static String error(String message) {
    return event(errorBody(message, "server_error"));
  }

  /** The body of an error answer. */
  public static String errorBody(String message, String type) {
    return "{\"error\":{\"message\":%s,\"type\":%s,\"param\":null,\"code\":null}}"
        .formatted(quoted(message), quoted(type));
  }

  /** The body of an unstreamed answer. */
  public static String completion(String text, long promptTokens, long completionTokens) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,"
        + "\"model\":\"test-model\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        + "\"content\":"
        + quoted(text)
        + "},\"finish_reason\":\"stop\"}],"
        + usageField(promptTokens, completionTokens)
        + "}";
  }

  /** The body that lists {@code model} as the only one. */
  public static String models(String model) {
    return "{\"object\":\"list\",\"data\":[{\"id\":%s,\"object\":\"model\"}]}"
        .formatted(quoted(model));
  }

  /**
   * A whole sound stream, one event each: role, the pieces, the end, the usage with 10 prompt
   * tokens and one token a piece, the terminator.
   */
  public static List<String> stream(String... pieces) {
    List<String> events = new ArrayList<>();
    events.add(role());
    for (String piece : pieces) {
      events.add(content(piece));
    }
    events.add(finish("stop"));
    events.add(usage(10, pieces.length));
    events.add(done());
    return events;
  }

  /** Text as a JSON string; what lies beyond ASCII stays as it is. */
  public static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        default -> {
          if (c < 0x20) {
            json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }

  private static String delta(int choice, String fields) {
    return event(
        PREFIX
            + "\"choices\":[{\"index\":"
            + choice
            + ",\"delta\":{"
            + fields
            + "},\"finish_reason\":null}]}");
  }

  private static String usageField(long promptTokens, long completionTokens) {
    return "\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(promptTokens, completionTokens, promptTokens + completionTokens);
  }
}
