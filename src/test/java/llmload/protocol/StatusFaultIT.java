package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers whose status is not 200. A complete error answer leaves the connection usable. */
class StatusFaultIT extends FaultContract {
  private static final String NO = OpenAiFrames.errorBody("No such thing", "invalid_request_error");

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 422})
  void row23_clientError_isHttp4xxWithItsMessage(int status) {
    RequestRecord record = kept(Steps.json(status, NO));

    assertThat(record.outcome()).isEqualTo(Outcome.HTTP_4XX);
    assertThat(record.status()).isEqualTo(status);
    assertThat(record.message()).isEqualTo("HTTP " + status + ": No such thing");
    assertThat(record.bytesReceived()).isEqualTo(NO.length());
    assertNoToken(record);
  }

  @Test
  void trap01_refusedAtOnce_hasNoLatencyOfAnAnswer() {
    RequestRecord record = kept(Steps.json(401, NO));

    assertThat(record.outcome().isOk()).isFalse();
    assertThat(record.stamps().firstByteNanos()).isNull();
    assertThat(record.stamps().firstEventNanos()).isNull();
    assertNoToken(record);
  }

  @Test
  void trap01_chunkedErrorBody_isReadAsAnError() {
    RequestRecord record =
        kept(
            Steps.head(401, "Content-Type: application/json", "Transfer-Encoding: chunked"),
            Steps.chunk(NO.substring(0, 20)),
            Steps.chunk(NO.substring(20)),
            Steps.lastChunk());

    assertThat(record.message()).isEqualTo("HTTP 401: No such thing");
  }

  @ParameterizedTest
  @CsvSource({
    "7,7",
    "'Fri, 31 Dec 1999 23:59:59 GMT','Fri, 31 Dec 1999 23:59:59 GMT'",
    "soon,soon"
  })
  void row24_tooManyRequests_keepsRetryAfterAndDoesNotRetry(String header, String kept) {
    RequestRecord record = kept(Steps.json(429, NO, "Retry-After: " + header));

    assertThat(record.outcome()).isEqualTo(Outcome.HTTP_429);
    assertThat(record.tags()).containsEntry(Tags.RETRY_AFTER, kept);
    assertNoToken(record);
  }

  @Test
  void row24_retryAfterOfManyCharacters_isCut() {
    RequestRecord record = kept(Steps.json(429, NO, "Retry-After: " + "9".repeat(500)));

    assertThat(record.tags()).containsEntry(Tags.RETRY_AFTER, "9".repeat(64));
  }

  @Test
  void trap22_tooManyRequestsWithoutRetryAfter_hasNoSuchTag() {
    RequestRecord record = kept(Steps.json(429, NO));

    assertThat(record.outcome()).isEqualTo(Outcome.HTTP_429);
    assertThat(record.tags()).doesNotContainKey(Tags.RETRY_AFTER);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void row25_serverErrorWithHtml_isHttp5xxOnOneLine(int status) {
    RequestRecord record =
        kept(Steps.text(status, "text/html", "<html>\n<b>Bad\r\n Gateway</b>\u001B[31m</html>"));

    assertThat(record.outcome()).isEqualTo(Outcome.HTTP_5XX);
    assertThat(record.message())
        .isEqualTo("HTTP " + status + ": <html> <b>Bad Gateway</b>[31m</html>");
    assertNoToken(record);
  }

  @Test
  void row25_serverErrorWithoutBody_saysItsStatus() {
    RequestRecord record = kept(Steps.json(503, ""));

    assertThat(record.message()).isEqualTo("HTTP 503");
  }

  @Test
  void trap02_statusOf500WithAWholeGeneration_countsNoTokens() {
    RequestRecord record = kept(Steps.json(500, OpenAiFrames.completion("text", 10, 20)));

    assertThat(record.outcome()).isEqualTo(Outcome.HTTP_5XX);
    assertThat(record.usage().inputTokens()).isNull();
    assertNoToken(record);
  }

  @Test
  void row25_errorCutInsideItsBody_keepsTheStatus() {
    RequestRecord record =
        dropped(
            Steps.head(500, "Content-Type: text/plain", "Content-Length: 100"),
            Steps.raw("half"),
            Steps.closeFin());

    assertThat(record.outcome()).isEqualTo(Outcome.HTTP_5XX);
    assertThat(record.message()).isEqualTo("HTTP 500: half");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void row27_redirect_isNotFollowedAndTheKeyStaysHere(int status) {
    try (ScriptedServer other = ScriptedServer.start(Script.always(sound("x")));
        ScriptedServer server =
            ScriptedServer.start(
                Script.always(Steps.json(status, "", "Location: " + other.baseUrl() + "/v1/x")));
        ProtocolHarness harness =
            ProtocolHarness.to(
                server.baseUrl(),
                http -> http.authorizationHeader("Bearer canary-key"),
                llm -> llm)) {
      RequestRecord record = harness.send(chat(), 1, Map.of());

      assertThat(record.outcome()).isEqualTo(Outcome.HTTP_4XX);
      assertThat(record.status()).isEqualTo(status);
      assertThat(server.posts()).isEqualTo(1);
      assertThat(server.requests().get(0).header("Authorization")).hasValue("Bearer canary-key");
      assertThat(other.connections()).isZero();
      assertThat(harness.logged()).isEqualTo(expectedLines(record, List.of()));
    }
  }

  @Test
  void row23_interimAnswer_isNotTheAnswer() {
    RequestRecord record =
        kept(
            Steps.raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
            Steps.raw("HTTP/1.1 102 Processing\r\n\r\n"),
            Steps.sse(),
            Steps.chunks(OpenAiFrames.stream("a")),
            Steps.lastChunk());

    assertThat(record.status()).isEqualTo(200);
    assertThat(record.outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void row23_interimAnswerBeforeAWholeOne_isNotTheAnswer() {
    RequestRecord record =
        play(
            Connection.KEPT,
            PATIENT,
            chat().stream(false),
            Steps.raw("HTTP/1.1 100 Continue\r\n\r\n"),
            Steps.json(200, OpenAiFrames.completion("a", 3, 1)));

    assertThat(record.status()).isEqualTo(200);
    assertThat(record.outcome()).isEqualTo(Outcome.OK);
  }
}
