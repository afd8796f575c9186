package llmload.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.model.TokenUsage;
import llmload.testing.OpenAiFrames;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are cut, badly ended, oddly written or oddly split. */
class StreamFaultIT extends FaultContract {
  private static final String TEXT = "Grüße, 世界 \uD83D\uDE00";

  @Test
  void row08_finInsideChunkedBody_isPrematureClose() {
    RequestRecord record =
        dropped(Steps.sse(), Steps.chunk(OpenAiFrames.content("a")), Steps.closeFin());

    assertCutAfterOneToken(record);
  }

  @Test
  void row08_finInsideAChunk_isPrematureClose() {
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.raw("ff\r\ndata: {\"cho"),
            Steps.closeFin());

    assertCutAfterOneToken(record);
  }

  @Test
  void row08_finInsideTheHead_isPrematureCloseWithoutStatus() {
    RequestRecord record = dropped(Steps.raw("HTTP/1.1 200 OK\r\nContent-"), Steps.closeFin());

    assertThat(record.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(record.status()).isNull();
    assertNoToken(record);
  }

  @Test
  void row08_finBeforeAnyAnswer_isPrematureCloseAndNotSentAgain() {
    RequestRecord record = dropped(Steps.closeFin());

    assertThat(record.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(record.message()).startsWith("Connection closed before the answer");
    assertNoToken(record);
  }

  @Test
  void row09_resetMidStream_isPrematureClose() {
    // The pause lets the token be read: a reset throws away what the client has not read yet.
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.pause(Duration.ofMillis(300)),
            Steps.reset());

    assertCutAfterOneToken(record);
  }

  @Test
  void trap05_finishReasonButCutBeforeTheEnd_isPrematureClose() {
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.chunk(OpenAiFrames.finish("stop")),
            Steps.closeFin());

    assertCutAfterOneToken(record);
  }

  private static void assertCutAfterOneToken(RequestRecord record) {
    assertThat(record.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(record.status()).isEqualTo(200);
    assertThat(record.stamps().firstContentNanos()).isNotNull();
    assertThat(record.chunks().size()).isEqualTo(1);
    assertThat(record.stamps().terminatorNanos()).isNull();
  }

  @Test
  void row10_cleanEndWithoutDoneOrFinish_isNoTerminator() {
    RequestRecord record = kept(stream(OpenAiFrames.role(), OpenAiFrames.content("a")));

    assertThat(record.outcome()).isEqualTo(Outcome.NO_TERMINATOR);
    assertThat(record.stamps().firstContentNanos()).isNotNull();
  }

  @Test
  void row11_finishThenEndWithoutDone_isOkWithAFlag() {
    RequestRecord record =
        kept(
            stream(
                OpenAiFrames.content("a"), OpenAiFrames.finish("stop"), OpenAiFrames.usage(5, 1)));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.tags()).containsEntry(Tags.FLAGS, Flag.NO_DONE.id());
    assertThat(record.stamps().terminatorNanos()).isNull();
    assertThat(record.usage().outputTokens()).isEqualTo(1);
  }

  @Test
  void row12_doneAndSocketLeftOpen_isOkAndEndsAtDone() {
    RequestRecord record =
        dropped(Steps.sse(), Steps.chunks(OpenAiFrames.stream("a", "b")), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.stamps().endNanos()).isEqualTo(record.stamps().terminatorNanos());
    assertThat(record.message()).isNull();
  }

  @Test
  void row12_doneWithoutLineEndAndSocketLeftOpen_isOk() {
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.chunk(OpenAiFrames.finish("stop")),
            Steps.chunk("data: [DONE]"),
            Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.stamps().endNanos()).isEqualTo(record.stamps().terminatorNanos());
  }

  @Test
  void row12_timeoutInsideTheGraceAfterDone_doesNotChangeTheAnswer() {
    // The idle limit of 20 ms passes within the 100 ms that the body may go on after [DONE].
    Timeouts tight = new Timeouts(LONG, LONG, Duration.ofMillis(20), LONG);
    String whole = String.join("", OpenAiFrames.stream("a"));

    RequestRecord record =
        play(Connection.DROPPED, tight, chat(), Steps.sse(), Steps.chunk(whole), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void row13_eventsAfterDone_areLeftOutAndFlagged() {
    String late = OpenAiFrames.content("late");
    RequestRecord record = kept(stream(String.join("", OpenAiFrames.stream("a")) + late));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.chunks().size()).isEqualTo(1);
    assertThat(record.tags()).containsEntry(Tags.FLAGS, Flag.EVENTS_AFTER_DONE.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r", "\n"})
  void row14_lineEndsOfAnyKind_readTheSame(String lineEnd) {
    String body = String.join("", OpenAiFrames.stream("a", TEXT)).replace("\n", lineEnd);

    assertSound(kept(stream(body)));
  }

  @Test
  void row14_mixedLineEnds_readTheSame() {
    String[] events = OpenAiFrames.stream("a", TEXT).toArray(String[]::new);
    events[0] = events[0].replace("\n", "\r\n");
    events[1] = events[1].replace("\n", "\r");

    assertSound(kept(stream(events)));
  }

  @Test
  void row15_oneByteAChunk_readsTheSame() {
    byte[] body = String.join("", OpenAiFrames.stream("a", TEXT)).getBytes(UTF_8);
    int[] ones = new int[body.length];
    Arrays.fill(ones, 1);

    assertSound(kept(Steps.sse(), Steps.pieces(body, ones), Steps.lastChunk()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void row15_framingAndBodyCutAtRandom_readTheSame(long seed) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(UTF_8));
    OpenAiFrames.stream("a", TEXT).forEach(e -> wire.writeBytes(Steps.framed(e.getBytes(UTF_8))));
    wire.writeBytes("0\r\n\r\n".getBytes(UTF_8));
    Random random = new Random(seed);
    int[] sizes = random.ints(wire.size(), 1, 12).toArray();

    assertSound(kept(Steps.rawPieces(wire.toByteArray(), sizes)));
  }

  @Test
  void row16_byteOrderMark_isSkipped() {
    assertSound(
        kept(
            Steps.sse(),
            Steps.chunk(new byte[] {(byte) 0xEF, (byte) 0xBB}),
            Steps.chunk(new byte[] {(byte) 0xBF}),
            Steps.chunks(OpenAiFrames.stream("a", TEXT)),
            Steps.lastChunk()));
  }

  @Test
  void row16_badUtf8_isReplacedAndFlagged() {
    byte[] event = OpenAiFrames.content("a?b").getBytes(UTF_8);
    for (int i = 0; i < event.length; i++) {
      event[i] = event[i] == '?' ? (byte) 0xFF : event[i];
    }
    RequestRecord record =
        kept(
            Steps.sse(),
            Steps.chunk(event),
            Steps.chunk(OpenAiFrames.finish("stop")),
            Steps.chunk(OpenAiFrames.usage(3, 1)),
            Steps.chunk(OpenAiFrames.done()),
            Steps.lastChunk());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.tags()).containsEntry(Tags.FLAGS, Flag.BAD_UTF8.id());
  }

  @Test
  void row17_fieldsOfTheStandard_areReadByItsRules() {
    String piece = OpenAiFrames.content("a");
    String cut = piece.replace("data: {", "data:{").replace(",\"choices\"", ",\ndata: \"choices\"");
    RequestRecord record =
        kept(
            stream(
                ": comment\nretry: abc\nid: a\u0000b\nunknown: x\nnocolon\n\n",
                OpenAiFrames.role(),
                cut,
                OpenAiFrames.content(TEXT),
                OpenAiFrames.finish("stop"),
                OpenAiFrames.usage(10, 2),
                OpenAiFrames.done()));

    assertSound(record);
  }

  @Test
  void row18_unicodeLineSeparatorsInText_endNoLine() {
    RequestRecord record = kept(sound("a\u2028b\u2029c\u0085d", "e"));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.chunks().size()).isEqualTo(2);
  }

  @Test
  void row34_emptyDeltasBeforeTheFirstToken_areNoTokens() {
    RequestRecord record =
        kept(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.role()),
            Steps.chunk(OpenAiFrames.content("")),
            Steps.pause(Duration.ofMillis(200)),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.chunk(OpenAiFrames.finish("stop")),
            Steps.chunk(OpenAiFrames.done()),
            Steps.lastChunk());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.chunks().size()).isEqualTo(1);
    assertThat(millisOf(Objects.requireNonNull(record.stamps().firstTokenNanos())))
        .isGreaterThanOrEqualTo(199);
  }

  /** The stream of "a" and TEXT: two tokens, as its usage says, 10 of prompt, nothing odd. */
  private static void assertSound(RequestRecord record) {
    assertThat(record.outcome()).as("%s", record).isEqualTo(Outcome.OK);
    assertThat(record.chunks().tokens()).containsExactly(1, 1);
    TokenUsage usage = record.usage();
    assertThat(usage.inputTokens()).isEqualTo(10);
    assertThat(usage.outputTokens()).isEqualTo(2);
    assertThat(record.finishReason()).isEqualTo("stop");
    assertThat(record.tags()).doesNotContainKey(Tags.FLAGS);
  }

  @Test
  void sound_stream_isOneOkRequest() {
    Step[] steps = sound("a", TEXT);

    assertSound(kept(steps));
  }
}
