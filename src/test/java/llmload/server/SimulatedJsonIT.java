package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import llmload.schema.JsonText;
import llmload.schema.SchemaProblem;
import llmload.schema.SchemaValidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON from the simulated engine: answers that fit a schema, and tool calls, over real sockets. */
class SimulatedJsonIT extends SimulatedServerContract {
  private static final String SCHEMA =
      """
      {"type":"object","additionalProperties":false,
       "required":["name","age","tags","sky","exact","more"],
       "properties":{
         "name":{"type":"string","minLength":3,"maxLength":9},
         "age":{"type":"integer","minimum":18,"maximum":20},
         "count":{"type":"integer","minimum":0},
         "ratio":{"type":"number"},
         "tags":{"type":"array","minItems":2,"maxItems":5,
           "items":{"type":"string","minLength":90,"maxLength":95}},
         "sky":{"enum":["clear","\\"odd\\"",null]},
         "exact":{"const":{"a":[1]}},
         "none":{"type":"array","items":{"type":"null"},"maxItems":0},
         "more":{"type":"object","required":["yes"],
           "properties":{"yes":{"type":"boolean"},"empty":{"type":"object"}}}}}""";
  private static final SchemaValidator VALIDATOR = SchemaValidator.of(SCHEMA);
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"now\"}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"find\",\"parameters\":"
          + SCHEMA
          + "}}],\"max_tokens\":4000,";
  private static final String FIND =
      TOOLS + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"find\"}}";

  @BeforeEach
  void serve() {
    serve(null, "preset", "back-to-back");
  }

  private static String format(String schema, int maxTokens, int seed) {
    return "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":"
        + schema
        + "}},\"max_tokens\":"
        + maxTokens
        + ",\"seed\":"
        + seed;
  }

  @Test
  void answers_ofManySeeds_allFitAndDiffer() throws Exception {
    Set<String> texts = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      JsonNode answer = chat("Hi", format(SCHEMA, 4_000, seed));
      String text = said(answer);
      texts.add(text);

      assertThat(VALIDATOR.validate(text)).as(text).isEmpty();
      assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    assertThat(texts).hasSize(200);
    assertThat(said(chat("Hi", format(SCHEMA, 4_000, 7)))).isIn(texts);
  }

  @Test
  void answer_withMultiByteWords_countsCharactersAsSchemasDo() throws Exception {
    serve(null, "preset", "back-to-back", "multiByte", "true");

    for (int seed = 0; seed < 100; seed++) {
      String text = said(chat("Hi", format(SCHEMA, 4_000, seed)));
      assertThat(VALIDATOR.validate(text)).as(text).isEmpty();
    }
  }

  @Test
  void answer_streamed_isTheSameInItsTokens() throws Exception {
    String fields = format(SCHEMA, 4_000, 3);
    JsonNode whole = chat("Hi", fields);
    StringBuilder streamed = new StringBuilder();
    int pieces = 0;
    for (JsonNode event : events(chatBody("Hi", fields + ",\"stream\":true"))) {
      String piece = event.at("/choices/0/delta/content").asText("");
      streamed.append(piece);
      pieces += piece.isEmpty() ? 0 : 1;
    }

    assertThat(streamed).hasToString(said(whole));
    assertThat(pieces).isEqualTo(whole.at("/usage/completion_tokens").asInt());
    String escaped = MAPPER.writeValueAsString(said(whole));
    JsonNode tokens = MAPPER.readTree(post("/tokenize", "{\"content\":" + escaped + "}"));
    assertThat(tokens.path("tokens")).hasSize(pieces);
  }

  @Test
  void answer_cutAtItsLimit_isTruncatedAndSaysSo() throws Exception {
    JsonNode answer = chat("Hi", format(SCHEMA, 10, 1));

    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(10);
    assertThat(VALIDATOR.validate(said(answer)))
        .extracting(SchemaProblem::kind)
        .containsExactly(SchemaProblem.Kind.TRUNCATED_JSON);
  }

