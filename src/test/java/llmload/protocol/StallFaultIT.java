package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.testing.OpenAiFrames;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;

/** Servers that stall, in each place where an answer can: the four timeouts. */
class StallFaultIT extends FaultContract {
  private static final Timeouts FIRST_TOKEN = new Timeouts(LONG, SHORT, LONG, LONG);
  private static final Timeouts IDLE = new Timeouts(LONG, LONG, SHORT, LONG);
  private static final Timeouts TOTAL = new Timeouts(LONG, LONG, LONG, SHORT);

  private static RequestRecord stalled(Timeouts timeouts, Step... steps) {
    return play(Connection.DROPPED, timeouts, chat(), steps);
  }

  @Test
  void row02_acceptsAndNeverAnswers_isFirstTokenTimeout() {
    RequestRecord record = stalled(FIRST_TOKEN, Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
    assertThat(record.stamps().connectedNanos()).isNotNull();
    assertThat(record.stamps().headersNanos()).isNull();
    assertThat(record.status()).isNull();
    assertThat(record.stamps().endNanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
    assertNoToken(record);
  }

  @Test
  void row03_headersWithoutEvent_isFirstTokenTimeoutAndKeepsTheHeaders() {
    RequestRecord record = stalled(FIRST_TOKEN, Steps.sse(), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
    assertThat(record.status()).isEqualTo(200);
    assertThat(record.stamps().headersNanos()).isNotNull();
    assertThat(record.stamps().firstByteNanos()).isNull();
    assertNoToken(record);
  }

  @Test
  void row04_pingsOnly_areNoTokens() {
    RequestRecord record =
        stalled(
            FIRST_TOKEN,
            Steps.sse(),
            Steps.forever(Steps.chunk(": ping\n\n"), Steps.pause(Duration.ofMillis(20))));

    assertThat(record.outcome()).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
    assertThat(record.stamps().firstByteNanos()).isNotNull();
    assertThat(record.stamps().firstEventNanos()).isNull();
    assertNoToken(record);
  }

  @Test
  void row04_roleOnly_isNoToken() {
    RequestRecord record =
        stalled(FIRST_TOKEN, Steps.sse(), Steps.chunk(OpenAiFrames.role()), Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
    assertThat(record.stamps().roleNanos()).isNotNull();
    assertNoToken(record);
  }

  @Test
  void row05_stallAfterTwoTokens_isIdleTimeoutAndKeepsTheirMoments() {
    RequestRecord record =
        stalled(
            IDLE,
            Steps.sse(),
            Steps.chunk(OpenAiFrames.role()),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.chunk(OpenAiFrames.content("b")),
            Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.IDLE_TIMEOUT);
    assertThat(record.stamps().firstContentNanos()).isNotNull();
    assertThat(record.chunks().size()).isEqualTo(2);
    assertThat(record.stamps().terminatorNanos()).isNull();
    assertThat(record.stamps().endNanos() - lastToken(record))
        .isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void row06_slowLorisInsideAnEvent_doesNotMoveTheIdleDeadline() {
    RequestRecord record =
        stalled(
            IDLE,
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.drip(OpenAiFrames.content("never ends ".repeat(50)), Duration.ofMillis(20)));

    assertThat(record.outcome()).isEqualTo(Outcome.IDLE_TIMEOUT);
    assertThat(record.chunks().size()).isEqualTo(1);
    assertThat(record.bytesReceived())
        .isGreaterThan(OpenAiFrames.content("a").length())
        .isLessThan(OpenAiFrames.content("a").length() + 400);
  }

  @Test
  void row06_slowLorisFromTheStart_isFirstTokenTimeout() {
    RequestRecord record =
        stalled(
            FIRST_TOKEN,
            Steps.sse(),
            Steps.drip(OpenAiFrames.content("never ends ".repeat(50)), Duration.ofMillis(20)));

    assertThat(record.outcome()).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
    assertNoToken(record);
  }

  @Test
  void row07_endlessTokens_areTotalTimeout() {
    RequestRecord record =
        stalled(
            TOTAL,
            Steps.sse(),
            Steps.forever(
                Steps.chunk(OpenAiFrames.content("x")), Steps.pause(Duration.ofMillis(1))));

    assertThat(record.outcome()).isEqualTo(Outcome.TOTAL_TIMEOUT);
    assertThat(record.chunks().size()).isGreaterThan(1);
    assertThat(record.stamps().endNanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void row07_wholeAnswerThatNeverEnds_isTotalTimeout() {
    RequestRecord record =
        play(
            Connection.DROPPED,
            TOTAL,
            chat().stream(false),
            Steps.head(200, "Content-Type: application/json", "Content-Length: 1000"),
            Steps.raw("{\"id\":"),
            Steps.hang());

    assertThat(record.outcome()).isEqualTo(Outcome.TOTAL_TIMEOUT);
    assertThat(record.bytesReceived()).isEqualTo(6);
  }

  @Test
  void trap03_roleEarlyAndContentAfter300Millis_ttftIsTheContent() {
    RequestRecord record =
        kept(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.role()),
            Steps.pause(Duration.ofMillis(300)),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.chunk(OpenAiFrames.finish("stop")),
            Steps.chunk(OpenAiFrames.done()),
            Steps.lastChunk());

    long role = Objects.requireNonNull(record.stamps().roleNanos());
    long first = Objects.requireNonNull(record.stamps().firstTokenNanos());
    // The server writes the role before its pause, so the client cannot see the content sooner than
    // 300 ms after the sending; a millisecond is left for the two clocks' steps.
    assertThat(millisOf(first)).isGreaterThanOrEqualTo(299);
    assertThat(role).isLessThan(first);
  }

  @Test
  void pauseAfterTheTerminator_isNotInTheResponseTime() {
    RequestRecord record =
        kept(
            Steps.sse(),
            Steps.chunks(OpenAiFrames.stream("a", "b")),
            Steps.pause(Duration.ofMillis(10)),
            Steps.lastChunk());

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.stamps().endNanos()).isEqualTo(record.stamps().terminatorNanos());
  }

  private static long lastToken(RequestRecord record) {
    return Objects.requireNonNull(record.stamps().lastTokenNanos());
  }
}
