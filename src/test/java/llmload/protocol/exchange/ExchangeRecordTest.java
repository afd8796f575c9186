package llmload.protocol.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.protocol.LlmCheck;
import llmload.protocol.ReplyView;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.wire.Dialects;
import llmload.wire.End;
import llmload.wire.Reply;
import llmload.wire.ReplyOptions;
import llmload.wire.ReplyReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sent at 1,000; the run's anchor is 400; intended at 900. */
class ExchangeRecordTest {
  private static String mask(String text) {
    return text.replace("SECRET-KEY", "***");
  }

  private static ExchangeRecord exchange(boolean stream) {
    ExchangeRecord record =
        new ExchangeRecord(
            new ExchangeRecord.Identity(
                "r1", "scenario", "chat", 7, Phase.MEASURE, RequestKind.CHAT, stream, 900));
    record.sent(1000);
    record.connected(1010, "1.1");
    return record;
  }

  /** A reply of which each event came at its own moment: 1,100, 1,200, … */
  private static Reply reply(End end, String... events) {
    ReplyReader reader =
        Dialects.of("openai-chat").reader(RequestKind.CHAT, ReplyOptions.streamed());
    long at = 1000;
    for (String event : events) {
      at += 100;
      byte[] bytes = event.getBytes(UTF_8);
      reader.feed(bytes, 0, bytes.length, at);
    }
    return reader.reply(end);
  }

  private static final String[] SOUND = {
    OpenAiFrames.role(),
    OpenAiFrames.content("a"),
    OpenAiFrames.content("b"),
    OpenAiFrames.finish("stop"),
    OpenAiFrames.usage(10, 2),
    OpenAiFrames.done()
  };

  private static RequestRecord finish(
      ExchangeRecord record, @Nullable Outcome outcome, @Nullable String message, Reply reply) {
    return record.finish(
        new ExchangeRecord.Ending(5000, outcome, message, true, reply, null),
        400,
        ExchangeRecordTest::mask);
  }

  private static RequestRecord error(int status, @Nullable String said) {
    ExchangeRecord record = exchange(true);
    record.answered(1050, status, null);
    return record.finish(
        new ExchangeRecord.Ending(5000, null, null, false, reply(End.CLEAN), said),
        400,
        ExchangeRecordTest::mask);
  }

