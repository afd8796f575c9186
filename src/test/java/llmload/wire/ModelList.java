package llmload.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names in the answer to {@code GET /v1/models}, or Ollama's {@code /api/tags}. */
public final class ModelList {
  private static final List<String> CONTEXTS =
      List.of("/max_model_len", "/spec/max_context_length", "/meta/n_ctx");

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

  /**
   * The tokens of context by model, where the list tells: {@code max_model_len} as of vLLM, {@code
   * spec.max_context_length} as of agent-memory, {@code meta.n_ctx} as of llama.cpp.
   */
  public static Map<String, Integer> contexts(String json) {
    Map<String, Integer> contexts = new TreeMap<>();
    try {
      for (JsonNode model : Json.MAPPER.readTree(json).path("data")) {
        for (String place : CONTEXTS) {
          JsonNode context = model.at(place);
          if (context.isInt() && context.intValue() > 0) {
            contexts.putIfAbsent(model.path("id").asText(), context.intValue());
          }
        }
      }
    } catch (JsonProcessingException e) {
      return Map.of();
    }
    return Map.copyOf(contexts);
  }
}
