package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A grammar in llama.cpp's GBNF for compact JSON that fits a JSON Schema.
 *
 * <p>Knows {@code type} (one), {@code properties}, {@code required}, {@code items}, {@code enum},
 * {@code const}, {@code minLength}, {@code maxLength}, {@code minItems}, {@code maxItems}, {@code
 * minimum} and {@code maximum} of integers; any other rule is refused, since a grammar that leaves
 * it out would claim what it does not hold. Every property is written, in the schema's order. What
 * the schema leaves unbounded gets a bound, so that a small model comes to an end: {@value
 * #MAX_TEXT_LENGTH} characters, {@value #MAX_ITEMS} items.
 */
final class JsonGrammar {
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

  private static final String TERMINALS =
      """
      char ::= [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\bfnrt] | "u" [0-9a-fA-F]{4})
      natural ::= "0" | [1-9] [0-9]{0,8}
      integer ::= "-"? natural
      number ::= "-"? natural ("." [0-9]{1,6})?
      boolean ::= "true" | "false"
      null ::= "null"
      """;
  private static final String ANY =
      """
      root ::= object
      object ::= "{" (member ("," member){0,7})? "}"
      member ::= text ":" value
      array ::= "[" (value ("," value){0,7})? "]"
      value ::= text | number | boolean | null | object | array
      text ::= "\\"" char{0,64} "\\""
      """;

  private final List<String> rules = new ArrayList<>();

  private JsonGrammar() {}

  /** Any JSON object. */
  static String anyObject() {
    return ANY + TERMINALS;
  }

  /**
   * JSON that fits {@code schema}.
   *
   * @throws ApiException if the schema has a rule that is not known here
   */
  static String of(JsonNode schema) {
    JsonGrammar grammar = new JsonGrammar();
    String root = grammar.value(schema, "schema", 0);
    return "root ::= " + root + "\n" + String.join("", grammar.rules) + TERMINALS;
  }

  private String value(JsonNode schema, String at, int depth) {
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
      return literal(schema.path("const"));
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
      case "boolean", "null" -> type;
      default -> throw refused(at + ".type", "one type", schema.path("type"));
    };
  }

  private static String number(JsonNode schema, String at) {
    if (schema.has("minimum") || schema.has("maximum")) {
      throw refused(at + ".minimum", "bounds only for type integer", schema);
    }
    return "number";
  }

  private String object(JsonNode schema, String at, int depth) {
    JsonNode properties = schema.path("properties");
    for (JsonNode name : schema.path("required")) {
      if (!properties.has(name.asText())) {
        throw refused(at + ".required", "names among the properties", name);
      }
    }
    List<String> members = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      String name = literal(TextNode.valueOf(property.getKey()));
      String inner = at + "." + property.getKey();
      members.add(name + " \":\" " + value(property.getValue(), inner, depth + 1));
    }
    return rule("\"{\" " + String.join(" \",\" ", members) + " \"}\"");
  }

  private String array(JsonNode schema, String at, int depth) {
    int least = count(schema, at, "minItems", 0);
    int most = count(schema, at, "maxItems", Math.max(least, MAX_ITEMS));
    if (most < least) {
      throw refused(at + ".maxItems", "minItems or more", schema.path("maxItems"));
    }
    if (most == 0) {
      return "\"[]\"";
    }
    String item = value(schema.path("items"), at + "[]", depth + 1);
    String more = "(\",\" " + item + "){" + Math.max(0, least - 1) + "," + (most - 1) + "}";
    String some = item + " " + more;
    return rule("\"[\" " + (least == 0 ? "(" + some + ")?" : some) + " \"]\"");
  }

  private String text(JsonNode schema, String at) {
    int least = count(schema, at, "minLength", 0);
    int most = count(schema, at, "maxLength", Math.max(least, MAX_TEXT_LENGTH));
    if (most < least) {
      throw refused(at + ".maxLength", "minLength or more", schema.path("maxLength"));
    }
    return rule("\"\\\"\" char{" + least + "," + most + "} \"\\\"\"");
  }

  private String integer(JsonNode schema, String at) {
    boolean bounded = schema.has("minimum") && schema.has("maximum");
    if (!bounded && !schema.has("minimum") && !schema.has("maximum")) {
      return "integer";
    }
    JsonNode minimum = schema.path("minimum");
    if (!bounded && minimum.isInt() && minimum.intValue() == 0) {
      return "natural";
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
    return rule(
        IntStream.rangeClosed(minimum.intValue(), maximum.intValue())
            .mapToObj(n -> "\"" + n + "\"")
            .collect(Collectors.joining(" | ")));
  }

  private String oneOf(JsonNode values, String at) {
    if (!values.isArray() || values.isEmpty()) {
      throw refused(at + ".enum", "a list of at least one value", values);
    }
    List<String> literals = new ArrayList<>();
    values.forEach(value -> literals.add(literal(value)));
    return rule(String.join(" | ", literals));
  }

  private static int count(JsonNode schema, String at, String name, int otherwise) {
    JsonNode node = schema.path(name);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isInt() || node.intValue() < 0 || node.intValue() > MAX_REPEAT_COUNT) {
      throw refused(at + "." + name, "a whole number from 0 to " + MAX_REPEAT_COUNT, node);
    }
    return node.intValue();
  }

  private String rule(String body) {
    String name = "r" + rules.size();
    rules.add(name + " ::= " + body + "\n");
    return name;
  }

  /** JSON text as a GBNF literal. */
  private static String literal(JsonNode value) {
    String escaped = value.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    return "\"" + escaped + "\"";
  }

  private static ApiException refused(String at, String rule, JsonNode found) {
    return ApiException.invalid(
        "response_format." + at, rule, GenerationRequestParser.found(found));
  }
}