  @Test
  void soundStream_hasEachMomentSinceItsSending() {
    ExchangeRecord exchange = exchange(true);
    exchange.answered(1050, 200, null);
    RequestRecord record = finish(exchange, null, null, reply(End.CLEAN, SOUND));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.message()).isNull();
    assertThat(record.intendedNanos()).isEqualTo(500);
    assertThat(record.sentNanos()).isEqualTo(600);
    assertThat(record.stamps().connectedNanos()).isEqualTo(10);
    assertThat(record.stamps().headersNanos()).isEqualTo(50);
    assertThat(record.stamps().firstByteNanos()).isEqualTo(100);
    assertThat(record.stamps().roleNanos()).isEqualTo(100);
    assertThat(record.stamps().firstContentNanos()).isEqualTo(200);
    assertThat(record.stamps().lastTokenNanos()).isEqualTo(300);
    assertThat(record.stamps().terminatorNanos()).isEqualTo(600);
    assertThat(record.stamps().endNanos()).as("the terminator, not the 4,000").isEqualTo(600);
    assertThat(record.user()).isEqualTo(7);
    assertThat(record.httpVersion()).isEqualTo("1.1");
    assertThat(record.tags()).containsExactlyEntriesOf(Map.of(Tags.KIND, "chat"));
  }

  @Test
  void timeout_decidesUnlessTheStatusDoes() {
    ExchangeRecord exchange = exchange(true);
    exchange.answered(1050, 200, null);
    RequestRecord record =
        finish(exchange, Outcome.IDLE_TIMEOUT, "slow", reply(End.ABANDONED, SOUND[1]));

    assertThat(record.outcome()).isEqualTo(Outcome.IDLE_TIMEOUT);
    assertThat(record.message()).isEqualTo("slow");
    assertThat(record.stamps().firstContentNanos()).isEqualTo(100);
    assertThat(record.stamps().endNanos()).isEqualTo(4000);
  }

  @Test
  void cutConnection_leavesTheClassToTheAnswer() {
    ExchangeRecord exchange = exchange(true);
    exchange.answered(1050, 200, null);

    assertThat(finish(exchange, Outcome.PREMATURE_CLOSE, "cut", reply(End.CUT, SOUND)).outcome())
        .as("[DONE] came before")
        .isEqualTo(Outcome.OK);
    RequestRecord half = finish(exchange, Outcome.PREMATURE_CLOSE, "cut", reply(End.CUT, SOUND[1]));
    assertThat(half.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(half.message()).isEqualTo("cut");
  }

  @Test
  void incomplete_staysSoWhateverTheStatus() {
    ExchangeRecord exchange = exchange(true);
    exchange.answered(1050, 500, null);
    RequestRecord record = finish(exchange, Outcome.INCOMPLETE, "end", reply(End.ABANDONED, SOUND));

    assertThat(record.outcome()).isEqualTo(Outcome.INCOMPLETE);
    assertThat(record.stamps().endNanos()).as("not the terminator's 600").isEqualTo(4000);
  }

  @Test
  void status_givesClassAndMessage() {
    assertThat(error(302, null).outcome()).isEqualTo(Outcome.HTTP_4XX);
    assertThat(error(404, null).message()).isEqualTo("HTTP 404");
    assertThat(error(429, "later").outcome()).isEqualTo(Outcome.HTTP_429);
    assertThat(error(503, "busy").outcome()).isEqualTo(Outcome.HTTP_5XX);
    assertThat(error(503, "busy").message()).isEqualTo("HTTP 503: busy");
  }

  @Test
  void connectionLostBeforeAnAnswer_isPrematureClose() {
    RequestRecord record =
        exchange(true)
            .finish(
                new ExchangeRecord.Ending(5000, null, null, false, reply(End.CUT), null),
                400,
                ExchangeRecordTest::mask);

    assertThat(record.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(record.status()).isNull();
  }

  @Test
  void wrongType_isNamed() {
    ExchangeRecord exchange = exchange(true);
    exchange.answered(1050, 200, null);
    exchange.wrongContentType(null);
    exchange.receivedErrorBytes(5);
    RequestRecord record = finish(exchange, null, null, reply(End.CLEAN));

    assertThat(record.outcome()).isEqualTo(Outcome.CONTENT_TYPE);
    assertThat(record.message()).isEqualTo("Content-Type none");
    assertThat(record.bytesReceived()).isEqualTo(5);
  }

  @Test
  void wholeAnswer_saysSoAndHasNoMomentsOfTokens() {
    ExchangeRecord exchange = exchange(false);
    exchange.answered(1050, 200, null);
    RequestRecord record = finish(exchange, null, null, reply(End.CLEAN, SOUND));

    assertThat(record.tags()).containsEntry(Tags.STREAM, "false");
    assertThat(record.stamps().firstTokenNanos()).isNull();
    assertThat(record.stamps().firstEventNanos()).isNull();
    assertThat(record.chunks().size()).isZero();
  }

  @Test
  void message_isRedactedBeforeItIsCut() {
    String said = "x".repeat(486) + "SECRET-KEY";

    // "HTTP 401: " and 486 letters are 496 characters, so that a cut at 500 would leave "SECR".
    assertThat(error(401, said).message()).isEqualTo("HTTP 401: " + "x".repeat(486) + "***");
    assertThat(error(401, "y".repeat(900)).message()).hasSize(500);
    String smile = "\uD83D\uDE00";
    assertThat(error(401, "z".repeat(489) + smile).message()).endsWith("zz").hasSize(499);
  }

  @Test
  void retryAfter_isRedactedAndCut() {
    ExchangeRecord exchange = exchange(true);
    exchange.answered(1050, 429, "9".repeat(60) + "SECRET-KEY");
    RequestRecord record = finish(exchange, null, null, reply(End.CLEAN));

    assertThat(record.tags()).containsEntry(Tags.RETRY_AFTER, "9".repeat(60) + "***");
  }

  @Test
  void incompleteFromOutside_isTheLeastThatIsKnown() {
    RequestRecord record = exchange(true).incomplete(2000, 400);

    assertThat(record.outcome()).isEqualTo(Outcome.INCOMPLETE);
    assertThat(record.sentNanos()).isEqualTo(600);
    assertThat(record.stamps().endNanos()).isEqualTo(1000);
    assertThat(record.status()).isNull();
  }

  private static LlmCheck check(String id, @Nullable Object value, boolean holds) {
    return new LlmCheck(id, id + " is wrong", false, view -> value, any -> holds);
  }

  private static RequestRecord checked(LlmCheck... checks) {
    ExchangeRecord exchange = exchange(true);
    exchange.answered(1050, 200, null);
    Reply reply = reply(End.CLEAN, SOUND);
    return ExchangeRecord.checked(
        new ReplyView(finish(exchange, null, null, reply), reply, ProtocolHarness.emptySession()),
        List.of(checks),
        ExchangeRecordTest::mask);
  }

  @Test
  void checks_thatHold_leaveTheirValues() {
    RequestRecord record = checked(check("a", 1.5, true), check("b", "SECRET-KEY", true));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.tags()).containsEntry("check.a", "1.5").containsEntry("check.b", "***");
  }

  @Test
  void checks_theFirstThatFailsNamesTheFailureAndAllValuesAreKept() {
    RequestRecord record =
        checked(check("a", 1, true), check("b", 2, false), check("c", null, true));

    assertThat(record.outcome()).isEqualTo(Outcome.CHECK);
    assertThat(record.message()).isEqualTo("b is wrong");
    assertThat(record.tags())
        .containsEntry("check.a", "1")
        .containsEntry("check.b", "2")
        .containsEntry("check.c", "null");
    assertThat(ExchangeRecord.constantText(record)).isEqualTo("b is wrong");
  }

  @Test
  void check_ofAValueThatIsNotThere_fails() {
    assertThat(checked(check("c", null, true)).outcome()).isEqualTo(Outcome.CHECK);
  }

  @Test
  void checks_areNotAskedOfAFailure() {
    RequestRecord failed = error(500, "busy");
    RequestRecord record =
        ExchangeRecord.checked(
            new ReplyView(failed, reply(End.CLEAN), ProtocolHarness.emptySession()),
            List.of(check("a", 1, false)),
            ExchangeRecordTest::mask);

    assertThat(record).isSameAs(failed);
  }

  @Test
  void constantText_isTheSameForRequestsThatDifferInDetail() {
    assertThat(ExchangeRecord.constantText(error(401, "key 1")))
        .isEqualTo(ExchangeRecord.constantText(error(401, "key 2")))
        .isEqualTo("HTTP 401");
  }
}
