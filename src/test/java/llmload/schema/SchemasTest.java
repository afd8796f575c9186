package llmload.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemasTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What OpenAI's guide to structured outputs lists for strict mode, as far as it is used. */
  private static final Set<String> STRICT =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "minItems",
          "maxItems",
          "minimum",
          "maximum");

  @ParameterizedTest
  @EnumSource(SchemaShape.class)
  void schema_ofAnyShape_isStrict(SchemaShape shape) throws JsonProcessingException {
    JsonNode root = MAPPER.readTree(new Schemas(1, "run", 5).next(shape).json());

    assertThat(root.path("type").asText()).isEqualTo("object");
    assertStrict(root);
  }

  private static void assertStrict(JsonNode schema) {
    assertThat(STRICT).containsAll(names(schema));
    if (schema.path("type").asText().equals("object")) {
      assertThat(schema.path("additionalProperties").isBoolean()).isTrue();
      assertThat(schema.path("additionalProperties").asBoolean()).isFalse();
      Set<String> required = new HashSet<>();
      schema.path("required").forEach(name -> required.add(name.asText()));
      assertThat(required).isEqualTo(names(schema.path("properties"))).isNotEmpty();
    }
    schema.path("properties").forEach(SchemasTest::assertStrict);
    if (schema.has("items")) {
      assertStrict(schema.path("items"));
    }
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new HashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void shapes_ofTheGuide_areKept() {
    Schemas schemas = new Schemas(1, "run", 3);

    FreshSchema simple = schemas.next(SchemaShape.SIMPLE);
    String i = simple.id();
    assertThat(
            SchemaValidator.of(simple.json())
                .validate(
                    "{\"name_%s\":\"a\",\"age_%s\":30,\"email_%s\":\"b\"}".formatted(i, i, i)))
        .isEmpty();

    FreshSchema nested = schemas.next(SchemaShape.NESTED);
    String user =
        "{\"user_ID\":{\"personal_ID\":{\"name_ID\":\"a\",\"age_ID\":1},"
            + "\"contact_ID\":{\"email_ID\":\"b\",\"phone_ID\":\"c\"}}}";
    assertThat(SchemaValidator.of(nested.json()).validate(user.replace("ID", nested.id())))
        .isEmpty();
  }

  @Test
  void array_withOneItemLess_doesNotFit() {
    FreshSchema array = new Schemas(1, "run", 3).next(SchemaShape.ARRAY);
    SchemaValidator validator = SchemaValidator.of(array.json());
    String item =
        "{\"name\":\"a\",\"age\":1,\"email\":\"b\","
            + "\"address\":{\"street\":\"c\",\"city\":\"d\",\"zip\":\"e\"}}";
    String list = "{\"users_" + array.id() + "\":[%s]}";

    assertThat(validator.validate(list.formatted(item + "," + item + "," + item))).isEmpty();
    assertThat(validator.validate(list.formatted(item + "," + item)))
        .extracting(SchemaProblem::kind)
        .containsExactly(SchemaProblem.Kind.ARRAY_LENGTH);
    assertThat(array.arrayPointer()).isEqualTo("/users_" + array.id());
    assertThat(array.itemCount()).isEqualTo(3);
    assertThat(array.prompt()).contains("exactly 3 users").contains("users_" + array.id());
  }

  @Test
  void schemas_ofOneRun_neverRepeat() {
    Schemas schemas = new Schemas(7, "run", 2);
    Set<String> ids = new HashSet<>();
    Set<String> texts = new HashSet<>();
    IntStream.range(0, 30_000)
        .mapToObj(i -> schemas.next(List.of(SchemaShape.values()).get(i % 3)))
        .forEach(
            schema -> {
              ids.add(schema.id());
              texts.add(schema.json());
            });

    assertThat(ids).hasSize(30_000);
    assertThat(texts).hasSize(30_000);
  }

  @Test
  void schemas_sameSeedAndRun_areTheSame() {
    FreshSchema schema = new Schemas(7, "a", 2).next(SchemaShape.SIMPLE);

    assertThat(new Schemas(7, "a", 2).next(SchemaShape.SIMPLE)).isEqualTo(schema);
    assertThat(new Schemas(8, "a", 2).next(SchemaShape.SIMPLE)).isNotEqualTo(schema);
    assertThat(new Schemas(7, "b", 2).next(SchemaShape.SIMPLE)).isNotEqualTo(schema);
  }

  @Test
  void itemCount_outOfRange_isRefused() {
    assertThatThrownBy(() -> new Schemas(1, "run", 0))
        .hasMessage("itemCount: Expecting 1 to 100. Found: 0.");
  }
}
