package llmload.schema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import llmload.schema.SchemaProblem.Kind;

/**
 * Says whether a text is JSON that fits a JSON Schema (draft 2020-12 unless {@code $schema} names
 * another). Immutable and thread safe.
 */
public final class SchemaValidator {
  /** Keeps no schema: two requests may carry different ones under the same {@code $id}. */
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry
                  .schemaCacheEnabled(false)
                  .schemaLoader(loader -> loader.fetchRemoteResources(false)));

  private final Schema schema;

  private SchemaValidator(Schema schema) {
    this.schema = schema;
  }

  /**
   * A validator for {@code schemaJson}.
   *
   * @throws IllegalArgumentException if it is no JSON Schema, or refers to another document
   */
  public static SchemaValidator of(String schemaJson) {
    JsonText text = JsonText.read(schemaJson);
    var node = text.node();
    if (node == null || !(node.isObject() || node.isBoolean())) {
      throw new IllegalArgumentException(
          "schema: Expecting a JSON Schema object. Found: "
              + text.problem().map(SchemaProblem::message).orElse("another JSON value")
              + ".");
    }
    try {
      Schema schema = REGISTRY.getSchema(schemaJson, InputFormat.JSON);
      schema.initializeValidators();
      return new SchemaValidator(schema);
    } catch (SchemaException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("another document");
      throw new IllegalArgumentException(
          "schema: Expecting a JSON Schema that stands alone. Found: " + why + ".", e);
    }
  }

  /**
   * Loads the classes that a first validation needs: several hundred, which would stop an event
   * loop for as long as it takes.
   */
  public static void warmUp() {
    of("""
            {"type":"object","properties":{"a":{"type":"array","items":{"enum":[1]},"minItems":1,
            "maxItems":1},"b":{"type":"integer","minimum":0,"maximum":1}},"required":["a"],
            "additionalProperties":false}""")
        .validate("{\"a\":[\"x\",2],\"b\":7,\"c\":null}");
  }

  /** What is wrong with {@code text}, one entry each; empty if it fits. */
  public List<SchemaProblem> validate(String text) {
    return validate(JsonText.read(text));
  }

  /** The same of a text that has been read. */
  public List<SchemaProblem> validate(JsonText text) {
    var node = text.node();
    if (node == null) {
      return text.problem().stream().toList();
    }
    return schema.validate(node).stream().map(SchemaValidator::problem).toList();
  }

  private static SchemaProblem problem(Error error) {
    return new SchemaProblem(
        Kind.ofKeyword(String.valueOf(error.getKeyword())),
        error.getInstanceLocation().toString(),
        String.valueOf(error.getMessage()));
  }
}
