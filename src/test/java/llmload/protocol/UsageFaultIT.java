package llmload.protocol;

import static llmload.protocol.LlmDsl.llm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.metrics.RequestMetrics;
import llmload.model.CoreMetric;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.model.TokenCountSource;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.ReceivedRequest;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import llmload.wire.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors inside streams, odd token counts and odd choices. */
class UsageFaultIT extends FaultContract {
  private static final String ERROR = OpenAiFrames.error("out of memory");

  @Test
  void row26_errorFirst_isStreamErrorWithoutToken() {
    RequestRecord record = dropped(Steps.sse(), Steps.chunk(ERROR), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.STREAM_ERROR);
    assertThat(record.message()).isEqualTo("out of memory");
    assertNoToken(record);
  }

  @Test
  void row26_errorAfterTokens_isStreamErrorAndKeepsTheirMoments() {
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.chunk(OpenAiFrames.content("b")),
            Steps.chunk(ERROR),
            Steps.chunk(OpenAiFrames.done()),
            Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.STREAM_ERROR);
    assertThat(record.stamps().firstContentNanos()).isNotNull();
    assertThat(record.chunks().size()).isEqualTo(2);
    assertThat(record.finishReason()).isNull();
  }

  @Test
  void trap06_errorEventInsideA200_isStreamError() {
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk("event: error\ndata: {\"message\":\"gone\"}\n\n"),
            Steps.hang());

    assertThat(record.status()).isEqualTo(200);
    assertThat(record.outcome()).isEqualTo(Outcome.STREAM_ERROR);
    assertThat(record.message()).isEqualTo("gone");
  }

  @Test
  void row30_usageMissing_countsChunksAndSaysSo() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content("a"),
                OpenAiFrames.content("b"),
                OpenAiFrames.content("c"),
                OpenAiFrames.finish("length"),
                OpenAiFrames.done()));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.usage().outputTokens()).isEqualTo(3);
    assertThat(record.usage().inputTokens()).isNull();
    assertThat(record.usage().source()).isEqualTo(TokenCountSource.CHUNKS);
    assertThat(record.tags()).containsEntry(Tags.FLAGS, Flag.USAGE_MISSING.id());
  }

  // Four chunks of one letter. A total of 2 cannot hold four texts; -1 and 1e18 are no counts.
  @ParameterizedTest
  @CsvSource({
    "2,2,USAGE,usage_contradiction",
    "-1,4,CHUNKS,'usage_invalid,usage_missing'",
    "1000000000000000000,4,CHUNKS,'usage_invalid,usage_missing'"
  })
  void row31_usageThatCannotBe_isFlagged(
      long completion, int tokens, TokenCountSource source, String flags) {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content("a"),
                OpenAiFrames.content("b"),
                OpenAiFrames.content("c"),
                OpenAiFrames.content("d"),
                OpenAiFrames.finish("length"),
                OpenAiFrames.usage(10, completion),
                OpenAiFrames.done()));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.usage().outputTokens()).isEqualTo(tokens);
    assertThat(record.usage().source()).isEqualTo(source);
    assertThat(record.tags()).containsEntry(Tags.FLAGS, flags);
  }

  @Test
  void row31_usageTwice_theLastValidOneCounts() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content("a"),
                OpenAiFrames.content("b"),
                OpenAiFrames.finish("stop"),
                OpenAiFrames.usage(10, 7),
                OpenAiFrames.usage(10, 2),
                OpenAiFrames.done()));

    assertThat(record.usage().outputTokens()).isEqualTo(2);
    assertThat(record.chunks().tokens()).containsExactly(1, 1);
  }

  @Test
  void row31_usageInEachChunk_givesEachItsShare() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.contentWithUsage("a", 10, 1),
                OpenAiFrames.contentWithUsage("bcd", 10, 4),
                OpenAiFrames.contentWithUsage("ef", 10, 6),
                OpenAiFrames.finish("stop"),
                OpenAiFrames.done()));

    assertThat(record.chunks().tokens()).containsExactly(1, 3, 2);
    assertThat(record.usage().source()).isEqualTo(TokenCountSource.CONTINUOUS_USAGE);
  }

  @Test
  void row32_zeroTokensAndStop_isEmpty() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.role(),
                OpenAiFrames.finish("stop"),
                OpenAiFrames.usage(10, 0),
                OpenAiFrames.done()));

    assertThat(record.outcome()).isEqualTo(Outcome.EMPTY);
    assertThat(record.stamps().firstTokenNanos()).isNull();
    assertThat(RequestMetrics.sample(CoreMetric.TPOT, record)).isEmpty();
    assertThat(RequestMetrics.sample(CoreMetric.TTFT, record)).isEmpty();
  }

  @Test
  void row33_oneToken_hasATtftAndNoTpot() {
    RequestRecord record = kept(sound("a"));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(RequestMetrics.sample(CoreMetric.TTFT, record)).isPresent();
    assertThat(RequestMetrics.sample(CoreMetric.TPOT, record)).isEmpty();
  }

  @Test
  void row35_finishReasonTwice_isFlagged() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content("a"),
                OpenAiFrames.finish("stop"),
                OpenAiFrames.finish("length"),
                OpenAiFrames.usage(10, 1),
                OpenAiFrames.done()));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.finishReason()).isEqualTo("stop");
    assertThat(record.tags()).containsEntry(Tags.FLAGS, Flag.FINISH_REPEATED.id());
  }

  @Test
  void row35_twoChoicesInterleaved_areBothCounted() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content(0, "a"),
                OpenAiFrames.content(1, "b"),
                OpenAiFrames.content(0, "c"),
                OpenAiFrames.finish(0, "stop"),
                OpenAiFrames.content(1, "d"),
                OpenAiFrames.finish(1, "length"),
                OpenAiFrames.usage(10, 4),
                OpenAiFrames.done()));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.chunks().tokens()).containsExactly(1, 1, 1, 1);
    assertThat(record.tags()).doesNotContainKey(Tags.FLAGS);
  }

  @Test
  void row35_secondChoiceUnfinishedAtACleanEnd_isNoTerminator() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content(0, "a"),
                OpenAiFrames.content(1, "b"),
                OpenAiFrames.finish(0, "stop")));

    assertThat(record.outcome()).isEqualTo(Outcome.NO_TERMINATOR);
  }

  @Test
  void trap04_tenTokensInOneChunk_usageWins() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content("ten tokens in one chunk of text, all right?"),
                OpenAiFrames.finish("stop"),
                OpenAiFrames.usage(10, 10),
                OpenAiFrames.done()));

    assertThat(record.usage().outputTokens()).isEqualTo(10);
    assertThat(record.usage().source()).isEqualTo(TokenCountSource.USAGE);
    assertThat(record.chunks().tokens()).containsExactly(10);
  }

  @Test
  void row36_fiveThousandTokensInOneChunk_areCountedByUsage() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content("word ".repeat(4999)),
                OpenAiFrames.content("end"),
                OpenAiFrames.finish("stop"),
                OpenAiFrames.usage(10, 5000),
                OpenAiFrames.done()));

    assertThat(record.chunks().tokenCount()).isEqualTo(5000);
    assertThat(record.chunks().size()).isEqualTo(2);
    OptionalDouble tpot = RequestMetrics.sample(CoreMetric.TPOT, record);
    // (last token − first token) / (5,000 − 1)
    double spread =
        (Objects.requireNonNull(record.stamps().lastTokenNanos())
                - Objects.requireNonNull(record.stamps().firstTokenNanos()))
            / 1e6;
    assertThat(tpot.orElseThrow()).isCloseTo(spread / 4999, within(1e-6));
  }

  @Test
  void row37_reasoningThenContent_hasTwoFirstMoments() {
    RequestRecord record =
        kept(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.reasoning("hm")),
            Steps.pause(Duration.ofMillis(50)),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.chunk(OpenAiFrames.finish("stop")),
            Steps.chunk(OpenAiFrames.usage(10, 2)),
            Steps.chunk(OpenAiFrames.done()),
            Steps.lastChunk());

    long reasoning = Objects.requireNonNull(record.stamps().firstReasoningNanos());
    long content = Objects.requireNonNull(record.stamps().firstContentNanos());
    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.stamps().firstTokenNanos()).isEqualTo(reasoning);
    assertThat(content).isGreaterThan(reasoning);
    assertThat(record.chunks().tokens()).containsExactly(1, 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void row37_reasoningOrToolCallOnly_isAnAnswer(boolean tool) {
    RequestRecord record =
        kept(
            stream(
                tool ? OpenAiFrames.toolCall(0, "f", "") : OpenAiFrames.reasoning("hm"),
                tool ? OpenAiFrames.toolArguments(0, "{}") : OpenAiFrames.reasoning("so"),
                OpenAiFrames.finish(tool ? "tool_calls" : "stop"),
                OpenAiFrames.usage(10, 2),
                OpenAiFrames.done()));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.stamps().firstContentNanos()).isNull();
    assertThat(record.stamps().firstTokenNanos()).isNotNull();
    assertThat(record.usage().outputTokens()).isEqualTo(2);
  }

  private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");

  /** A server that counts each letter of the conversation as one prompt token. */
  private static List<Step> echoLength(ReceivedRequest request) {
    int letters = 0;
    for (Matcher m = CONTENT.matcher(request.body()); m.find(); ) {
      letters += m.group(1).length();
    }
    return List.of(
        stream(
            OpenAiFrames.content("reply"),
            OpenAiFrames.finish("stop"),
            OpenAiFrames.usage(letters, 1),
            OpenAiFrames.done()));
  }

  @Test
  void trap19_nextTurn_sendsTheReplyBeforeItAndCountsMorePromptTokens() {
    LlmRequestBuilder first = llm("chat").user("hello").saveReplyAs("reply");
    LlmRequestBuilder second =
        llm("chat")
            .messages(
                session ->
                    List.of(
                        new Message("user", "hello"),
                        new Message("assistant", String.valueOf(session.getString("reply"))),
                        new Message("user", "more")));
    try (ScriptedServer server = ScriptedServer.start(Script.perRequest(UsageFaultIT::echoLength));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord turn0 = harness.send(first, 1, Map.of());
      Map<String, Object> session = harness.awaitOnward().attributes();
      RequestRecord turn1 = harness.send(second, 1, session);

      assertThat(session).containsEntry("reply", "reply");
      assertThat(turn0.usage().inputTokens()).isEqualTo("hello".length());
      assertThat(turn1.usage().inputTokens()).isEqualTo("helloreplymore".length());
    }
  }
}
