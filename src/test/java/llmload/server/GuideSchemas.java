package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The registered schemas and their routes, {@code /schemas} and {@code /schemas/<id>}. */
final class GuideSchemas {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** More than any load registers; a client that never deletes shall not fill the heap. */
  private static final int MAX_SCHEMAS = 100_000;

  private final Map<String, ObjectNode> schemas = new ConcurrentHashMap<>();
  private final Clock clock;

  GuideSchemas(Clock clock) {
    this.clock = clock;
  }

  /** The JSON Schema of an id; {@code null} if there is none. */
  @Nullable JsonNode find(String id) {
    ObjectNode kept = schemas.get(id);
    return kept == null ? null : kept.path("json_schema");
  }

  /** An id that is not known. */
  static ApiException unknown(String id) {
    return new ApiException(404, "invalid_request_error", null, null, "Schema not found: " + id);
  }

  /**
   * Answers one request.
   *
   * @param rest what follows {@code /schemas}: nothing, or a slash and an id
   * @throws ApiException if the body breaks a rule or the id is not known
   */
  void handle(String method, String rest, byte[] body, Exchange exchange) {
    if (rest.isEmpty()) {
      switch (method) {
        case "GET" -> exchange.json(200, list());
        case "POST" -> exchange.json(201, put(UUID.randomUUID().toString(), body));
        default -> exchange.wrongMethod(method, "GET, POST");
      }
      return;
    }
    String id = rest.substring(1);
    ObjectNode kept = schemas.get(id);
    if (kept == null) {
      throw unknown(id);
    }
    switch (method) {
      case "GET" -> exchange.json(200, kept);
      case "PUT" -> exchange.json(200, put(id, body));
      case "DELETE" -> {
        schemas.remove(id);
        exchange.json(204, new byte[0]);
      }
      default -> exchange.wrongMethod(method, "GET, PUT, DELETE");
    }
  }

  private byte[] list() {
    ArrayNode list = MAPPER.createArrayNode();
    schemas.values().forEach(list::add);
    return list.toString().getBytes(StandardCharsets.UTF_8);
  }

  private ObjectNode put(String id, byte[] body) {
    JsonNode root = GenerationRequestParser.readObject(body);
    JsonFields fields = new JsonFields(root);
    String name = fields.string("name");
    if (name == null) {
      throw ApiException.invalid("name", "a text", "nothing");
    }
    if (!root.path("json_schema").isObject()) {
      throw ApiException.invalid(
          "json_schema", "a JSON Schema", GenerationRequestParser.found(root.path("json_schema")));
    }
    String given = fields.string("id");
    String key = given == null ? id : given;
    if (schemas.size() >= MAX_SCHEMAS && !schemas.containsKey(key)) {
      throw ApiException.engineFault("No more than " + MAX_SCHEMAS + " schemas are kept.");
    }
    String now = clock.instant().toString();
    ObjectNode before = schemas.get(key);
    ObjectNode kept =
        MAPPER
            .createObjectNode()
            .put("id", key)
            .put("name", name)
            .put("description", fields.string("description"));
    kept.set("json_schema", root.path("json_schema"));
    kept.put("created_at", before == null ? now : before.path("created_at").asText());
    kept.put("updated_at", now);
    schemas.put(key, kept);
    return kept;
  }
}
