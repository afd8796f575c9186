package llmload.protocol;

import static llmload.protocol.LlmDsl.llm;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.ProtocolHarness.LoggedResponse;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Timeout;

/**
 * What holds for every fault of a server: one POST, one record, one line in Gatling's statistics,
 * counts that add up, a broken connection that is not used again and a next request that is sound.
 */
@Timeout(60)
abstract class FaultContract {
  /** Short enough to wait for in a test. */
  static final Duration SHORT = Duration.ofMillis(400);

  /** Longer than any test. */
  static final Duration LONG = Duration.ofSeconds(60);

  /** Where a test is not about timeouts. */
  static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);

  /** What becomes of the connection. */
  enum Connection {
    KEPT,
    DROPPED
  }

  /** The texts in Gatling's report; one that is not named is the outcome's name. */
  private static final Map<Outcome, String> TEXTS =
      Map.of(
          Outcome.FIRST_TOKEN_TIMEOUT, "No token within timeout.firstToken",
          Outcome.IDLE_TIMEOUT, "No further token within timeout.idle",
          Outcome.TOTAL_TIMEOUT, "No end of the answer within timeout.total",
          Outcome.PREMATURE_CLOSE, "Connection closed inside the answer");

  static LlmRequestBuilder chat() {
    return llm("chat").user("hi");
  }

  /** The steps of a whole sound stream. */
  static Step[] sound(String... pieces) {
    return new Step[] {Steps.sse(), Steps.chunks(OpenAiFrames.stream(pieces)), Steps.lastChunk()};
  }

  /** A stream of these events that ends cleanly. */
  static Step[] stream(String... events) {
    return new Step[] {Steps.sse(), Steps.chunks(List.of(events)), Steps.lastChunk()};
  }

  /** Plays the steps for a chat, after which the connection serves the next request. */
  static RequestRecord kept(Step... steps) {
    return play(Connection.KEPT, PATIENT, chat(), steps);
  }

  /** Plays the steps for a chat, after which the connection is not used again. */
  static RequestRecord dropped(Step... steps) {
    return play(Connection.DROPPED, PATIENT, chat(), steps);
  }

  /** Plays the steps for a request, then a sound answer for a second request of the same user. */
  static RequestRecord play(
      Connection after, Timeouts timeouts, LlmRequestBuilder request, Step... steps) {
    Script script = Script.inTurn(List.of(steps), List.of(sound("ok")));
    try (ScriptedServer server = ScriptedServer.start(script);
        ProtocolHarness harness =
            ProtocolHarness.to(server.baseUrl(), http -> http, llm -> llm.timeouts(timeouts))) {
      RequestRecord record = harness.send(request, 1, Map.of());
      assertThat(harness.awaitOnward().failed()).isEqualTo(!record.outcome().isOk());
      assertThat(server.posts()).as("POSTs of the request").isEqualTo(1);
      assertThat(harness.logged()).isEqualTo(expectedLines(record, harness.logged()));
      assertOrdered(record.stamps());

      RequestRecord second = harness.send(chat().stream(true), 1, Map.of());
      assertThat(second.outcome()).as("the next request: %s", second).isEqualTo(Outcome.OK);
      assertThat(server.posts()).as("POSTs after the next request").isEqualTo(2);
      int connection = server.requests().get(1).connection();
      if (after == Connection.KEPT) {
        assertThat(connection).as("connection of the next request").isZero();
      } else {
        assertThat(connection).as("connection of the next request").isPositive();
      }
      assertThat(harness.unexpected()).isEmpty();
      assertCounts(harness.finish(), record);
      assertThat(server.failures()).isEmpty();
      return record;
    }
  }

  /** What Gatling's statistics must have heard; the times are taken as they are, if they fit. */
  static List<LoggedResponse> expectedLines(RequestRecord record, List<LoggedResponse> logged) {
    List<LoggedResponse> lines = new ArrayList<>();
    Long firstToken = record.stamps().firstTokenNanos();
    boolean ok = record.outcome().isOk();
    if (ok && firstToken != null) {
      lines.add(new LoggedResponse("chat TTFT", millis(firstToken), true, ""));
    }
    Integer status = record.status();
    String text =
        status != null && status != 200
            ? "HTTP " + status
            : TEXTS.getOrDefault(record.outcome(), record.outcome().name());
    lines.add(new LoggedResponse("chat", millis(record.stamps().endNanos()), ok, ok ? "" : text));
    return lines;
  }

  private static long millis(long nanos) {
    return Math.round(nanos / 1e6);
  }

  /** The second request of each play is OK. */
  private static void assertCounts(JournalFooter footer, RequestRecord record) {
    assertThat(footer.startedCount()).isEqualTo(2);
    assertThat(footer.okCount()).isEqualTo(record.outcome().isOk() ? 2 : 1);
    assertThat(footer.failedCount()).isEqualTo(record.outcome().isFailed() ? 1 : 0);
    assertThat(footer.incompleteCount()).isZero();
    assertThat(footer.okCount() + footer.failedCount() + footer.incompleteCount())
        .isEqualTo(footer.startedCount());
  }

  /** Whatever was seen was seen in this order, and nothing before the sending. */
  static void assertOrdered(Stamps stamps) {
    List<Long> seen =
        Stream.of(
                stamps.connectedNanos(),
                stamps.headersNanos(),
                stamps.firstByteNanos(),
                stamps.firstEventNanos(),
                stamps.firstTokenNanos(),
                stamps.lastTokenNanos(),
                stamps.terminatorNanos(),
                Long.valueOf(stamps.endNanos()))
            .filter(Objects::nonNull)
            .toList();
    assertThat(seen).isSorted().allMatch(nanos -> nanos >= 0);
  }

  /** A request of which no token was seen. */
  static void assertNoToken(RequestRecord record) {
    Stamps stamps = record.stamps();
    assertThat(stamps.firstTokenNanos()).isNull();
    assertThat(stamps.lastTokenNanos()).isNull();
    assertThat(stamps.terminatorNanos()).isNull();
    assertThat(record.chunks().size()).isZero();
    assertThat(record.usage().outputTokens()).isNull();
  }

  static double millisOf(Long nanos) {
    return nanos / 1e6;
  }
}
