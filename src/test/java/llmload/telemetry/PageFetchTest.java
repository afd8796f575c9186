package llmload.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import llmload.testing.LoopbackCertificate;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages over real sockets, of servers that keep to HTTP and of those that do not. */
@Timeout(120)
class PageFetchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(400);

  private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final PageFetch fetch = new PageFetch();

  private PageFetch.Page get(String url) throws SourceException, InterruptedException {
    return fetch.get(URI.create(url), Map.of(), PATIENCE);
  }

  private MissReason fault(Duration deadline, Step... steps) {
    try (ScriptedServer server = ScriptedServer.start(Script.always(steps))) {
      return fault(fetch, server.baseUrl(), deadline).reason();
    }
  }

  private static SourceException fault(PageFetch fetch, String url, Duration deadline) {
    return catchThrowableOfType(
        SourceException.class, () -> fetch.get(URI.create(url), Map.of(), deadline));
  }

  /** A server that says these bytes to each connection, whatever it is asked, and closes it. */
  private static final class RawServer implements AutoCloseable {
    private final ServerSocket listening;
    private final AtomicInteger failures = new AtomicInteger();

    RawServer(InetAddress address, String answer) throws IOException {
      this(new ServerSocket(0, 10, address), answer);
    }

    RawServer(ServerSocket listening, String answer) {
      this.listening = listening;
      Thread thread = new Thread(() -> serve(answer.getBytes(StandardCharsets.ISO_8859_1)));
      thread.setDaemon(true);
      thread.start();
    }

    private void serve(byte[] answer) {
      while (!listening.isClosed()) {
        try (Socket socket = listening.accept()) {
          InputStream in = socket.getInputStream();
          byte[] request = new byte[4096];
          if (in.read(request) >= 0) {
            socket.getOutputStream().write(answer);
            socket.shutdownOutput();
            // Until the client has closed its side as well.
            long unused = in.transferTo(OutputStream.nullOutputStream());
          }
        } catch (IOException e) {
          failures.incrementAndGet();
        }
      }
    }

    int port() {
      return listening.getLocalPort();
    }

    @Override
    public void close() {
      try {
        listening.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private PageFetch.Page raw(String answer)
      throws IOException, SourceException, InterruptedException {
    try (RawServer server = new RawServer(InetAddress.getLoopbackAddress(), answer)) {
      return get("http://127.0.0.1:" + server.port() + "/");
    }
  }

  private SourceException rawFault(String answer) {
    return catchThrowableOfType(SourceException.class, () -> raw(answer));
  }

  @Test
  void connection_isUsedAgain_whileTheServerKeepsItOpen()
      throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.always(Steps.text(200, "text/plain", "a 1\n")))) {
      for (int i = 0; i < 3; i++) {
        assertThat(get(server.baseUrl() + "/m?x=1&y=%20").text()).isEqualTo("a 1\n");
      }

      assertThat(server.gets()).isEqualTo(3);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requestHeads().get(2)).startsWith("GET /m?x=1&y=%20 HTTP/1.1");
    }
  }

  @Test
  void connectionThatTheServerClosedMeanwhile_isMadeAnew() throws Exception {
    // Keeps the connection by its words and closes it by its deeds.
    try (RawServer server =
        new RawServer(
            InetAddress.getLoopbackAddress(),
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na 1\n")) {
      String url = "http://127.0.0.1:" + server.port() + "/";

      assertThat(get(url).text()).isEqualTo("a 1\n");
      assertThat(get(url).text()).isEqualTo("a 1\n");
    }
  }

  @Test
  void bodyUpToTheEndOfTheConnection_isWhole() throws Exception {
    assertThat(raw("HTTP/1.0 200 OK\r\nContent-Type: Text/Plain; a=b\r\n\r\na 1\nb 2\n"))
        .satisfies(
            page -> {
              assertThat(page.text()).isEqualTo("a 1\nb 2\n");
              assertThat(page.contentType()).isEqualTo("text/plain");
            });
  }

  @Test
  void interimAnswer_isPassedOver() throws Exception {
    String early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

    assertThat(raw(early + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na 1").text())
        .isEqualTo("a 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\na 1\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        ""
      })
  void answerCutShort_isNoPage(String answer) {
    assertThat(rawFault(answer).reason()).isEqualTo(MissReason.UNREACHABLE);
  }

  @Test
  void otherProtocols_areNoPage() {
    assertThat(rawFault("SSH-2.0-OpenSSH_9.6\r\nanything\r\n\r\n").reason())
        .isEqualTo(MissReason.NOT_METRICS);
  }

  @Test
  void announcedLengthBeyondTheLimit_isNotAwaited() {
    assertThat(rawFault("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\na 1\n").reason())
        .isEqualTo(MissReason.TOO_LARGE);
  }

  @Test
  void limit_isHeldToTheByte_packedOrNot() throws Exception {
    PageFetch small = new PageFetch(SSLContext.getDefault(), 100);
    for (Step step : List.of(plain(100), Steps.gzipSse(List.of("x".repeat(80))))) {
      try (ScriptedServer server = ScriptedServer.start(Script.always(step))) {
        assertThat(small.get(URI.create(server.baseUrl()), Map.of(), PATIENCE).body().length)
            .isLessThanOrEqualTo(100);
      }
    }
    for (Step step : List.of(plain(101), Steps.gzipSse(List.of("x".repeat(5_000))))) {
      try (ScriptedServer server = ScriptedServer.start(Script.always(step))) {
        assertThat(fault(small, server.baseUrl(), PATIENCE).reason())
            .isEqualTo(MissReason.TOO_LARGE);
      }
    }
  }

  private static Step plain(int bytes) {
    return Steps.text(200, "text/plain", "x".repeat(bytes));
  }

  @Test
  void deadline_coversTheWholeAnswer() {
    assertThat(fault(SHORT, Steps.hang())).isEqualTo(MissReason.TIMEOUT);
    // Each byte comes well within the deadline; the last one does not.
    assertThat(
            fault(
                SHORT,
                Steps.head(200, "Content-Type: text/plain", "Content-Length: 1000000"),
                Steps.forever(Steps.raw("x"), Steps.pause(Duration.ofMillis(50)))))
        .isEqualTo(MissReason.TIMEOUT);
  }

  @Test
  void serverThatTakesConnectionsAndNoMore_isATimeout_alsoForTls() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      for (String scheme : List.of("http", "https")) {
        String url = scheme + "://127.0.0.1:" + mute.getLocalPort() + "/";

        assertThat(fault(fetch, url, SHORT).reason()).as(url).isEqualTo(MissReason.TIMEOUT);
      }
    }
  }

  @Test
  void resetAndNobodyAndNoName_areUnreachable() {
    assertThat(fault(PATIENCE, Steps.reset())).isEqualTo(MissReason.UNREACHABLE);
    String nobody = "http://127.0.0.1:" + ScriptedServer.closedPort();
    assertThat(fault(fetch, nobody, PATIENCE).reason()).isEqualTo(MissReason.UNREACHABLE);
    assertThat(fault(fetch, "http://no-such-host.invalid/", PATIENCE))
        .hasMessageContaining("no-such-host.invalid")
        .extracting(SourceException::reason)
        .isEqualTo(MissReason.UNREACHABLE);
  }

  @Test
  void addressOfIpv6_isAskedByItsOwnName() throws Exception {
    try (RawServer server =
        new RawServer(
            InetAddress.getByAddress(IPV6_LOOPBACK),
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na 1")) {
      assertThat(get("http://[::1]:" + server.port() + "/").text()).isEqualTo("a 1");
      assertThat(Origin.of(URI.create("http://[::1]:8000/m")).authority()).isEqualTo("[::1]:8000");
      assertThat(Origin.of(URI.create("https://gpu/m")).authority()).isEqualTo("gpu");
    }
  }

  @Test
  void https_isReadFromWhomItTrusts_andFromNobodyElse()
      throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.startTls(Script.always(Steps.text(200, "text/plain", "a 1\n")))) {
      PageFetch trusting = new PageFetch(LoopbackCertificate.shared().context());
      for (int i = 0; i < 2; i++) {
        assertThat(trusting.get(URI.create(server.baseUrl()), Map.of(), PATIENCE).text())
            .isEqualTo("a 1\n");
      }

      assertThat(server.connections()).isEqualTo(1);
      assertThat(fault(fetch, server.baseUrl(), PATIENCE))
          .hasMessageContaining("PKIX")
          .extracting(SourceException::reason)
          .isEqualTo(MissReason.UNREACHABLE);
    }
  }

  @Test
  void certificateOfAnotherHost_isRefused() throws IOException {
    SSLContext tls = LoopbackCertificate.shared().context();
    ServerSocket listening =
        tls.getServerSocketFactory()
            .createServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 2}));
    try (RawServer server = new RawServer(listening, "HTTP/1.1 200 OK\r\n\r\n")) {
      String url = "https://127.0.0.2:" + server.port() + "/";

      // The certificate is for localhost and 127.0.0.1.
      assertThat(fault(new PageFetch(tls), url, PATIENCE)).hasMessageContaining("127.0.0.2");
    }
  }

  @Test
  void interruption_endsALook_atOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Script script =
        Script.perRequest(
            request -> {
              asked.countDown();
              return List.of(Steps.hang());
            });
    try (ScriptedServer server = ScriptedServer.start(script)) {
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      AtomicReference<Boolean> interrupted = new AtomicReference<>();
      Thread looking =
          new Thread(
              () -> {
                try {
                  PageFetch.Page unused =
                      fetch.get(URI.create(server.baseUrl()), Map.of(), Duration.ofHours(1));
                  end.complete(new AssertionError("an answer"));
                } catch (InterruptedException | SourceException e) {
                  interrupted.set(Thread.currentThread().isInterrupted());
                  end.complete(e);
                }
              });
      looking.start();
      asked.await();
      looking.interrupt();

      assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertThat(interrupted.get()).isFalse();
    }
  }

  @Test
  void headers_goOverTheUsualOnes() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.always(Steps.text(200, "text/plain", "a 1\n")))) {
      PageFetch.Page unused =
          fetch.get(
              URI.create(server.baseUrl()),
              Map.of("accept", "application/json", "Authorization", "Bearer k"),
              PATIENCE);

      assertThat(server.requestHeads().get(0))
          .containsIgnoringCase("accept: application/json")
          .containsIgnoringCase("Authorization: Bearer k")
          .doesNotContain("version=0.0.4");
    }
  }
}
