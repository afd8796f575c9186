package llmload.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScriptedServerTest {
  private static final String POST =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  @Test
  void stream_chunks_haveTheirExactFraming() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                Script.always(Steps.sse(), Steps.chunk("data: hello\n\n"), Steps.closeFin()));
        Socket socket = connect(server)) {
      socket.getOutputStream().write(POST.getBytes(UTF_8));

      // "data: hello" is 11 bytes, two line ends make 13, which is d in hexadecimal.
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .isEqualTo(
              """
              HTTP/1.1 200 OK\r
              Content-Type: text/event-stream; charset=utf-8\r
              Transfer-Encoding: chunked\r
              \r
              d\r
              data: hello

              \r
              """);
    }
  }

  @Test
  void client_twoPostsAndAGet_areCountedAndKeepTheConnection() throws Exception {
    Script script =
        Script.inTurn(
                List.of(Steps.sse(), Steps.chunks(List.of("a", "", "b")), Steps.lastChunk()),
                List.of(Steps.json(429, "{\"later\":1}", "Retry-After: 7")))
            .answeringGets(Steps.json(200, OpenAiFrames.models("m")));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      HttpResponse<String> models = client.send(request(server).GET().build(), text());
      HttpResponse<String> first = post(server, "{\"n\":1}");
      HttpResponse<String> second = post(server, "{\"n\":2}");
      HttpResponse<String> third = post(server, "{\"n\":3}");

      assertThat(models.body())
          .isEqualTo("{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"}]}");
      assertThat(first.body()).isEqualTo("ab");
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValue("retry-after")).hasValue("7");
      assertThat(third.statusCode()).as("the last list again").isEqualTo(429);
      assertThat(server.posts()).isEqualTo(3);
      assertThat(server.gets()).isEqualTo(1);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requestBodies()).containsExactly("", "{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
      assertThat(server.requests()).extracting(ReceivedRequest::index).containsExactly(0, 1, 2, 3);
      assertThat(server.requestHeads().get(1)).startsWith("POST /v1/chat/completions HTTP/1.1\r\n");
      assertThat(server.requests().get(1).header("CONTENT-length")).hasValue("7");
      assertThat(server.failures()).isEmpty();
    }
  }

  @Test
  void body_sentInChunks_isDecoded() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(Script.always(Steps.json(200, "{}")))) {
      InputStream body = new ByteArrayInputStream("{\"ü\":1}".getBytes(UTF_8));
      client.send(request(server).POST(BodyPublishers.ofInputStream(() -> body)).build(), text());

      assertThat(server.requestBodies()).containsExactly("{\"ü\":1}");
    }
  }

  @Test
  void reset_midStream_isAConnectionReset() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    Script script = Script.always(Steps.sse(), Steps.chunk("x"), Steps.await(read), Steps.reset());
    try (ScriptedServer server = ScriptedServer.start(script);
        Socket socket = connect(server)) {
      socket.getOutputStream().write(POST.getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      read.countDown();

      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void fin_insideAChunkedBody_isAnEarlyEndForTheClient() {
    Script script = Script.always(Steps.sse(), Steps.chunk("x"), Steps.closeFin());
    try (ScriptedServer server = ScriptedServer.start(script)) {
      assertThatThrownBy(() -> post(server, "{}")).isInstanceOf(IOException.class);
      assertThat(server.posts()).isEqualTo(1);
    }
  }

  @Test
  void hang_clientLeaves_isCountedAndEndsTheScript() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch after = new CountDownLatch(1);
    Script script =
        Script.always(Steps.sse(), Steps.signal(begun), Steps.hang(), Steps.signal(after));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      try (Socket socket = connect(server)) {
        socket.getOutputStream().write(POST.getBytes(UTF_8));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.departures()).isZero();
      }
      while (server.departures() == 0) {
        Thread.onSpinWait();
      }
      assertThat(server.departures()).isEqualTo(1);
      assertThat(after.getCount()).isEqualTo(1);
    }
  }

  @Test
  void hang_forATime_goesOnWhenTheTimeIsOver() throws Exception {
    Script script = Script.always(Steps.hang(Duration.ofMillis(20)), Steps.json(200, "{}"));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      long beforeNanos = System.nanoTime();
      assertThat(post(server, "{}").statusCode()).isEqualTo(200);
      assertThat(System.nanoTime() - beforeNanos).isGreaterThan(15_000_000);
    }
  }

  @Test
  void forever_clientLeaves_ends() throws Exception {
    Script script = Script.always(Steps.sse(), Steps.forever(Steps.chunk("x".repeat(1000))));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      try (Socket socket = connect(server)) {
        socket.getOutputStream().write(POST.getBytes(UTF_8));
        assertThat(socket.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
      }
      while (server.departures() == 0) {
        Thread.onSpinWait();
      }
      assertThat(server.failures()).isEmpty();
    }
  }

  @Test
  void pieces_andDrip_andRepeat_giveTheSameBytes() throws Exception {
    byte[] bytes = "abcdefgh".getBytes(UTF_8);
    Script script =
        Script.always(
            Steps.sse(),
            Steps.pieces(bytes, 1, 0, 3),
            Steps.drip("ij", Duration.ofMillis(1)),
            Steps.repeat(3, Steps.chunk("k")),
            Steps.each(3, i -> Steps.chunk("" + i)),
            Steps.lastChunk());
    try (ScriptedServer server = ScriptedServer.start(script)) {
      assertThat(post(server, "{}").body()).isEqualTo("abcdefghijkkk012");
    }
  }

  @Test
  void rawPieces_cutTheFramingItself_andTheClientStillReads() throws Exception {
    byte[] framed = Steps.framed("0123456789abcdef".getBytes(UTF_8));
    // 16 bytes: "10\r\n", the text, "\r\n" are 22; the cuts fall inside the size and both line
    // ends.
    assertThat(framed).hasSize(22);
    Script script =
        Script.always(Steps.sse(), Steps.rawPieces(framed, 1, 2, 18), Steps.raw("0\r\n\r\n"));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      assertThat(post(server, "{}").body()).isEqualTo("0123456789abcdef");
    }
  }

  @Test
  void gzipAndDeflate_eachText_canBeReadBeforeTheNextIsSent() throws Exception {
    Script script =
        Script.inTurn(
            List.of(Steps.gzipSse(List.of("first", "second"))),
            List.of(Steps.deflateSse(List.of("first", "second"))));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      HttpResponse<byte[]> gzip = postForBytes(server);
      HttpResponse<byte[]> deflate = postForBytes(server);

      assertThat(gzip.headers().firstValue("content-encoding")).hasValue("gzip");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())))
          .hasContent("firstsecond");
      assertThat(new InflaterInputStream(new ByteArrayInputStream(deflate.body())))
          .hasContent("firstsecond");
    }
  }

  @Test
  void script_thatCannotBePlayed_isNotedAsAFailure() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(Steps.goAway()))) {
      assertThatThrownBy(() -> post(server, "{}")).isInstanceOf(IOException.class);
      assertThat(server.failures()).hasSize(1);
      assertThat(server.failures().get(0)).hasMessageContaining("Expecting HTTP/2");
    }
  }

  @Test
  void close_whileScriptsWait_breaksTheirConnections() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    Script script =
        Script.inTurn(
            List.of(Steps.signal(begun), Steps.hang()),
            List.of(Steps.signal(begun), Steps.pause(Duration.ofHours(1))));
    ScriptedServer server = ScriptedServer.start(script);
    try (Socket one = connect(server);
        Socket two = connect(server)) {
      one.getOutputStream().write(POST.getBytes(UTF_8));
      two.getOutputStream().write(POST.getBytes(UTF_8));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      server.close();

      assertThat(one.getInputStream().read()).isEqualTo(-1);
      assertThat(two.getInputStream().read()).isEqualTo(-1);
      assertThat(server.departures()).as("the server left, not the client").isZero();
    }
  }

  @Test
  void closedPort_connect_isRefused() {
    int port = ScriptedServer.closedPort();

    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void tls_stream_isReadByAClientThatTrustsTheCertificate() throws Exception {
    Script script = Script.always(Steps.sse(), Steps.chunk("x"), Steps.lastChunk());
    try (ScriptedServer server = ScriptedServer.startTls(script)) {
      HttpClient trusting =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(LoopbackCertificate.shared().context())
              .build();
      HttpRequest request = request(server).POST(BodyPublishers.ofString("{}")).build();

      assertThat(server.baseUrl()).startsWith("https://");
      assertThat(trusting.send(request, text()).body()).isEqualTo("x");
      assertThatThrownBy(() -> client.send(request, text())).isInstanceOf(IOException.class);
      assertThat(server.posts()).as("the refused handshake sent nothing").isEqualTo(1);
    }
  }

  private static Socket connect(ScriptedServer server) throws IOException {
    return new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port());
  }

  private static HttpRequest.Builder request(ScriptedServer server) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/chat/completions"));
  }

  private static HttpResponse.BodyHandler<String> text() {
    return BodyHandlers.ofString();
  }

  private HttpResponse<String> post(ScriptedServer server, String body)
      throws IOException, InterruptedException {
    return client.send(request(server).POST(BodyPublishers.ofString(body)).build(), text());
  }

  private HttpResponse<byte[]> postForBytes(ScriptedServer server)
      throws IOException, InterruptedException {
    return client.send(
        request(server).POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofByteArray());
  }
}
