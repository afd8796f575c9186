package llmload.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the body of an error answer says, as one short line. */
public final class ErrorBody {
  /**
   * The longest message, in UTF-16 units: long enough that a key which the server echoes is whole,
   * since half a key is not recognised as one. Whoever keeps a message redacts it first and cuts it
   * then.
   */
  public static final int MAX_CHARS = 4096;

  /** More than any error object: a longer body is text. */
  private static final int MAX_JSON_CHARS = 256 << 10;

  private ErrorBody() {}

  /** As {@link #message(String)}, of UTF-8 bytes. */
  public static String message(byte[] body) {
    int length = Math.min(body.length, MAX_JSON_CHARS + 1);
    return message(new String(body, 0, length, StandardCharsets.UTF_8));
  }

  /**
   * The message of {@code {"error":{"message":"…"}}}, {@code {"error":{"reason":"…"}}}, {@code
   * {"error":"…"}}, {@code {"detail":…}}, {@code {"message":"…"}} or {@code
   * {"status":{"error":"…"}}}; else the text itself, plain or HTML. White space is squeezed,
   * control characters are dropped, the rest is cut; empty if the body is.
   */
  public static String message(String body) {
    String text = body.length() > MAX_JSON_CHARS ? null : fromJson(body);
    return oneLine(text == null ? body : text);
  }

  private static @Nullable String fromJson(String body) {
    if (!body.stripLeading().startsWith("{")) {
      return null;
    }
    try {
      JsonNode root = Json.MAPPER.readTree(body);
      for (String key : new String[] {"error", "detail", "message", "status"}) {
        String text = text(root.path(key));
        if (text != null) {
          return text;
        }
      }
      return null;
    } catch (JsonProcessingException e) {
      return null; // no JSON: the text speaks for itself
    }
  }

  private static @Nullable String text(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    for (String key : new String[] {"message", "reason", "error"}) {
      if (node.path(key).isTextual()) {
        return node.path(key).textValue();
      }
    }
    if (node.isArray() && !node.isEmpty() && node.path(0).path("msg").isTextual()) {
      return violations(node);
    }
    return node.isContainerNode() && !node.isEmpty() ? node.toString() : null;
  }

  /** What FastAPI says of a body: {@code body.provider: Field required}; the input is left out. */
  private static String violations(JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (JsonNode violation : list) {
      List<String> place = new ArrayList<>();
      violation.path("loc").forEach(part -> place.add(part.asText()));
      String text = violation.path("msg").asText();
      texts.add(place.isEmpty() ? text : String.join(".", place) + ": " + text);
    }
    return String.join("; ", texts);
  }

  /** Squeezes white space, drops control characters and cuts at {@link #MAX_CHARS}. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder();
    boolean gap = false;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        gap = true;
      } else if (!isInvisible(c)) {
        int wanted = Character.charCount(c) + (gap && !line.isEmpty() ? 1 : 0);
        if (line.length() + wanted > MAX_CHARS) {
          break;
        }
        if (wanted > Character.charCount(c)) {
          line.append(' ');
        }
        line.appendCodePoint(c);
        gap = false;
      }
    }
    return line.toString();
  }

  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
  }
}