  @Test
  void json_thatIsWhole_endsWhateverTheLeastLength() throws Exception {
    String fields = format(SCHEMA, 4_000, 1) + ",\"ignore_eos\":true,\"min_tokens\":3999";

    JsonNode answer = chat("Hi", fields);

    assertThat(VALIDATOR.validate(said(answer))).isEmpty();
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void jsonObject_isSomeObject() throws Exception {
    Set<String> texts = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      String fields =
          "\"response_format\":{\"type\":\"json_object\"},\"max_tokens\":4000,\"seed\":" + seed;
      String text = said(chat("Hi", fields));
      texts.add(text);

      assertThat(JsonText.read(text).problem()).as(text).isEmpty();
      assertThat(MAPPER.readTree(text).isObject()).as(text).isTrue();
    }
    assertThat(texts).hasSizeGreaterThan(90);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"type\":\"string\",\"pattern\":\"a+\"}", "{}", "[]"})
  void schema_thatNoEngineHolds_isRefused(String schema) throws Exception {
    assertThat(status("/v1/chat/completions", chatBody("Hi", format(schema, 9, 1)))).isEqualTo(400);
  }

  @Test
  void reasoning_comesBeforeTheJson() throws Exception {
    serve(null, "preset", "back-to-back", "reasoningTokens", "5");

    JsonNode answer = chat("Hi", format(SCHEMA, 4_000, 1));

    assertThat(answer.at("/usage/completion_tokens_details/reasoning_tokens").asInt()).isEqualTo(5);
    assertThat(answer.at("/choices/0/message/reasoning_content").asText()).isNotEmpty();
    assertThat(VALIDATOR.validate(said(answer))).isEmpty();
  }

  @Test
  void toolCall_ofAName_hasArgumentsThatFit() throws Exception {
    Set<String> calls = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      JsonNode answer = chat("Hi", FIND + ",\"seed\":" + seed);
      JsonNode call = answer.at("/choices/0/message/tool_calls/0/function");
      String arguments = call.path("arguments").asText();
      calls.add(arguments);

      assertThat(call.path("name").asText()).isEqualTo("find");
      assertThat(VALIDATOR.validate(arguments)).as(arguments).isEmpty();
      assertThat(answer.at("/choices/0/message/content").isNull()).isTrue();
      assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }
    assertThat(calls).hasSize(50);
  }

  @Test
  void toolCall_streamed_comesInPieces() throws Exception {
    String arguments =
        chat("Hi", FIND).at("/choices/0/message/tool_calls/0/function/arguments").asText();
    StringBuilder streamed = new StringBuilder();
    StringBuilder names = new StringBuilder();
    int pieces = 0;
    for (JsonNode event : events(chatBody("Hi", FIND + ",\"stream\":true"))) {
      JsonNode call = event.at("/choices/0/delta/tool_calls/0/function");
      names.append(call.path("name").asText(""));
      String piece = call.path("arguments").asText("");
      streamed.append(piece);
      pieces += piece.isEmpty() ? 0 : 1;
    }

    assertThat(names).hasToString("find");
    assertThat(streamed).hasToString(arguments);
    // A token is six characters at most, and each is a piece of its own.
    assertThat(pieces).isGreaterThanOrEqualTo(arguments.length() / 6);
  }

  @Test
  void toolChoice_required_callsTheFirst_autoSpeaks() throws Exception {
    JsonNode required = chat("Hi", TOOLS + "\"tool_choice\":\"required\"");
    JsonNode auto = chat("Hi", TOOLS + "\"tool_choice\":\"auto\",\"seed\":1");

    JsonNode call = required.at("/choices/0/message/tool_calls/0/function");
    // A function without parameters takes none.
    assertThat(call.toString()).isEqualTo("{\"name\":\"now\",\"arguments\":\"{}\"}");
    assertThat(said(auto)).startsWith(" ");
    assertThat(auto.at("/choices/0/message").has("tool_calls")).isFalse();
  }

  @Test
  void toolChoice_ofNoSuchTool_isRefused() throws Exception {
    String body = chatBody("Hi", FIND.replace("{\"name\":\"find\"}}", "{\"name\":\"gone\"}}"));

    assertThat(status("/v1/chat/completions", body)).isEqualTo(400);
  }

  private static String said(JsonNode answer) {
    return answer.at("/choices/0/message/content").asText();
  }
}
