package llmload.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.model.TokenCountSource;
import llmload.testing.OpenAiFrames;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are broken, too large, of the wrong type, compressed, or in one piece. */
class BodyFaultIT extends FaultContract {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"choices\":[{\"index\":0,\"del\n\n",
        "data: {\"choices\":[]}data: {\"choices\":[]}\n\n",
        "data: nonsense\n\n",
        "data: {\"unknown\":1}\n\n"
      })
  void row19_eventThatIsNoChunk_isProtocol(String event) {
    RequestRecord record =
        dropped(
            Steps.sse(), Steps.chunk(OpenAiFrames.content("a")), Steps.chunk(event), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(record.message()).startsWith("event 2: Expecting").hasSizeLessThanOrEqualTo(500);
    assertThat(record.stamps().firstContentNanos()).isNotNull();
  }

  @Test
  void row20_hugeEventWithoutLineEnd_isCutAtTheCap() {
    byte[] filler = "x".repeat(1 << 16).getBytes(UTF_8);
    // 1,600 pieces of 64 KiB are 100 MiB; an event may have 4 MiB.
    RequestRecord record =
        dropped(Steps.sse(), Steps.chunk("data: "), Steps.repeat(1600, Steps.chunk(filler)));

    assertThat(record.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(record.message()).contains("4194304 bytes");
    assertThat(record.bytesReceived()).isBetween(4L << 20, 6L << 20);
    assertNoToken(record);
  }

  @Test
  void row21_deepJson_isProtocolWithoutOverflow() {
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk("data: {\"choices\":" + "[".repeat(100_000) + "\n\n"),
            Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(record.message()).hasSizeLessThanOrEqualTo(500);
  }

  @Test
  void row22_html_isContentType() {
    RequestRecord record = kept(Steps.text(200, "text/html", "<b>Welcome</b>"));

    assertThat(record.outcome()).isEqualTo(Outcome.CONTENT_TYPE);
    assertThat(record.message()).isEqualTo("Content-Type text/html: <b>Welcome</b>");
    assertNoToken(record);
  }

  @Test
  void row22_jsonErrorInsteadOfAStream_isContentTypeWithItsMessage() {
    RequestRecord record =
        kept(Steps.json(200, OpenAiFrames.errorBody("model is loading", "server_error")));

    assertThat(record.outcome()).isEqualTo(Outcome.CONTENT_TYPE);
    assertThat(record.message()).isEqualTo("Content-Type application/json: model is loading");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: Text/Event-Stream",
        "CONTENT-TYPE: TEXT/EVENT-STREAM;charset=UTF-8",
        "X-Nothing: here"
      })
  void row22_typeInAnyCaseOrNone_isRead(String header) {
    RequestRecord record =
        kept(
            Steps.head(200, header, "Transfer-Encoding: chunked"),
            Steps.chunks(OpenAiFrames.stream("a")),
            Steps.lastChunk());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void row28_compressedStreamFlushedByEvent_isReadAsItComes(String coding) {
    List<String> events = OpenAiFrames.stream("a", "b");
    RequestRecord record =
        kept(coding.equals("gzip") ? Steps.gzipSse(events) : Steps.deflateSse(events));

    assertThat(record.outcome()).as("%s", record).isEqualTo(Outcome.OK);
    assertThat(record.chunks().tokens()).containsExactly(1, 1);
    assertThat(record.bytesReceived()).isEqualTo(String.join("", events).length());
  }

  @Test
  void row28_corruptGzip_isProtocol() {
    RequestRecord record =
        dropped(Steps.sse("Content-Encoding: gzip"), Steps.chunk("this is no gzip"), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertNoToken(record);
  }

  @Test
  void row28_gzipBomb_isCutAtTheCapOfAnEvent() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write("data: ".getBytes(UTF_8));
      byte[] filler = "x".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 200; i++) {
        gzip.write(filler);
      }
    }
    RequestRecord record =
        dropped(Steps.sse("Content-Encoding: gzip"), Steps.chunk(bomb.toByteArray()), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(record.bytesReceived()).isLessThan(8L << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "-1\r\n", "\r\n", "ffffffffffffff\r\n", "3\r\nabcX"})
  void brokenChunkFraming_isProtocol(String wire) {
    RequestRecord record =
        dropped(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.raw(wire),
            Steps.hang(Duration.ofSeconds(20)));

    assertThat(record.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(record.message()).startsWith("Response that is not HTTP");
    assertThat(record.stamps().firstContentNanos()).isNotNull();
  }

  @Test
  void answerThatIsNotHttp_isProtocol() {
    RequestRecord record = dropped(Steps.raw("SSH-2.0-OpenSSH_9\r\n\r\n"), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertNoToken(record);
  }

  @Test
  void trap07_emptyStream_isNoTerminator() {
    RequestRecord record = kept(Steps.sse(), Steps.lastChunk());

    assertThat(record.outcome()).isEqualTo(Outcome.NO_TERMINATOR);
    assertNoToken(record);
  }

  @Test
  void trap07_emptyBodyWithLength_isNoTerminatorForAStreamAndEmptyForAWhole() {
    RequestRecord streamed = kept(Steps.text(200, "text/event-stream", ""));
    RequestRecord whole = play(Connection.KEPT, PATIENT, chat().stream(false), Steps.json(200, ""));

    assertThat(streamed.outcome()).isEqualTo(Outcome.NO_TERMINATOR);
    assertThat(whole.outcome()).isEqualTo(Outcome.EMPTY);
    assertNoToken(whole);
  }

  @Test
  void trap10_wholeAnswer_hasNoTimeToFirstToken() {
    RequestRecord record =
        play(
            Connection.KEPT,
            PATIENT,
            chat().stream(false),
            Steps.pause(Duration.ofMillis(100)),
            Steps.json(200, OpenAiFrames.completion("hello", 12, 3)));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    Stamps stamps = record.stamps();
    assertThat(stamps.firstTokenNanos()).isNull();
    assertThat(stamps.lastTokenNanos()).isNull();
    assertThat(stamps.firstByteNanos()).isNotNull();
    assertThat(millisOf(stamps.endNanos())).isGreaterThanOrEqualTo(99);
    assertThat(record.chunks().size()).isZero();
    assertThat(record.usage().outputTokens()).isEqualTo(3);
    assertThat(record.usage().inputTokens()).isEqualTo(12);
    assertThat(record.usage().source()).isEqualTo(TokenCountSource.USAGE);
  }

  @Test
  void wholeAnswer_cutInsideItsLength_isPrematureClose() {
    RequestRecord record =
        play(
            Connection.DROPPED,
            PATIENT,
            chat().stream(false),
            Steps.head(200, "Content-Type: application/json", "Content-Length: 100"),
            Steps.raw("{\"id\":"),
            Steps.closeFin());

    assertThat(record.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(record.usage().outputTokens()).isNull();
  }

  @Test
  void streamWithLength_isReadToItsEnd() {
    String body = String.join("", OpenAiFrames.stream("a", "b"));
    RequestRecord record = kept(Steps.text(200, "text/event-stream", body));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.chunks().tokens()).containsExactly(1, 1);
  }

  @Test
  void streamThatEndsWithItsConnection_isReadToItsEnd() {
    RequestRecord record =
        dropped(
            Steps.head(200, "Content-Type: text/event-stream", "Connection: close"),
            Steps.raw(OpenAiFrames.content("a") + OpenAiFrames.finish("stop")),
            Steps.closeFin());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(Objects.requireNonNull(record.usage().outputTokens())).isEqualTo(1);
  }
}
