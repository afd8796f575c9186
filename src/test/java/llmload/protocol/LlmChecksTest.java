package llmload.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static llmload.protocol.LlmDsl.finishReason;
import static llmload.protocol.LlmDsl.outputTokens;
import static llmload.protocol.LlmDsl.timeToFirstToken;
import static llmload.protocol.LlmDsl.tokensPerSecond;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.protocol.exchange.ExchangeRecord;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.wire.Dialects;
import llmload.wire.End;
import llmload.wire.Reply;
import llmload.wire.ReplyOptions;
import llmload.wire.ReplyReader;
import org.junit.jupiter.api.Test;

/** First token after 200 ms, last after 500 ms, 20 tokens by the server's count. */
class LlmChecksTest {
  private static final ReplyView VIEW = view(true, "stop");

  private static ReplyView view(boolean tokens, String finish) {
    ExchangeRecord exchange =
        new ExchangeRecord(
            new ExchangeRecord.Identity(
                "r1", "s", "chat", 1, Phase.MEASURE, RequestKind.CHAT, true, 0));
    exchange.sent(0);
    exchange.answered(1, 200, null);
    ReplyReader reader =
        Dialects.of("openai-chat").reader(RequestKind.CHAT, ReplyOptions.streamed());
    if (tokens) {
      feed(reader, OpenAiFrames.content("a"), 200);
      feed(reader, OpenAiFrames.content("b"), 500);
      feed(reader, OpenAiFrames.finish(finish), 500);
      feed(reader, OpenAiFrames.usage(5, 20), 500);
    }
    feed(reader, OpenAiFrames.done(), 600);
    Reply reply = reader.reply(End.CLEAN);
    return new ReplyView(
        exchange.finish(
            new ExchangeRecord.Ending(600_000_000, null, null, true, reply, null),
            0,
            UnaryOperator.identity()),
        reply,
        ProtocolHarness.emptySession());
  }

  private static void feed(ReplyReader reader, String event, long millis) {
    byte[] bytes = event.getBytes(UTF_8);
    reader.feed(bytes, 0, bytes.length, Duration.ofMillis(millis).toNanos());
  }

  private static boolean holds(LlmCheck check) {
    Object value = check.value().apply(VIEW);
    return value != null && check.condition().test(value);
  }

  @Test
  void timeToFirstToken_isTheFirstTokensMillis() {
    assertThat(timeToFirstToken().lte(Duration.ofMillis(200)).value().apply(VIEW)).isEqualTo(200.0);
    assertThat(holds(timeToFirstToken().lte(Duration.ofMillis(200)))).isTrue();
    assertThat(holds(timeToFirstToken().lte(Duration.ofNanos(199_999_999)))).isFalse();
    assertThat(timeToFirstToken().lte(Duration.ofMillis(200)).failureText())
        .isEqualTo("time to first token above 200 ms");
    assertThat(timeToFirstToken().lte(Duration.ofNanos(1_500_000)).failureText())
        .isEqualTo("time to first token above 1.5 ms");
  }

  @Test
  void tokensPerSecond_isTokensOverTheTimeToTheLast() {
    // 20 tokens in 0.5 s are 40 a second.
    assertThat(tokensPerSecond().gte(30).value().apply(VIEW)).isEqualTo(40.0);
    assertThat(holds(tokensPerSecond().gte(40))).isTrue();
    assertThat(holds(tokensPerSecond().gte(40.1))).isFalse();
    assertThat(holds(tokensPerSecond().lte(39))).isFalse();
    assertThat(tokensPerSecond().gte(30).failureText()).isEqualTo("tokens per second below 30");
  }

  @Test
  void outputTokens_isTheCount() {
    assertThat(holds(outputTokens().is(20))).isTrue();
    assertThat(holds(outputTokens().is(19))).isFalse();
    assertThat(outputTokens().is(19).failureText()).isEqualTo("output tokens other than 19");
    assertThat(outputTokens().lte(5).failureText()).isEqualTo("output tokens above 5");
  }

  @Test
  void finishReason_isTheServersWord() {
    assertThat(holds(finishReason().in("length", "stop"))).isTrue();
    assertThat(holds(finishReason().is("length"))).isFalse();
    assertThat(finishReason().in("length", "stop").failureText())
        .isEqualTo("finish reason not in [length, stop]");
  }

  @Test
  void valuesThatAreNotThere_areNull() {
    ReplyView empty = view(false, "stop");

    assertThat(timeToFirstToken().lte(Duration.ofMillis(1)).value().apply(empty)).isNull();
    assertThat(tokensPerSecond().gte(1).value().apply(empty)).isNull();
    assertThat(outputTokens().is(1).value().apply(empty)).isNull();
    assertThat(finishReason().is("stop").value().apply(empty)).isNull();
  }
}
