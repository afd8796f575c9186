package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.ServerTimings;
import llmload.model.TokenCountSource;
import llmload.testing.Fixtures;
import org.junit.jupiter.api.Test;

/** Ollama's own API; its answers are constructed from its documentation. */
class OllamaDialectTest {
  private static final Dialect OLLAMA = Dialects.of("ollama");

  /** The last line of a stream, as one line. */
  private static final String LAST =
      Fixtures.text("telemetry/ollama-final-chunk.json").replaceAll("\\s+", "");

  private static String piece(String message) {
    return "{\"model\":\"m\",\"created_at\":\"2026-08-19T10:15:26.1Z\",\"message\":{\"role\":"
        + "\"assistant\","
        + message
        + "},\"done\":false}\n";
  }

  private static Reply stream(End end, String... lines) {
    ReplyReader reader = OLLAMA.reader(RequestKind.CHAT, ReplyOptions.streamed().keepingText());
    assertThat(reader.acceptsContentType("application/x-ndjson")).isTrue();
    long at = 0;
    for (String line : lines) {
      byte[] bytes = line.getBytes(UTF_8);
      reader.feed(bytes, 0, bytes.length, ++at);
    }
    return reader.reply(end);
  }

  private static Reply whole(RequestKind kind, String body) {
    ReplyReader reader = OLLAMA.reader(kind, ReplyOptions.whole().keepingText());
    byte[] bytes = body.getBytes(UTF_8);
    reader.feed(bytes, 0, bytes.length, 5);
    return reader.reply(End.CLEAN);
  }

  @Test
  void stream_endsWithItsLastLine_andTellsCountsAndTimes() {
    Reply reply =
        stream(
            End.ABANDONED,
            piece("\"content\":\"Hi\""),
            piece("\"content\":\" there\""),
            LAST + "\n");

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isEqualTo("Hi there");
    assertThat(reply.finishReason()).isEqualTo("stop");
    assertThat(reply.firstContentAtNanos()).isEqualTo(1);
    assertThat(reply.lastTokenAtNanos()).isEqualTo(2);
    assertThat(reply.terminatorAtNanos()).isEqualTo(3);
    assertThat(reply.usage().inputTokens()).isEqualTo(31);
    assertThat(reply.usage().outputTokens()).isEqualTo(256);
    assertThat(reply.usage().source()).isEqualTo(TokenCountSource.USAGE);
    assertThat(reply.timings())
        .isEqualTo(new ServerTimings(2_311_402L, 402_118_000L, 4_102_337_000L));
    assertThat(reply.flags()).doesNotContain(Flag.NO_DONE);
  }

  @Test
  void thinking_isReasoning_andAZeroThatWasLeftOutIsAbsent() {
    Reply reply =
        stream(
            End.CLEAN,
            piece("\"content\":\"\",\"thinking\":\"Hm\""),
            piece("\"content\":\"Yes\""),
            "{\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
                + "\"done_reason\":\"length\",\"eval_count\":2,\"eval_duration\":1000}");

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.reasoning()).isEqualTo("Hm");
    assertThat(reply.firstReasoningAtNanos()).isEqualTo(1);
    assertThat(reply.text()).isEqualTo("Yes");
    assertThat(reply.usage().inputTokens()).isNull();
    assertThat(reply.timings()).isEqualTo(new ServerTimings(null, null, 1_000L));
  }

  @Test
  void streamWithoutItsLastLine_isNotComplete_andAnErrorIsTold() {
    assertThat(stream(End.CLEAN, piece("\"content\":\"Hi\"")).outcome())
        .isEqualTo(Outcome.NO_TERMINATOR);
    Reply failed =
        stream(End.CLEAN, piece("\"content\":\"Hi\""), "{\"error\":\"model ran out\"}\n");
    assertThat(failed.outcome()).isEqualTo(Outcome.STREAM_ERROR);
    assertThat(failed.message()).isEqualTo("model ran out");
  }

  @Test
  void wholeAnswers_areReadAlike() {
    Reply chat = whole(RequestKind.CHAT, LAST.replace("\"content\":\"\"", "\"content\":\"Hi\""));
    assertThat(chat.outcome()).isEqualTo(Outcome.OK);
    assertThat(chat.text()).isEqualTo("Hi");
    assertThat(chat.timings().prefillNanos()).isEqualTo(402_118_000L);

    Reply completion =
        whole(
            RequestKind.COMPLETION,
            "{\"model\":\"m\",\"response\":\"upon\",\"done\":true,\"eval_count\":1}");
    assertThat(completion.text()).isEqualTo("upon");
    assertThat(completion.usage().outputTokens()).isEqualTo(1);
    assertThat(whole(RequestKind.CHAT, "{\"id\":1}").outcome()).isEqualTo(Outcome.PROTOCOL);
  }

  @Test
  void body_hasItsWords_andLeavesOutWhatTheServerDoesNotKnow() {
    GenerationRequest request =
        GenerationRequest.builder()
            .model("llama3.1:8b")
            .message(Message.user("Weather?"))
            .maxTokens(9)
            .minTokens(3)
            .ignoreEos(true)
            .temperature(0.0)
            .seed(7L)
            .stop(List.of("."))
            .jsonSchema("{\"type\":\"object\"}")
            .build();

    assertThat(OLLAMA.path(RequestKind.STRUCTURED)).isEqualTo("/api/chat");
    assertThat(OLLAMA.encode(RequestKind.STRUCTURED, request))
        .isEqualTo(
            "{\"model\":\"llama3.1:8b\",\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"}],"
                + "\"stream\":true,\"format\":{\"type\":\"object\"},\"options\":{\"num_predict\":9,"
                + "\"temperature\":0.0,\"seed\":7,\"stop\":[\".\"]}}");
    GenerationRequest prompt = GenerationRequest.builder().prompt("Once").stream(false).build();
    assertThat(OLLAMA.path(RequestKind.COMPLETION)).isEqualTo("/api/generate");
    assertThat(OLLAMA.encode(RequestKind.COMPLETION, prompt))
        .isEqualTo("{\"prompt\":\"Once\",\"stream\":false}");
    assertThatThrownBy(() -> OLLAMA.path(RequestKind.EMBEDDINGS))
        .hasMessageStartingWith("kind: Expecting one that the dialect ollama knows: ")
        .hasMessageEndingWith("Found: embeddings.");
  }

  @Test
  void modelList_namesThem() {
    String tags = Fixtures.text("telemetry/ollama-ps.json");
    assertThat(OLLAMA.path(RequestKind.MODELS)).isEqualTo("/api/tags");
    assertThat(ModelList.parse(tags)).containsExactly("llama3.1:8b");
    assertThat(whole(RequestKind.MODELS, tags).outcome()).isEqualTo(Outcome.OK);
  }
}
