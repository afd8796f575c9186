package llmload.protocol.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Objects;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.protocol.Timeouts;
import llmload.testing.OpenAiFrames;
import llmload.wire.Dialects;
import llmload.wire.ReplyOptions;
import llmload.wire.ReplyReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  /** Near the overflow of a long, where {@code System.nanoTime()} may stand. */
  private static final long SENT = Long.MAX_VALUE - 50;

  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofNanos(10), Duration.ofNanos(100), Duration.ofNanos(30), Duration.ofNanos(200));

  private static ReplyReader reader(long... tokensAt) {
    ReplyReader reader =
        Dialects.of("openai-chat").reader(RequestKind.CHAT, ReplyOptions.streamed());
    byte[] token = OpenAiFrames.content("a").getBytes(UTF_8);
    for (long at : tokensAt) {
      reader.feed(token, 0, token.length, SENT + at);
    }
    return reader;
  }

  private static @Nullable Outcome missed(
      Deadlines deadlines, long at, boolean connected, ReplyReader reader) {
    Deadlines.Missed missed = deadlines.missedAt(SENT + at, SENT, connected, reader);
    return missed == null ? null : missed.outcome();
  }

  @Test
  void unconnected_isDueAfterTheConnectTimeout() {
    Deadlines deadlines = new Deadlines(TIMEOUTS, true);

    assertThat(deadlines.nextAt(SENT, false, reader()) - SENT).isEqualTo(10);
    assertThat(missed(deadlines, 9, false, reader())).isNull();
    assertThat(missed(deadlines, 10, false, reader())).isEqualTo(Outcome.CONNECT);
  }

  @Test
  void connectedWithoutToken_isDueAfterTheFirstTokenTimeout() {
    Deadlines deadlines = new Deadlines(TIMEOUTS, true);

    assertThat(deadlines.nextAt(SENT, true, reader()) - SENT).isEqualTo(100);
    assertThat(missed(deadlines, 99, true, reader())).isNull();
    assertThat(missed(deadlines, 100, true, reader())).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
  }

  @Test
  void token_movesTheDeadlineToTheIdleTimeoutAfterIt() {
    Deadlines deadlines = new Deadlines(TIMEOUTS, true);

    assertThat(deadlines.nextAt(SENT, true, reader(40)) - SENT).isEqualTo(70);
    assertThat(missed(deadlines, 69, true, reader(40))).isNull();
    assertThat(missed(deadlines, 70, true, reader(40))).isEqualTo(Outcome.IDLE_TIMEOUT);
    assertThat(missed(deadlines, 70, true, reader(40, 60))).isNull();
  }

  @Test
  void total_endsAnEndlessAnswerAndIsNeverExceeded() {
    Deadlines deadlines = new Deadlines(TIMEOUTS, true);

    assertThat(deadlines.nextAt(SENT, true, reader(190)) - SENT).isEqualTo(200);
    assertThat(missed(deadlines, 199, true, reader(190))).isNull();
    assertThat(missed(deadlines, 200, true, reader(190))).isEqualTo(Outcome.TOTAL_TIMEOUT);
    assertThat(missed(deadlines, 200, true, reader())).isEqualTo(Outcome.TOTAL_TIMEOUT);
  }

  @Test
  void answerInOnePiece_hasNoTokenDeadlines() {
    Deadlines deadlines = new Deadlines(TIMEOUTS, false);

    assertThat(deadlines.nextAt(SENT, true, reader()) - SENT).isEqualTo(200);
    assertThat(missed(deadlines, 150, true, reader())).isNull();
  }

  @Test
  void timeoutOfAges_doesNotOverflow() {
    Duration ages = Duration.ofDays(100_000_000);
    Deadlines deadlines = new Deadlines(new Timeouts(ages, ages, ages, ages), true);

    assertThat(deadlines.nextAt(SENT, true, reader()) - SENT)
        .isEqualTo(Duration.ofDays(365).toNanos());
    assertThat(missed(deadlines, 1_000_000, true, reader())).isNull();
  }

  @Test
  void missed_saysWhichTimeout() {
    Deadlines.Missed missed =
        new Deadlines(TIMEOUTS, true).missedAt(SENT + 10, SENT, false, reader());

    assertThat(Objects.requireNonNull(missed).text())
        .isEqualTo("No connection within timeout.connect");
  }

  @Test
  void timeoutOfZero_isRefusedByItsKey() {
    assertThatThrownBy(
            () ->
                new Timeouts(
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)))
        .hasMessage("timeout.firstToken: Expecting a positive duration. Found: PT0S.");
  }
}
