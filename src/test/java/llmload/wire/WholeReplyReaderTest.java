package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import llmload.model.ChunkTimeline;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeReplyReaderTest {

  @Test
  void recorded_llamaCpp_textUsageAndNoTokenMoments() {
    Reply reply =
        read(RequestKind.CHAT, RecordedStreamSource.read("llamacpp-chat-not-streamed.json"));

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isEqualTo("Hold even unto the");
    assertThat(reply.finishReason()).isEqualTo("length");
    assertThat(reply.usage()).isEqualTo(new TokenUsage(15, 6, 14, null, TokenCountSource.USAGE));
    assertThat(reply.firstByteAtNanos()).isEqualTo(5);
    assertThat(reply.firstEventAtNanos()).isNull();
    assertThat(reply.roleAtNanos()).isNull();
    assertThat(reply.firstContentAtNanos()).isNull();
    assertThat(reply.lastTokenAtNanos()).isNull();
    assertThat(reply.chunks(0)).isSameAs(ChunkTimeline.EMPTY);
  }

  @Test
  void recorded_inferenceServer_prettyPrinted() {
    Reply reply =
        read(
            RequestKind.CHAT, RecordedStreamSource.read("inference-server-chat-not-streamed.json"));

    assertThat(reply.text()).isEqualTo(" Estatebes WolverineSee");
    assertThat(reply.usage()).isEqualTo(new TokenUsage(10, 4, null, null, TokenCountSource.USAGE));
    assertThat(reply.flags()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "llamacpp-json-schema.json",
    "noise160m/llamacpp-json-schema.json",
    "llamacpp-grammar.json",
    "noise160m/llamacpp-grammar.json",
    "inference-server-json-object.json"
  })
  void recorded_structured_isOkWithText(String file) {
    Reply reply = read(RequestKind.STRUCTURED, RecordedStreamSource.read(file));

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isNotBlank();
  }

  @Test
  void recorded_error_isReportedWithItsMessage() {
    Reply reply =
        read(
            RequestKind.CHAT,
            RecordedStreamSource.read("inference-server-error-unknown-model.json"));

    assertThat(reply.outcome()).isEqualTo(Outcome.STREAM_ERROR);
    assertThat(reply.message()).isEqualTo("Model does not exist");
  }

  @Test
  void body_empty_isEmpty() {
    assertThat(read(RequestKind.CHAT, new byte[0]).outcome()).isEqualTo(Outcome.EMPTY);
    assertThat(read(RequestKind.CHAT, " \r\n".getBytes(UTF_8)).outcome()).isEqualTo(Outcome.EMPTY);
    assertThat(read(RequestKind.MODELS, new byte[0]).outcome()).isEqualTo(Outcome.EMPTY);
    String nothing = "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}";
    assertThat(read(RequestKind.CHAT, nothing.getBytes(UTF_8)).outcome()).isEqualTo(Outcome.EMPTY);
  }

  @Test
  void body_notTheAnswer_breaksTheProtocol() {
    for (String body : new String[] {"<html>", "{\"choices\":[", "[]", "{\"a\":1}", "7", "{}{}"}) {
      Reply reply = read(RequestKind.CHAT, body.getBytes(UTF_8));

      assertThat(reply.outcome()).isEqualTo(Outcome.PROTOCOL);
      assertThat(reply.message()).startsWith("body: Expecting ").endsWith("Found: " + body);
    }
    String deep = "{\"a\":" + "[".repeat(100_000);
    for (RequestKind kind : new RequestKind[] {RequestKind.CHAT, RequestKind.MODELS}) {
      assertThat(read(kind, deep.getBytes(UTF_8)).outcome()).isEqualTo(Outcome.PROTOCOL);
    }
  }

  @Test
  void body_cutOrAbandoned_isNotOk() {
    byte[] body = RecordedStreamSource.read("llamacpp-chat-not-streamed.json");

    assertThat(read(RequestKind.CHAT, body, End.CUT).outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(read(RequestKind.CHAT, body, End.ABANDONED).outcome()).isEqualTo(Outcome.INCOMPLETE);
  }

  @Test
  void usage_missing_isTheTokenizersCountOrAbsent() {
    byte[] body = "{\"choices\":[{\"message\":{\"content\":\"abcd\"}}]}".getBytes(UTF_8);
    Reply without = read(RequestKind.CHAT, body);
    WholeReplyReader counting =
        new WholeReplyReader(
            RequestKind.CHAT, ReplyOptions.whole().withTokenCounter(String::length));
    counting.feed(body, 0, body.length, 5);
    Reply with = counting.reply(End.CLEAN);

    assertThat(without.usage()).isEqualTo(TokenUsage.NONE);
    assertThat(without.flags()).containsExactly(Flag.USAGE_MISSING);
    assertThat(with.usage())
        .isEqualTo(new TokenUsage(null, 4, null, null, TokenCountSource.TOKENIZER));
    assertThat(with.flags()).isEmpty();
  }

  @Test
  void toolCall_alone_isAnAnswer() {
    String body =
        "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"function\":"
            + "{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}";

    assertThat(read(RequestKind.CHAT, body.getBytes(UTF_8)).outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void otherKinds_areReadByTheirOwnRules() {
    assertThat(read(RequestKind.HEALTH, new byte[0]).outcome()).isEqualTo(Outcome.OK);
    assertThat(read(RequestKind.HEALTH, "fine".getBytes(UTF_8)).outcome()).isEqualTo(Outcome.OK);
    byte[] models = RecordedStreamSource.read("llamacpp-models.json");
    assertThat(read(RequestKind.MODELS, models).outcome()).isEqualTo(Outcome.OK);
    byte[] vectors =
        "{\"data\":[{\"embedding\":[0.5]}],\"usage\":{\"prompt_tokens\":3}}".getBytes(UTF_8);
    assertThat(read(RequestKind.EMBEDDINGS, vectors).usage().inputTokens()).isEqualTo(3);
    byte[] off = RecordedStreamSource.read("llamacpp-error-embeddings-off.json");
    assertThat(read(RequestKind.EMBEDDINGS, off).outcome()).isEqualTo(Outcome.STREAM_ERROR);
  }

  @Test
  void contentType_json_isAcceptedInAnyCase() {
    WholeReplyReader chat = new WholeReplyReader(RequestKind.CHAT, ReplyOptions.whole());

    assertThat(chat.acceptsContentType("Application/JSON; charset=utf-8")).isTrue();
    assertThat(chat.acceptsContentType(null)).isTrue();
    assertThat(chat.acceptsContentType("text/html")).isFalse();
    assertThat(
            new WholeReplyReader(RequestKind.HEALTH, ReplyOptions.whole())
                .acceptsContentType("text/plain"))
        .isTrue();
  }

  private static Reply read(RequestKind kind, byte[] body) {
    return read(kind, body, End.CLEAN);
  }

  private static Reply read(RequestKind kind, byte[] body, End end) {
    WholeReplyReader reader = new WholeReplyReader(kind, ReplyOptions.whole().keepingText());
    int half = body.length / 2;
    reader.feed(body, 0, half, 5);
    reader.feed(body, half, body.length, half == 0 ? 5 : 6);
    return reader.reply(end);
  }
}
