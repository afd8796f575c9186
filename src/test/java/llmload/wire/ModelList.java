package llmload.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The names in the answer to {@code GET /v1/models}, or Ollama's {@code /api/tags}. */
public final class ModelList {
  private ModelList() {}

  /**
   * The ids in {@code data[]} (or {@code models[]}, of Ollama {@code model}), in the server's
   * order; empty if the text is no such list.
   */
  public static List<String> parse(String json) {
    List<String> ids = new ArrayList<>();
    try {
      JsonNode root = Json.MAPPER.readTree(json);
      for (JsonNode model : root.path(root.has("data") ? "data" : "models")) {
        JsonNode id = model.path(model.has("id") ? "id" : "model");
        if (id.isTextual()) {
          ids.add(id.textValue());
        }
      }
    } catch (JsonProcessingException e) {
      return List.of();
    }
    return List.copyOf(ids);
  }
}
