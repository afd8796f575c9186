package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import llmload.server.engine.JsonShape;

/**
 * Reads a JSON Schema as a shape that an engine can hold its answer to.
 *
 * <p>Knows {@code type} (one), {@code properties}, {@code required}, {@code items}, {@code enum},
 * {@code const}, {@code minLength}, {@code maxLength}, {@code minItems}, {@code maxItems}, {@code
 * minimum} and {@code maximum} of integers; any other rule is refused, since a shape that leaves it
 * out would claim what it does not hold. Every property is written, in the schema's order. What the
 * schema leaves unbounded gets a bound, so that a small model comes to an end: {@value
 * #MAX_TEXT_LENGTH} characters, {@value #MAX_ITEMS} items.
 */
final class JsonShapeParser {
  private static final int MAX_TEXT_LENGTH = 64;
  private static final int MAX_ITEMS = 4;
  private static final int MAX_REPEAT_COUNT = 1_000;
  private static final int MAX_RANGE_COUNT = 1_000;
  private static final int MAX_DEPTH = 16;

  private static final Set<String> ANNOTATIONS =
      Set.of("$schema", "$id", "title", "description", "default", "examples", "format");
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "const",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minimum",
          "maximum");

  private final String field;

  private JsonShapeParser(String field) {
    this.field = field;
  }

  /**
   * The shape of JSON that fits {@code schema}.
   *
   * @param field where the request holds the schema, with a dot behind it; empty for the top
   * @param name the schema's own field
   * @throws ApiException if the schema has a rule that is not known here
   */
  static JsonShape parse(JsonNode schema, String field, String name) {
    return new JsonShapeParser(field).value(schema, name, 0);
  }

  private JsonShape value(JsonNode schema, String at, int depth) {
    if (!schema.isObject() || depth > MAX_DEPTH) {
      throw refused(at, "a schema object at most " + MAX_DEPTH + " deep", schema);
    }
    for (Iterator<String> names = schema.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KNOWN.contains(name) && !ANNOTATIONS.contains(name)) {
        throw refused(at + "." + name, "no such rule on this server", schema.path(name));
      }
    }
    if (schema.has("const")) {
      return new JsonShape.Choice(List.of(schema.path("const").toString()));
    }
    if (schema.has("enum")) {
      return oneOf(schema.path("enum"), at);
    }
    String type = schema.path("type").asText(schema.has("properties") ? "object" : "");
    return switch (type) {
      case "object" -> object(schema, at, depth);
      case "array" -> array(schema, at, depth);
      case "string" -> text(schema, at);
      case "integer" -> integer(schema, at);
      case "number" -> number(schema, at);
      case "boolean" -> JsonShape.Plain.BOOLEAN;
      case "null" -> JsonShape.Plain.NULL;
      default -> throw refused(at + ".type", "one type", schema.path("type"));
    };
  }

  private JsonShape number(JsonNode schema, String at) {
    if (schema.has("minimum") || schema.has("maximum")) {
      throw refused(at + ".minimum", "bounds only for type integer", schema);
    }
    return JsonShape.Plain.NUMBER;
  }

  private JsonShape object(JsonNode schema, String at, int depth) {
    JsonNode properties = schema.path("properties");
    for (JsonNode name : schema.path("required")) {
      if (!properties.has(name.asText())) {
        throw refused(at + ".required", "names among the properties", name);
      }
    }
    List<JsonShape.Member> members = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      String inner = at + "." + property.getKey();
      JsonShape value = value(property.getValue(), inner, depth + 1);
      members.add(new JsonShape.Member(property.getKey(), value));
    }
    return new JsonShape.Members(members);
  }

  private JsonShape array(JsonNode schema, String at, int depth) {
    int least = count(schema, at, "minItems", 0);
    int most = count(schema, at, "maxItems", Math.max(least, MAX_ITEMS));
    if (most < least) {
      throw refused(at + ".maxItems", "minItems or more", schema.path("maxItems"));
    }
    JsonShape item =
        most == 0 ? JsonShape.Plain.NULL : value(schema.path("items"), at + "[]", depth + 1);
    return new JsonShape.Items(item, least, most);
  }

  private JsonShape text(JsonNode schema, String at) {
    int least = count(schema, at, "minLength", 0);
    int most = count(schema, at, "maxLength", Math.max(least, MAX_TEXT_LENGTH));
    if (most < least) {
      throw refused(at + ".maxLength", "minLength or more", schema.path("maxLength"));
    }
    return new JsonShape.Text(least, most);
  }

  private JsonShape integer(JsonNode schema, String at) {
    boolean bounded = schema.has("minimum") && schema.has("maximum");
    if (!bounded && !schema.has("minimum") && !schema.has("maximum")) {
      return JsonShape.Plain.INTEGER;
    }
    JsonNode minimum = schema.path("minimum");
    if (!bounded && minimum.isInt() && minimum.intValue() == 0) {
      return JsonShape.Plain.NATURAL;
    }
    JsonNode maximum = schema.path("maximum");
    boolean listed =
        minimum.isInt()
            && maximum.isInt()
            && maximum.longValue() >= minimum.longValue()
            && maximum.longValue() - minimum.longValue() < MAX_RANGE_COUNT;
    if (!listed) {
      throw refused(
          at + ".minimum",
          "0 alone, or whole numbers minimum and maximum at most " + MAX_RANGE_COUNT + " apart",
          bounded || schema.has("minimum") ? minimum : maximum);
    }
    return new JsonShape.Choice(
        IntStream.rangeClosed(minimum.intValue(), maximum.intValue())
            .mapToObj(Integer::toString)
            .toList());
  }

  private JsonShape oneOf(JsonNode values, String at) {
    if (!values.isArray() || values.isEmpty()) {
      throw refused(at + ".enum", "a list of at least one value", values);
    }
    List<String> literals = new ArrayList<>();
    values.forEach(value -> literals.add(value.toString()));
    return new JsonShape.Choice(literals);
  }

  private int count(JsonNode schema, String at, String name, int otherwise) {
    JsonNode node = schema.path(name);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isInt() || node.intValue() < 0 || node.intValue() > MAX_REPEAT_COUNT) {
      throw refused(at + "." + name, "a whole number from 0 to " + MAX_REPEAT_COUNT, node);
    }
    return node.intValue();
  }

  private ApiException refused(String at, String rule, JsonNode found) {
    return ApiException.invalid(field + at, rule, GenerationRequestParser.found(found));
  }
}
