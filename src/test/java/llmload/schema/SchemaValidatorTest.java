package llmload.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import llmload.schema.SchemaProblem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaValidatorTest {
  private static final String THREE_USERS =
      """
      {"type":"object","required":["users","ok"],"additionalProperties":false,"properties":{
        "ok":{"type":"boolean"},
        "note":{"type":"string","maxLength":3},
        "level":{"enum":["low","high"]},
        "users":{"type":"array","minItems":3,"maxItems":3,
          "items":{"type":"object","required":["age"],"properties":{
            "age":{"type":"integer","minimum":0,"maximum":120}}}}}}""";
  private static final SchemaValidator VALIDATOR = SchemaValidator.of(THREE_USERS);
  private static final String FITS =
      "{\"ok\":true,\"users\":[{\"age\":0},{\"age\":120},{\"age\":7}]}";

  @Test
  void answer_thatFits_hasNoProblem() {
    assertThat(VALIDATOR.validate(FITS)).isEmpty();
    assertThat(VALIDATOR.validate(" \n" + FITS + "\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'ok':true,'users':[{'age':1},{'age':2}]} | ARRAY_LENGTH | /users",
        "{'ok':true,'users':[{'age':1},{'age':2},{'age':3},{'age':4}]} | ARRAY_LENGTH | /users",
        "{'users':[{'age':1},{'age':2},{'age':3}]} | MISSING_KEY | ",
        "{'ok':true,'users':[{'age':1},{},{'age':3}]} | MISSING_KEY | /users/1",
        "{'ok':1,'users':[{'age':1},{'age':2},{'age':3}]} | WRONG_TYPE | /ok",
        "{'ok':true,'users':[{'age':'1'},{'age':2},{'age':3}]} | WRONG_TYPE | /users/0/age",
        "{'ok':true,'more':0,'users':[{'age':1},{'age':2},{'age':3}]} | EXTRA_KEY | ",
        "{'ok':true,'level':'mid','users':[{'age':1},{'age':2},{'age':3}]} | WRONG_VALUE | /level",
        "{'ok':true,'users':[{'age':121},{'age':2},{'age':3}]} | OUT_OF_BOUNDS | /users/0/age",
        "{'ok':true,'note':'four','users':[{'age':1},{'age':2},{'age':3}]} | OUT_OF_BOUNDS | /note",
        "[] | WRONG_TYPE | "
      })
  void answer_thatBreaksARule_isClassedWithItsPlace(String text, Kind kind, String at) {
    List<SchemaProblem> problems = VALIDATOR.validate(text.replace('\'', '"'));

    assertThat(problems)
        .extracting(SchemaProblem::kind, SchemaProblem::at)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(kind, at == null ? "" : at));
  }

  @Test
  void answer_cutAnywhere_isTruncated() {
    String whole = "{\"a\":[1,-2.5e3,true,null],\"b\":\"x\\u00e9\\n\",\"c\":{\"d\":false}}";
    // Every proper beginning but the empty one: the JSON of an object is whole only with its end.
    assertThat(IntStream.range(1, whole.length()).mapToObj(n -> whole.substring(0, n)))
        .allSatisfy(
            text ->
                assertThat(VALIDATOR.validate(text))
                    .as(text)
                    .extracting(SchemaProblem::kind)
                    .containsExactly(Kind.TRUNCATED_JSON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Here you are: {\"ok\":true}",
        "```json\n{\"ok\":true}\n```",
        "{\"ok\":true} Anything else?",
        "{\"ok\":true}}",
        "{'ok':true}",
        "{\"ok\":yes}",
        "{\"ok\":TRUE}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":01}",
        "yes"
      })
  void answer_withAnythingElse_isNoJson(String text) {
    assertThat(VALIDATOR.validate(text))
        .extracting(SchemaProblem::kind)
        .containsExactly(Kind.NOT_JSON);
  }

  @Test
  void schemas_underOneId_doNotMix() {
    String schema = "{\"$id\":\"https://llmload.test/a\",\"type\":\"%s\"}";

    assertThat(SchemaValidator.of(schema.formatted("object")).validate("{}")).isEmpty();
    assertThat(SchemaValidator.of(schema.formatted("array")).validate("{}")).hasSize(1);
  }

  @Test
  void schema_ofItsOwnParts_isFollowed() {
    SchemaValidator validator =
        SchemaValidator.of(
            "{\"$defs\":{\"n\":{\"type\":\"integer\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"}}}");

    assertThat(validator.validate("{\"a\":1}")).isEmpty();
    assertThat(validator.validate("{\"a\":\"1\"}"))
        .extracting(SchemaProblem::kind)
        .containsExactly(Kind.WRONG_TYPE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "person",
        "[]",
        "7",
        "{\"type\":",
        "{\"$ref\":\"https://llmload.test/other.json\"}",
        "{\"$ref\":\"file:///etc/hostname\"}",
        "{\"$schema\":\"https://llmload.test/meta.json\"}"
      })
  void schema_thatDoesNotStandAlone_isRefused(String schema) {
    assertThatThrownBy(() -> SchemaValidator.of(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("schema: Expecting a JSON Schema ");
  }

  @Test
  void arrayLength_byPointer_isOfArraysOnly() {
    JsonText text = JsonText.read("{\"a\":{\"b~/c\":[1,2]},\"d\":3,\"e\":[]}");

    assertThat(text.arrayLength("/a/b~0~1c")).hasValue(2);
    assertThat(text.arrayLength("/e")).hasValue(0);
    assertThat(text.arrayLength("/d")).isEmpty();
    assertThat(text.arrayLength("/none")).isEmpty();
    assertThat(JsonText.read("[0,0,0]").arrayLength("")).hasValue(3);
    assertThat(JsonText.read("[0,").arrayLength("")).isEmpty();
  }
}
