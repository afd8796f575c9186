package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.ProtocolHarness.LoggedResponse;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that do not come about, and pooled ones that die: no POST is ever sent twice. */
class ConnectionFaultIT extends FaultContract {

  @Test
  void row01_portClosed_isConnect() {
    String url = "http://127.0.0.1:" + ScriptedServer.closedPort();
    try (ProtocolHarness harness = ProtocolHarness.to(url)) {
      RequestRecord record = harness.send(chat(), 1, Map.of());

      assertThat(record.outcome()).isEqualTo(Outcome.CONNECT);
      assertThat(record.message()).startsWith("Connection failed: ");
      assertThat(record.status()).isNull();
      assertThat(record.httpVersion()).isNull();
      assertThat(record.stamps().connectedNanos()).isNull();
      assertNoToken(record);
      assertThat(harness.awaitOnward().failed()).isTrue();
      assertThat(harness.logged())
          .extracting(LoggedResponse::ok, LoggedResponse::message)
          .containsExactly(tuple(false, "Connection failed"));
      JournalFooter footer = harness.finish();
      assertThat(footer.startedCount()).isEqualTo(1);
      assertThat(footer.failedCount()).isEqualTo(1);
    }
  }

  @Test
  void row01_serverThatTakesNoConnection_isConnectInTimeAndNeverPostsLater() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    List<Socket> fillers = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
      fill(server, fillers);
      Timeouts timeouts = new Timeouts(SHORT, LONG, LONG, LONG);
      String url = "http://127.0.0.1:" + server.getLocalPort();
      try (ProtocolHarness harness =
          ProtocolHarness.to(url, http -> http, llm -> llm.timeouts(timeouts))) {
        RequestRecord record = harness.send(chat(), 1, Map.of());

        assertThat(record.outcome()).isEqualTo(Outcome.CONNECT);
        assertThat(record.message()).isEqualTo("No connection within timeout.connect");
        assertThat(record.stamps().endNanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
        // The kernel goes on asking for the connection; once it is there, nothing may be sent.
        assertThat(bytesOfLateConnections(server, fillers.size())).isZero();
        assertThat(harness.unexpected()).isEmpty();
      }
    } finally {
      for (Socket socket : fillers) {
        socket.close();
      }
    }
  }

  /** Connects until the server's queue is full, so that the next connection waits. */
  private static void fill(ServerSocket server, List<Socket> fillers) throws IOException {
    for (int i = 0; i < 16; i++) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
        fillers.add(socket);
      } catch (SocketTimeoutException e) {
        socket.close();
        return;
      }
    }
    throw new AssertionError("the server's queue did not fill");
  }

  /** Empties the queue, waits for one connection more, and reads it to its end. */
  private static int bytesOfLateConnections(ServerSocket server, int queued) throws IOException {
    server.setSoTimeout(10_000);
    int bytes = 0;
    for (int i = 0; i <= queued; i++) {
      try (Socket late = server.accept()) {
        if (i == queued) {
          late.setSoTimeout(10_000);
          bytes += late.getInputStream().readAllBytes().length;
        }
      }
    }
    return bytes;
  }

  @Test
  void tls_certificateOfNoKnownIssuer_isTls() {
    try (ScriptedServer server = ScriptedServer.startTls(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord record = harness.send(chat(), 1, Map.of());

      assertThat(record.outcome()).isEqualTo(Outcome.TLS);
      assertThat(record.message()).contains("llm.tls.verify=false");
      assertThat(server.posts()).isZero();
      assertNoToken(record);
    }
  }

  @Test
  void tls_spokenToAPlainServer_isTls() {
    try (ScriptedServer server =
            ScriptedServer.start(Script.always(Steps.text(400, "text/plain", "no")));
        ProtocolHarness harness =
            ProtocolHarness.to(
                "https://127.0.0.1:" + server.port(),
                http -> http,
                llm -> llm.timeouts(new Timeouts(Duration.ofSeconds(2), LONG, LONG, LONG)))) {
      RequestRecord record = harness.send(chat(), 1, Map.of());

      assertThat(record.outcome()).isIn(Outcome.TLS, Outcome.CONNECT);
      assertThat(server.posts()).isZero();
    }
  }

  /** The ways in which the second request on a kept connection can die. */
  enum Death {
    FIN_BEFORE_ANSWER,
    RESET_BEFORE_ANSWER,
    FIN_INSIDE_ANSWER,
    RESET_INSIDE_ANSWER;

    private Step step() {
      Step begun = Steps.sequence(Steps.sse(), Steps.chunk(OpenAiFrames.content("a")));
      return switch (this) {
        case FIN_BEFORE_ANSWER -> Steps.closeFin();
        case RESET_BEFORE_ANSWER -> Steps.reset();
        case FIN_INSIDE_ANSWER -> Steps.sequence(begun, Steps.closeFin());
        case RESET_INSIDE_ANSWER -> Steps.sequence(begun, Steps.reset());
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Death.class)
  void row08_pooledConnectionThatDies_isNotReplayed(Death death) {
    Script script = Script.inTurn(List.of(sound("a")), List.of(death.step()), List.of(sound("b")));
    try (ScriptedServer server = ScriptedServer.start(script);
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord first = harness.send(chat(), 1, Map.of());
      RequestRecord second = harness.send(chat(), 1, Map.of());
      RequestRecord third = harness.send(chat(), 1, Map.of());

      assertThat(first.outcome()).isEqualTo(Outcome.OK);
      assertThat(second.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
      assertThat(third.outcome()).isEqualTo(Outcome.OK);
      assertThat(server.requests().get(1).connection()).as("kept for the second").isZero();
      assertThat(server.posts()).isEqualTo(3);
      assertThat(harness.unexpected()).isEmpty();
      JournalFooter footer = harness.finish();
      assertThat(footer.startedCount()).isEqualTo(3);
      assertThat(footer.okCount()).isEqualTo(2);
      assertThat(footer.failedCount()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void row02_timeoutOnAPooledConnection_isNotReplayed(boolean answered) {
    Step stall =
        answered
            ? Steps.sequence(Steps.sse(), Steps.chunk(OpenAiFrames.role()), Steps.hang())
            : Steps.hang();
    Script script = Script.inTurn(List.of(sound("a")), List.of(stall), List.of(sound("b")));
    Timeouts timeouts = new Timeouts(LONG, Duration.ofSeconds(1), LONG, LONG);
    try (ScriptedServer server = ScriptedServer.start(script);
        ProtocolHarness harness =
            ProtocolHarness.to(server.baseUrl(), http -> http, llm -> llm.timeouts(timeouts))) {
      harness.send(chat(), 1, Map.of());
      RequestRecord second = harness.send(chat(), 1, Map.of());
      RequestRecord third = harness.send(chat(), 1, Map.of());

      assertThat(second.outcome()).isEqualTo(Outcome.FIRST_TOKEN_TIMEOUT);
      assertThat(server.requests().get(1).connection()).isZero();
      assertThat(third.outcome()).isEqualTo(Outcome.OK);
      assertThat(server.posts()).isEqualTo(3);
      assertThat(harness.unexpected()).isEmpty();
    }
  }
}
