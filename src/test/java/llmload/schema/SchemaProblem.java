package llmload.schema;

import java.util.Locale;

/**
 * One way in which a text does not fit its schema.
 *
 * @param kind the class of the problem
 * @param at where in the answer, as a JSON Pointer; empty for the whole
 * @param message what is wrong, in words
 */
public record SchemaProblem(Kind kind, String at, String message) {

  /** The classes of problems, the first two of which leave nothing to validate. */
  public enum Kind {
    /** JSON that ends too early, mostly since the answer was cut at its token limit. */
    TRUNCATED_JSON,
    /** No JSON at all, or JSON with other text around it. */
    NOT_JSON,
    /** A value of another JSON type. */
    WRONG_TYPE,
    /** A required key is missing. */
    MISSING_KEY,
    /** A key that the schema does not allow. */
    EXTRA_KEY,
    /** An array with too few or too many items. */
    ARRAY_LENGTH,
    /** A value that is not among those the schema lists. */
    WRONG_VALUE,
    /** A text or number outside its bounds, or not of its pattern. */
    OUT_OF_BOUNDS,
    /** Another rule of the schema is broken. */
    OTHER;

    /** The word used in the journal, for example {@code array_length}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind ofKeyword(String keyword) {
      return switch (keyword) {
        case "type" -> WRONG_TYPE;
        case "required", "dependentRequired" -> MISSING_KEY;
        case "additionalProperties", "unevaluatedProperties", "propertyNames" -> EXTRA_KEY;
        case "minItems", "maxItems" -> ARRAY_LENGTH;
        case "enum", "const" -> WRONG_VALUE;
        case "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "format" ->
            OUT_OF_BOUNDS;
        default -> OTHER;
      };
    }
  }
}
