package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** llm-server's request bodies, put into those of a chat completion. */
final class GuideRequests {
  /** The one provider: what llm-server itself registers, and what its clients name. */
  static final String PROVIDER = "groq";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private GuideRequests() {}

  /**
   * What is asked.
   *
   * @param model the model's name as it was given
   * @param structured whether the answer must fit a schema
   * @param chatBody the same as a body of {@code /v1/chat/completions}; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never kept
  record Ask(String model, boolean structured, byte[] chatBody) {}

  /**
   * Reads the body of a route.
   *
   * @param schemas the schema of an id; {@code null} for one that is not known
   * @throws ApiException if it breaks a rule
   */
  static Ask read(String route, byte[] body, Function<String, @Nullable JsonNode> schemas) {
    JsonNode root = GenerationRequestParser.readObject(body);
    boolean documented = !route.endsWith("completions");
    boolean structured = route.startsWith("structured");
    if (!documented) {
      requireProvider(text(root, "provider"));
    }
    ObjectNode chat = MAPPER.createObjectNode();
    String model = text(root, "model");
    chat.put("model", model);
    if (route.equals("conversation")) {
      chat.set("messages", root.path("messages"));
    } else {
      ArrayNode messages = chat.putArray("messages");
      messages.addObject().put("role", "user").put("content", text(root, "prompt"));
    }
    JsonFields fields = new JsonFields(root);
    copy(chat, "max_tokens", fields.integer("max_tokens", 1, Integer.MAX_VALUE));
    copy(chat, "temperature", fields.number("temperature", 0, 1));
    copy(chat, "top_p", fields.number("top_p", 0, 1));
    if (root.path("stop").isArray()) {
      chat.set("stop", root.path("stop"));
    }
    if (structured) {
      JsonNode schema = documented ? root.path("schema") : schema(root, schemas);
      ObjectNode format = chat.putObject("response_format").put("type", "json_schema");
      format.putObject("json_schema").put("name", "answer").set("schema", schema);
    }
    return new Ask(model, structured, chat.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void requireProvider(String provider) {
    if (!provider.equals(PROVIDER)) {
      // Told with status 400, not as a body that breaks its form.
      throw new ApiException(
          400, "invalid_request_error", null, null, "Unknown provider: " + provider);
    }
  }

  private static JsonNode schema(JsonNode root, Function<String, @Nullable JsonNode> schemas) {
    JsonNode own = root.path("validation_schema");
    if (own.isObject()) {
      return own;
    }
    JsonNode id = root.path("schema_id");
    if (!id.isTextual()) {
      throw new ApiException(
          400,
          "invalid_request_error",
          null,
          null,
          "Either schema_id or validation_schema must be given");
    }
    JsonNode kept = schemas.apply(id.textValue());
    if (kept == null) {
      throw GuideSchemas.unknown(id.textValue());
    }
    return kept;
  }

  private static String text(JsonNode root, String field) {
    JsonNode node = root.path(field);
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw ApiException.invalid(field, "a text", GenerationRequestParser.found(node));
    }
    return node.textValue();
  }

  private static void copy(ObjectNode into, String field, @Nullable Number value) {
    if (value instanceof Integer whole) {
      into.put(field, whole);
    } else if (value != null) {
      into.put(field, value.doubleValue());
    }
  }
}
