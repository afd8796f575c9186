package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Typed reads of the optional fields of a JSON object; a field that is null is absent. */
final class JsonFields {
  private final JsonNode object;

  JsonFields(JsonNode object) {
    this.object = object;
  }

  /** False if absent. */
  boolean bool(String name) {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return false;
    }
    if (!node.isBoolean()) {
      throw ApiException.invalid(name, "true or false", GenerationRequestParser.found(node));
    }
    return node.booleanValue();
  }

  @Nullable String string(String name) {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return null;
    }
    if (!node.isTextual()) {
      throw ApiException.invalid(name, "a text", GenerationRequestParser.found(node));
    }
    return node.textValue();
  }

  /** A whole number from {@code least} to {@code most}. */
  @Nullable Integer integer(String name, int least, int most) {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return null;
    }
    if (!node.canConvertToInt()
        || !node.canConvertToExactIntegral()
        || node.intValue() < least
        || node.intValue() > most) {
      String rule =
          most == Integer.MAX_VALUE
              ? "a whole number of " + least + " or more"
              : "a whole number from " + least + " to " + most;
      throw ApiException.invalid(name, rule, GenerationRequestParser.found(node));
    }
    return node.intValue();
  }

  /** A whole number of 64 bits, of which the lower 32 are kept. */
  @Nullable Integer wrappedInteger(String name) {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return null;
    }
    if (!node.canConvertToLong() || !node.canConvertToExactIntegral()) {
      throw ApiException.invalid(name, "a whole number", GenerationRequestParser.found(node));
    }
    return (int) node.longValue();
  }

  /** A number from {@code least} to {@code most}. */
  @Nullable Double number(String name, double least, double most) {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return null;
    }
    if (!node.isNumber() || node.doubleValue() < least || node.doubleValue() > most) {
      String rule = "a number from " + (long) least + " to " + (long) most;
      throw ApiException.invalid(name, rule, GenerationRequestParser.found(node));
    }
    return node.doubleValue();
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
