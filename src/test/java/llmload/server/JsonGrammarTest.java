package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonGrammarTest {
  private static String grammar(String schema) throws JsonProcessingException {
    return JsonGrammar.of(new ObjectMapper().readTree(schema));
  }

  @Test
  void object_ofSeveralTypes_isOneRuleAValue() throws JsonProcessingException {
    String grammar =
        grammar(
            """
            {"type":"object","title":"Weather","required":["sky"],
             "properties":{"sky":{"enum":["clear","\\"odd\\""]},"n":{"type":"integer"},
               "a":{"type":"array","items":{"type":"boolean"},"minItems":2,"maxItems":3}}}
            """);

    assertThat(grammar)
        .startsWith(
            """
            root ::= r2
            r0 ::= "\\"clear\\"" | "\\"\\\\\\"odd\\\\\\"\\""
            r1 ::= "[" boolean ("," boolean){1,2} "]"
            r2 ::= "{" "\\"sky\\"" ":" r0 "," "\\"n\\"" ":" integer "," "\\"a\\"" ":" r1 "}"
            """);
  }

  @Test
  void integer_betweenBounds_isListed() throws JsonProcessingException {
    assertThat(grammar("{\"type\":\"integer\",\"minimum\":-1,\"maximum\":1}"))
        .contains("r0 ::= \"-1\" | \"0\" | \"1\"\n");
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
    assertThatThrownBy(() -> grammar(schema.replace('\'', '"')))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith(message);
  }
}
