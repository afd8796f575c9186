package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The field {@code response_format}: free text, any JSON object, or JSON that fits a schema. */
final class ResponseFormat {
  private ResponseFormat() {}

  /**
   * The grammar that holds the answer to the format; {@code null} for free text.
   *
   * @throws ApiException if the format is unknown or its schema beyond {@link JsonGrammar}
   */
  static @Nullable String grammar(JsonNode format) {
    if (format.isMissingNode() || format.isNull()) {
      return null;
    }
    return switch (format.path("type").asText()) {
      case "text" -> null;
      case "json_object" -> JsonGrammar.anyObject();
      case "json_schema" -> ofSchema(format.path("json_schema").path("schema"));
      default ->
          throw ApiException.invalid(
              "response_format.type",
              "text, json_object or json_schema",
              GenerationRequestParser.found(format.path("type")));
    };
  }

  private static String ofSchema(JsonNode schema) {
    if (!schema.isObject()) {
      throw ApiException.invalid(
          "response_format.json_schema.schema",
          "a JSON Schema object",
          GenerationRequestParser.found(schema));
    }
    return JsonGrammar.of(schema);
  }
}
