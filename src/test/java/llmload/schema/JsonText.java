package llmload.schema;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import llmload.schema.SchemaProblem.Kind;
import org.jspecify.annotations.Nullable;

/**
 * An answer read as JSON: one value by RFC 8259 with nothing but white space around it, and no key
 * twice. Immutable.
 */
public final class JsonText {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** A key that is cut may be the beginning of another one that is there already. */
  private static final ObjectMapper LENIENT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** What may be missing from the token that a cut went through, or behind it. */
  private static final List<String> AFTER_TOKEN =
      List.of("", "0", ":0", "\"key\":0", "rue", "ue", "e", "alse", "lse", "se", "ull", "ll", "l");

  private static final List<String> IN_STRING =
      List.of("\"", "n\"", "0\"", "00\"", "000\"", "0000\"");

  private final @Nullable JsonNode node;
  private final @Nullable SchemaProblem problem;

  private JsonText(@Nullable JsonNode node, @Nullable SchemaProblem problem) {
    this.node = node;
    this.problem = problem;
  }

  /** Reads {@code text}; what is wrong with it is {@link #problem}. */
  public static JsonText read(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node == null || node.isMissingNode()
          ? new JsonText(null, new SchemaProblem(Kind.NOT_JSON, "", "no text"))
          : new JsonText(node, null);
    } catch (JacksonException e) {
      Kind kind = isBeginning(text) ? Kind.TRUNCATED_JSON : Kind.NOT_JSON;
      String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("no JSON");
      return new JsonText(null, new SchemaProblem(kind, "", message));
    }
  }

  /**
   * Whether JSON begins like {@code text}: whether something can be put behind it that makes it
   * whole. The parser's own message does not tell, since it takes a word or list without its end
   * for a wrong one.
   */
  private static boolean isBeginning(String text) {
    if (text.isBlank() || isWhole(text)) { // whole, but with a key twice
      return false;
    }
    StringBuilder closers = new StringBuilder();
    boolean inString = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString && c == '\\') {
        i++; // what is escaped ends nothing
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString && (c == '{' || c == '[')) {
        closers.insert(0, c == '{' ? '}' : ']');
      } else if (!inString && (c == '}' || c == ']') && !closers.isEmpty()) {
        closers.deleteCharAt(0);
      }
    }
    String end = closers.toString();
    if (!inString) {
      return AFTER_TOKEN.stream().anyMatch(rest -> isWhole(text + rest + end));
    }
    return IN_STRING.stream()
        .anyMatch(rest -> isWhole(text + rest + end) || isWhole(text + rest + ":0" + end));
  }

  private static boolean isWhole(String text) {
    try {
      return !LENIENT.readTree(text).isMissingNode();
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Whether it is JSON. */
  public boolean isJson() {
    return node != null;
  }

  /** Why it is no JSON. */
  public Optional<SchemaProblem> problem() {
    return Optional.ofNullable(problem);
  }

  /**
   * The number of items of the array at {@code pointer}; empty where there is none.
   *
   * @param pointer a JSON Pointer (RFC 6901), such as {@code /users}; empty for the whole
   * @throws IllegalArgumentException if it is no JSON Pointer
   */
  public OptionalInt arrayLength(String pointer) {
    JsonPointer path = JsonPointer.compile(pointer);
    JsonNode array = node == null ? null : node.at(path);
    return array != null && array.isArray() ? OptionalInt.of(array.size()) : OptionalInt.empty();
  }

  /**
   * The number at {@code pointer}; empty where there is none.
   *
   * @param pointer a JSON Pointer (RFC 6901)
   * @throws IllegalArgumentException if it is no JSON Pointer
   */
  public OptionalDouble number(String pointer) {
    JsonPointer path = JsonPointer.compile(pointer);
    JsonNode number = node == null ? null : node.at(path);
    return number != null && number.isNumber()
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  @Nullable JsonNode node() {
    return node;
  }
}
