package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Row 29: HTTP/2 over TLS. The engine reports neither resets nor closes: our timeouts do. */
class Http2FaultIT extends FaultContract {
  private static final Timeouts IDLE =
      new Timeouts(LONG, Duration.ofSeconds(20), Duration.ofMillis(600), LONG);

  private static final Step ONE_TOKEN =
      Steps.sequence(Steps.sse(), Steps.chunk(OpenAiFrames.content("a")));

  @AfterEach
  void verifyCertificatesAgain() {
    System.clearProperty("gatling.ssl.useInsecureTrustManager");
    System.clearProperty("gatling.http.enableHostnameVerification");
    ConfigFactory.invalidateCaches();
  }

  private static ProtocolHarness harness(ScriptedServer server, Timeouts timeouts) {
    return ProtocolHarness.to(
        server.baseUrl(),
        http -> http.enableHttp2().shareConnections(),
        llm -> llm.verifyTls(false).timeouts(timeouts));
  }

  @Test
  void sound_stream_isOkOverHttp2() {
    try (ScriptedServer server = ScriptedServer.startHttp2(Script.always(sound("a", "b")), 100);
        ProtocolHarness harness = harness(server, PATIENT)) {
      RequestRecord record = harness.send(chat(), 1, Map.of());

      assertThat(record.outcome()).as("%s", record).isEqualTo(Outcome.OK);
      assertThat(record.httpVersion()).isEqualTo("2");
      assertThat(record.chunks().tokens()).containsExactly(1, 1);
      assertOrdered(record.stamps());
    }
  }

  @Test
  void row29_resetMidStream_endsByOurTimeoutAndSparesItsSibling() throws Exception {
    CountDownLatch siblingOpen = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Step> sibling =
        List.of(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.role()),
            Steps.signal(siblingOpen),
            Steps.await(goOn),
            Steps.chunks(OpenAiFrames.stream("x")),
            Steps.lastChunk());
    Script script = Script.inTurn(List.of(sound("a")), sibling, List.of(ONE_TOKEN, Steps.reset()));
    try (ScriptedServer server = ScriptedServer.startHttp2(script, 100);
        ProtocolHarness harness = harness(server, IDLE)) {
      harness.send(chat(), 1, Map.of());
      harness.begin(chat(), 2, Map.of());
      assertThat(siblingOpen.await(20, TimeUnit.SECONDS)).isTrue();
      RequestRecord reset = harness.send(chat(), 3, Map.of());
      goOn.countDown();
      RequestRecord spared = harness.awaitRecord();

      assertThat(reset.outcome()).isIn(Outcome.IDLE_TIMEOUT, Outcome.PREMATURE_CLOSE);
      assertThat(reset.user()).isEqualTo(3);
      assertThat(reset.stamps().firstContentNanos()).isNotNull();
      assertThat(spared.outcome()).as("%s", spared).isEqualTo(Outcome.OK);
      assertThat(server.posts()).isEqualTo(3);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(harness.unexpected()).isEmpty();
    }
  }

  @Test
  void row29_connectionClosedMidStream_isOneFailedRequestAndTheNextIsSound() {
    Script script = Script.inTurn(List.of(ONE_TOKEN, Steps.closeFin()), List.of(sound("b")));
    try (ScriptedServer server = ScriptedServer.startHttp2(script, 100);
        ProtocolHarness harness = harness(server, IDLE)) {
      RequestRecord cut = harness.send(chat(), 1, Map.of());
      RequestRecord next = harness.send(chat(), 1, Map.of());

      assertThat(cut.outcome()).isIn(Outcome.IDLE_TIMEOUT, Outcome.PREMATURE_CLOSE);
      assertThat(cut.stamps().firstContentNanos()).isNotNull();
      assertThat(next.outcome()).isEqualTo(Outcome.OK);
      assertThat(server.posts()).isEqualTo(2);
    }
  }

  @Test
  void row29_goAwayMidStream_letsTheStreamEndAndTheNextUsesANewConnection() {
    Script script =
        Script.inTurn(
            List.of(
                ONE_TOKEN,
                Steps.goAway(),
                Steps.chunk(OpenAiFrames.finish("stop")),
                Steps.chunk(OpenAiFrames.done()),
                Steps.lastChunk()),
            List.of(sound("b")));
    try (ScriptedServer server = ScriptedServer.startHttp2(script, 100);
        ProtocolHarness harness = harness(server, IDLE)) {
      RequestRecord first = harness.send(chat(), 1, Map.of());
      RequestRecord second = harness.send(chat(), 1, Map.of());

      assertThat(first.outcome()).as("%s", first).isEqualTo(Outcome.OK);
      assertThat(second.outcome()).isEqualTo(Outcome.OK);
      assertThat(server.posts()).isEqualTo(2);
    }
  }

  @Test
  void row02_neverAnswered_isFirstTokenTimeoutOverHttp2() {
    Timeouts timeouts = new Timeouts(LONG, Duration.ofSeconds(2), LONG, LONG);
    try (ScriptedServer server = ScriptedServer.startHttp2(Script.always(Steps.hang()), 100);
        ProtocolHarness harness = harness(server, timeouts)) {
      RequestRecord record = harness.send(chat(), 1, Map.of());

      assertThat(record.outcome()).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
      assertThat(server.posts()).isEqualTo(1);
      assertNoToken(record);
    }
  }
}
