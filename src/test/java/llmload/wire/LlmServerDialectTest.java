package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import llmload.model.ChunkTimeline;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies and answers as llm-server's guide and its code have them. */
class LlmServerDialectTest {
  private static final Dialect DOCUMENT = Dialects.of("llm-server-doc");
  private static final Dialect REAL = Dialects.of("llm-server-real");

  private static GenerationRequest.Builder ask() {
    return GenerationRequest.builder()
        .model("llama3-8b-8192")
        .message(Message.user("Say hello"))
        .stream(false)
        .maxTokens(500);
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, /api/v1/unstructured, /api/v1/completions",
    "STRUCTURED, /api/v1/structured, /api/v1/structured-completions",
    "CONVERSATION, /api/v1/conversation, /api/v1/completions",
    "HEALTH, /api/v1/health, /api/v1/health",
    "MODELS, /api/v1/models, /api/v1/models"
  })
  void path_isTheOneOfTheDocumentOrTheCode(RequestKind kind, String documented, String real) {
    assertThat(DOCUMENT.path(kind)).isEqualTo(documented);
    assertThat(REAL.path(kind)).isEqualTo(real);
  }

  @Test
  void schemas_areRegisteredWithTheCodeOnly() {
    assertThat(REAL.path(RequestKind.SCHEMA)).isEqualTo("/api/v1/schemas");
    assertThatThrownBy(() -> DOCUMENT.path(RequestKind.SCHEMA))
        .hasMessageContaining("llm-server-doc knows");
    assertThat(
            REAL.encode(
                RequestKind.SCHEMA,
                GenerationRequest.builder()
                    .prompt("person")
                    .jsonSchema("{\"type\":\"object\"}")
                    .build()))
        .isEqualTo("{\"name\":\"person\",\"json_schema\":{\"type\":\"object\"}}");
  }

  @Test
  void body_ofTheCode_namesAProvider() {
    assertThat(REAL.encode(RequestKind.CHAT, ask().temperature(0.7).build()))
        .isEqualTo(
            "{\"provider\":\"groq\",\"model\":\"llama3-8b-8192\",\"prompt\":\"Say hello\","
                + "\"max_tokens\":500,\"temperature\":0.7}");
    assertThat(REAL.encode(RequestKind.CHAT, ask().extraBody("{\"provider\":\"openai\"}").build()))
        .contains("\"provider\":\"openai\"");
    assertThat(DOCUMENT.encode(RequestKind.CHAT, ask().build()))
        .isEqualTo("{\"model\":\"llama3-8b-8192\",\"prompt\":\"Say hello\",\"max_tokens\":500}");
  }

  @Test
  void schema_goesInlineOrByItsId() {
    GenerationRequest.Builder structured = ask().jsonSchema("{\"type\":\"object\"}");
    assertThat(DOCUMENT.encode(RequestKind.STRUCTURED, structured.build()))
        .contains("\"schema\":{\"type\":\"object\"}");
    assertThat(REAL.encode(RequestKind.STRUCTURED, structured.build()))
        .contains("\"validation_schema\":{\"type\":\"object\"}");
    String byId = REAL.encode(RequestKind.STRUCTURED, structured.schemaId("4711").build());
    assertThat(byId).contains("\"schema_id\":\"4711\"").doesNotContain("validation_schema");
  }

  @Test
  void conversation_carriesItsHistory() {
    GenerationRequest turn =
        GenerationRequest.builder()
            .model("m")
            .messages(
                List.of(Message.system("Be kind."), Message.user("Hi"), Message.assistant("Hello")))
            .message(Message.user("And then?"))
            .build();

    assertThat(DOCUMENT.encode(RequestKind.CONVERSATION, turn))
        .isEqualTo(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\"},"
                + "{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello\"},"
                + "{\"role\":\"user\",\"content\":\"And then?\"}]}");
    assertThat(REAL.encode(RequestKind.CONVERSATION, turn))
        .contains(
            "\"prompt\":\"system: Be kind.\\nuser: Hi\\nassistant: Hello\\nuser: And then?\"");
  }

  @ParameterizedTest
  @CsvSource({"http://h:8000", "http://h:8000/", "http://h:8000/api/v1", "http://h:8000/api/v1/"})
  void baseUrl_mayEndInThePrefix(String base) {
    assertThat(Endpoint.url(base, "/api/v1/health")).isEqualTo("http://h:8000/api/v1/health");
  }

  private static Reply read(RequestKind kind, String body) {
    ReplyReader reader = REAL.reader(kind, ReplyOptions.whole().keepingText());
    byte[] bytes = body.getBytes(UTF_8);
    reader.feed(bytes, 0, bytes.length, 5);
    return reader.reply(End.CLEAN);
  }

  @Test
  void completion_isTextAndUsage_andHasNoMomentOfATokenAtAll() {
    Reply reply =
        read(
            RequestKind.CHAT,
            """
            {"id":"c1","provider":"groq","model":"m","text":"Hello.","usage":{"prompt_tokens":23,
            "completion_tokens":46,"total_tokens":69}}""");

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isEqualTo("Hello.");
    assertThat(reply.usage()).isEqualTo(new TokenUsage(23, 46, null, null, TokenCountSource.USAGE));
    assertThat(reply.firstContentAtNanos()).isNull();
    assertThat(reply.chunks(0)).isSameAs(ChunkTimeline.EMPTY);
    assertThat(REAL.canStream()).isFalse();
  }

  @Test
  void structured_isTheObject_andAUsageOfZerosIsNone() {
    Reply reply =
        read(
            RequestKind.STRUCTURED,
            """
            {"id":"c1","provider":"groq","model":"m","raw_text":"{ \\"age\\": 7 }",
            "structured_output":{"age":7},"usage":{"prompt_tokens":0,"completion_tokens":0,
            "total_tokens":0}}""");

    assertThat(reply.text()).isEqualTo("{\"age\":7}");
    assertThat(reply.usage()).isEqualTo(TokenUsage.NONE);
    assertThat(reply.flags()).containsExactly(Flag.USAGE_MISSING);
  }

  @Test
  void schemaAnswer_isItsId() {
    assertThat(read(RequestKind.SCHEMA, "{\"id\":\"4711\",\"name\":\"person\"}").text())
        .isEqualTo("4711");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"detail":"Provider failed"} | STREAM_ERROR | Provider failed
          {"text":""} | EMPTY | the answer holds no generated token
          {"answer":"x"} | PROTOCOL | body: Expecting an object with text. Found: {"answer":"x"}
          [1] | PROTOCOL | body: Expecting one JSON object. Found: [1]
          {"text":"x | PROTOCOL | body: Expecting one JSON object. Found: {"text":"x
          """)
  void answerThatIsNone_isClassed(String body, Outcome outcome, String message) {
    Reply reply = read(RequestKind.CHAT, body);

    assertThat(reply.outcome()).isEqualTo(outcome);
    assertThat(reply.message()).isEqualTo(message);
  }

  @Test
  void modelList_isReadInItsOwnForm() {
    String body = "{\"models\":[{\"id\":\"gemma2-9b-it\",\"provider\":\"groq\"}]}";
    assertThat(ModelList.parse(body)).containsExactly("gemma2-9b-it");
    assertThat(read(RequestKind.MODELS, body).outcome()).isEqualTo(Outcome.OK);
    assertThat(read(RequestKind.MODELS, "{\"data\":[]}").outcome()).isEqualTo(Outcome.PROTOCOL);
  }

  @Test
  void counters_areReadByServerProviderAndModel_andConstantZerosAreNot() {
    List<LlmServerMetrics.Reading> readings =
        LlmServerMetrics.parse(
            """
            {"requests":{"total":9,"by_path":{"/health":6},"average_duration":0.0},
            "llm":{"providers":{"groq":{"requests":3,"input_tokens":68,"output_tokens":760,"cost":0}},
            "models":{"groq:m":{"requests":3,"structured_success":2,"structured_failures":1,
            "errors":{"timeout":1,"parse":2},"rate_limits":0,
            "timing":{"time_to_first_token":{"average":0.0}}}}},
            "batch_processing":{"average_batch_size":0}}""");

    assertThat(readings)
        .containsExactly(
            new LlmServerMetrics.Reading(Map.of(), Map.of("requestCount", 9.0)),
            new LlmServerMetrics.Reading(
                Map.of("provider", "groq"),
                Map.of("requestCount", 3.0, "inputTokens", 68.0, "outputTokens", 760.0)),
            new LlmServerMetrics.Reading(
                Map.of("model", "groq:m"),
                Map.of(
                    "requestCount",
                    3.0,
                    "structuredSuccessCount",
                    2.0,
                    "structuredFailureCount",
                    1.0,
                    "rateLimitCount",
                    0.0,
                    "errorCount",
                    3.0)));
    assertThat(LlmServerMetrics.parse("# HELP vllm:x")).isEmpty();
  }
}
