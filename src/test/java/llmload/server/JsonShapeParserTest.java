package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import llmload.server.engine.JsonShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonShapeParserTest {
  private static JsonShape shape(String schema) throws JsonProcessingException {
    return JsonShapeParser.parse(new ObjectMapper().readTree(schema), "response_format.", "schema");
  }

  @Test
  void object_ofSeveralTypes_isReadInItsOrder() throws JsonProcessingException {
    assertThat(
            shape(
                """
                {"type":"object","title":"Weather","required":["sky"],
                 "properties":{"sky":{"enum":["clear","\\"odd\\""]},"n":{"type":"integer"},
                   "a":{"type":"array","items":{"type":"boolean"},"minItems":2,"maxItems":3},
                   "t":{"type":"string","minLength":70},"c":{"const":{"k":1}}}}
                """))
        .isEqualTo(
            new JsonShape.Members(
                List.of(
                    new JsonShape.Member(
                        "sky", new JsonShape.Choice(List.of("\"clear\"", "\"\\\"odd\\\"\""))),
                    new JsonShape.Member("n", JsonShape.Plain.INTEGER),
                    new JsonShape.Member("a", new JsonShape.Items(JsonShape.Plain.BOOLEAN, 2, 3)),
                    new JsonShape.Member("t", new JsonShape.Text(70, 70)),
                    new JsonShape.Member("c", new JsonShape.Choice(List.of("{\"k\":1}"))))));
  }

  @Test
  void integer_betweenBounds_isListed() throws JsonProcessingException {
    assertThat(shape("{\"type\":\"integer\",\"minimum\":-1,\"maximum\":1}"))
        .isEqualTo(new JsonShape.Choice(List.of("-1", "0", "1")));
    assertThat(shape("{\"type\":\"integer\",\"minimum\":0}")).isEqualTo(JsonShape.Plain.NATURAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'string','pattern':'a+'} | response_format.schema.pattern: Expecting no such rule",
        "{'type':['string','null']} | response_format.schema.type: Expecting one type",
        "{} | response_format.schema.type: Expecting one type. Found: nothing.",
        "{'type':'integer','minimum':1} | response_format.schema.minimum: Expecting 0 alone",
        "{'type':'number','maximum':1} | response_format.schema.minimum: Expecting bounds only",
        "{'type':'string','minLength':3,'maxLength':2} | response_format.schema.maxLength: Expecting",
        "{'enum':[]} | response_format.schema.enum: Expecting a list of at least one value",
        "{'type':'object','required':['x']} | response_format.schema.required: Expecting names",
      })
  void rule_thatTheGrammarCannotHold_isRefused(String schema, String message) {
    assertThatThrownBy(() -> shape(schema.replace('\'', '"')))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith(message);
  }
}
