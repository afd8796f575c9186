package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import llmload.server.engine.JsonShape;
import org.jspecify.annotations.Nullable;

/** The field {@code response_format}: free text, any JSON object, or JSON that fits a schema. */
final class ResponseFormat {
  private ResponseFormat() {}

  /**
   * The JSON that the format asks for; {@code null} for free text.
   *
   * @throws ApiException if the format is unknown or its schema beyond {@link JsonShapeParser}
   */
  static @Nullable JsonShape shape(JsonNode format) {
    if (format.isMissingNode() || format.isNull()) {
      return null;
    }
    return switch (format.path("type").asText()) {
      case "text" -> null;
      case "json_object" -> new JsonShape.AnyObject();
      case "json_schema" -> ofSchema(format.path("json_schema").path("schema"));
      default ->
          throw ApiException.invalid(
              "response_format.type",
              "text, json_object or json_schema",
              GenerationRequestParser.found(format.path("type")));
    };
  }

  private static JsonShape ofSchema(JsonNode schema) {
    if (!schema.isObject()) {
      throw ApiException.invalid(
          "response_format.json_schema.schema",
          "a JSON Schema object",
          GenerationRequestParser.found(schema));
    }
    return JsonShapeParser.parse(schema, "response_format.", "schema");
  }
}
