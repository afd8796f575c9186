package llmload.feeders;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import llmload.config.ConfigException;

/** One line of a prompt file as a feeder's record. */
final class PromptLine {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private PromptLine() {}

  /**
   * The fields of the line that are not null; {@code id} is the file's name and line if it has
   * none.
   *
   * @throws ConfigException if the line breaks a rule; the message begins with path and line
   */
  static Map<String, Object> parse(Path file, LineReader.Line line) {
    String at = file + ":" + line.number();
    JsonNode node;
    try {
      node = MAPPER.readTree(line.text());
    } catch (JacksonException e) {
      String reason = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("no JSON");
      throw new ConfigException(at + ": Expecting a JSON object. Found: " + reason + ".");
    }
    if (!node.isObject()) {
      throw new ConfigException(at + ": Expecting a JSON object. Found: " + brief(node) + ".");
    }
    JsonNode prompt = node.path("prompt");
    if (!prompt.isTextual() || prompt.textValue().isBlank()) {
      throw rule(at, "prompt", "a text that is not blank", prompt);
    }
    JsonNode system = node.path("system");
    if (!absent(system) && !system.isTextual()) {
      throw rule(at, "system", "a text", system);
    }
    JsonNode id = node.path("id");
    if (!absent(id) && !id.isTextual() && !id.isIntegralNumber()) {
      throw rule(at, "id", "a text or a whole number", id);
    }
    JsonNode tags = node.path("tags");
    if (!absent(tags) && !tags.isArray() && !tags.isObject()) {
      throw rule(at, "tags", "a list or an object", tags);
    }
    Map<String, Object> record = new LinkedHashMap<>();
    MAPPER
        .convertValue(node, new TypeReference<Map<String, Object>>() {})
        .forEach(
            (name, value) -> {
              if (value != null) {
                record.put(name, value);
              }
            });
    String unnamed = file.getFileName() + ":" + line.number();
    record.put("id", absent(id) ? unnamed : id.asText());
    return record;
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static ConfigException rule(String at, String field, String rule, JsonNode found) {
    return new ConfigException(
        at + ": " + field + ": Expecting " + rule + ". Found: " + brief(found) + ".");
  }

  private static String brief(JsonNode node) {
    String text = node.isMissingNode() ? "nothing" : node.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
