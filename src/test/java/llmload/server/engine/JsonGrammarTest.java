package llmload.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonGrammarTest {
  @Test
  void object_ofSeveralTypes_isOneRuleAValue() {
    JsonShape shape =
        new JsonShape.Members(
            List.of(
                new JsonShape.Member(
                    "sky", new JsonShape.Choice(List.of("\"clear\"", "\"\\\"odd\\\"\""))),
                new JsonShape.Member("n", JsonShape.Plain.INTEGER),
                new JsonShape.Member("a", new JsonShape.Items(JsonShape.Plain.BOOLEAN, 2, 3)),
                new JsonShape.Member("e", new JsonShape.Items(JsonShape.Plain.NULL, 0, 0)),
                new JsonShape.Member("t", new JsonShape.Text(0, 64)),
                new JsonShape.Member("c", new JsonShape.Choice(List.of("7")))));

    assertThat(JsonGrammar.of(shape))
        .startsWith(
            """
            root ::= r3
            r0 ::= "\\"clear\\"" | "\\"\\\\\\"odd\\\\\\"\\""
            r1 ::= "[" boolean ("," boolean){1,2} "]"
            r2 ::= "\\"" char{0,64} "\\""
            r3 ::= "{" "\\"sky\\"" ":" r0 "," "\\"n\\"" ":" integer "," "\\"a\\"" ":" r1 "," \
            "\\"e\\"" ":" "[]" "," "\\"t\\"" ":" r2 "," "\\"c\\"" ":" "7" "}"
            """);
  }

  @Test
  void anyObject_isOfTheRuleForObjects() {
    assertThat(JsonGrammar.of(new JsonShape.AnyObject()))
        .startsWith("root ::= object\nobject ::= ");
  }
}
