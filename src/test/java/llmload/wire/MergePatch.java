package llmload.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merges JSON objects by RFC 7396: objects merge, null removes, all else replaces. */
final class MergePatch {
  private MergePatch() {}

  /**
   * Merges the object that {@code json} is into {@code body}.
   *
   * @throws IllegalArgumentException if it is none; the message begins with {@code name}
   */
  static void apply(ObjectNode body, String name, String json) {
    merge(body, object(name, json));
  }

  /**
   * The JSON object that a text is.
   *
   * @throws IllegalArgumentException if it is none; the message begins with {@code name}
   */
  static ObjectNode object(String name, String json) {
    try {
      if (Json.MAPPER.readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw notAnObject(name, json, e);
    }
    throw notAnObject(name, json, null);
  }

  private static IllegalArgumentException notAnObject(
      String name, String json, @Nullable Exception cause) {
    String found = ErrorBody.oneLine(json);
    return new IllegalArgumentException(
        name + ": Expecting a JSON object. Found: " + found + ".", cause);
  }

  private static void merge(ObjectNode into, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        into.remove(field.getKey());
      } else if (value instanceof ObjectNode object) {
        ObjectNode target =
            into.get(field.getKey()) instanceof ObjectNode old
                ? old
                : into.putObject(field.getKey());
        merge(target, object);
      } else {
        into.set(field.getKey(), value);
      }
    }
  }
}
