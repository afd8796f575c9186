package llmload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import llmload.model.RequestKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiDialectTest {
  private static final Dialect CHAT = Dialects.of("openai-chat");
  private static final Dialect COMPLETIONS = Dialects.of("openai-completions");

  @Test
  void chat_everySetting_standsInTheBody() {
    GenerationRequest request =
        GenerationRequest.builder()
            .model("m")
            .message(Message.system("You are \"terse\"."))
            .message(Message.user("Say hello"))
            .maxTokens(6)
            .minTokens(2)
            .ignoreEos(true)
            .temperature(0.5)
            .seed(1L)
            .stop(List.of("\n"))
            .build();

    assertThat(CHAT.encode(RequestKind.CHAT, request))
        .isEqualTo(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"You are \\\"terse\\\".\"},"
                + "{\"role\":\"user\",\"content\":\"Say hello\"}],\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"max_tokens\":6,\"min_tokens\":2,"
                + "\"ignore_eos\":true,\"temperature\":0.5,\"seed\":1,\"stop\":[\"\\n\"]}");
  }

  @Test
  void completion_notStreamed_sendsThePromptOnly() {
    GenerationRequest request =
        GenerationRequest.builder().prompt("Once upon").stream(false).build();

    assertThat(COMPLETIONS.encode(RequestKind.COMPLETION, request))
        .isEqualTo("{\"prompt\":\"Once upon\",\"stream\":false}");
    assertThat(CHAT.encode(RequestKind.CONVERSATION, request))
        .isEqualTo(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Once upon\"}],\"stream\":false}");
    assertThat(CHAT.encode(RequestKind.EMBEDDINGS, request)).isEqualTo("{\"input\":\"Once upon\"}");
  }

  @Test
  void extraBody_mergesObjectsAndRemovesNulls() {
    GenerationRequest request =
        GenerationRequest.builder()
            .prompt("x")
            .maxTokens(5)
            .extraBody(
                "{\"stream_options\":{\"continuous_usage_stats\":true},\"max_tokens\":null,"
                    + "\"max_completion_tokens\":5,\"a\":{\"b\":[1]}}")
            .build();

    assertThat(CHAT.encode(RequestKind.COMPLETION, request))
        .isEqualTo(
            "{\"prompt\":\"x\",\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true},"
                + "\"max_completion_tokens\":5,\"a\":{\"b\":[1]}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1]", "{", "null"})
  void extraBody_noObject_isRefused(String extra) {
    GenerationRequest request = GenerationRequest.builder().prompt("x").extraBody(extra).build();

    assertThatThrownBy(() -> CHAT.encode(RequestKind.CHAT, request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("extraBody: Expecting a JSON object. Found: " + extra + ".");
  }

  @Test
  void request_withoutAnyText_isRefused() {
    assertThatThrownBy(() -> CHAT.encode(RequestKind.CHAT, GenerationRequest.builder().build()))
        .hasMessage("request: Expecting a prompt or messages. Found: neither.");
    assertThatThrownBy(() -> CHAT.encode(RequestKind.MODELS, GenerationRequest.builder().build()))
        .hasMessage("kind: Expecting one with a body. Found: models.");
    assertThatThrownBy(() -> COMPLETIONS.path(RequestKind.CHAT))
        .hasMessage(
            "kind: Expecting one that the dialect openai-completions knows: "
                + "completion, embeddings, health, models. Found: chat.");
  }

  @Test
  void request_rebuilt_isTheSame() {
    GenerationRequest request =
        new GenerationRequest(
            "m",
            List.of(Message.assistant("a")),
            "p",
            false,
            1,
            2,
            true,
            0.5,
            3L,
            List.of("s"),
            "{}",
            "{}",
            SearchQuery.of(new float[] {1}, 2, null),
            "id");

    assertThat(request.toBuilder().build()).isEqualTo(request);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h:1, /health, http://h:1/health",
    "http://h:1/, /v1/models, http://h:1/v1/models",
    "http://h:1/v1, /v1/models, http://h:1/v1/models",
    "http://h:1/v1/, /v1/models, http://h:1/v1/models",
    "http://h:1/v1, /health, http://h:1/health",
    "http://h:1/openai/v1, /v1/models, http://h:1/openai/v1/models",
    "http://h:1/openai, /v1/chat/completions, http://h:1/openai/v1/chat/completions",
    "http://h:1/v10, /v1/models, http://h:1/v10/v1/models"
  })
  void url_anyBase_neverDoublesTheVersion(String base, String path, String url) {
    assertThat(Endpoint.url(base, path)).isEqualTo(url);
  }

  @Test
  void dialects_unknownId_listsTheKnown() {
    assertThatThrownBy(() -> Dialects.of("openai"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dialect: Expecting one of openai-chat, openai-completions, ollama, llm-server-doc, llm-server-real. Found: openai.");
    for (String id : Dialects.ids()) {
      assertThat(Dialects.of(id).id()).isEqualTo(id);
    }
  }

  @Test
  void everyKind_hasAPathAndAReader() {
    for (Dialect dialect : List.of(CHAT, COMPLETIONS)) {
      for (RequestKind kind : dialect.kinds()) {
        assertThat(dialect.path(kind)).startsWith("/");
        boolean streams =
            dialect.reader(kind, ReplyOptions.streamed()) instanceof StreamReplyReader;
        assertThat(streams).isEqualTo(kind.isGeneration());
        assertThat(dialect.reader(kind, ReplyOptions.whole())).isInstanceOf(WholeReplyReader.class);
      }
    }
  }
}
