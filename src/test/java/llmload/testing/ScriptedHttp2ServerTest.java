package llmload.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScriptedHttp2ServerTest {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_2)
          .sslContext(LoopbackCertificate.shared().context())
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  @Test
  void stream_ofTwoFrames_isReadOverHttp2() throws Exception {
    Script script =
        Script.always(Steps.sse(), Steps.chunk("ab"), Steps.chunk("cd"), Steps.lastChunk())
            .answeringGets(Steps.json(404, "{}"));
    try (ScriptedServer server = ScriptedServer.startHttp2(script, 100)) {
      HttpResponse<String> answer = post(server, "{\"n\":1}");
      HttpResponse<String> missing =
          client.send(request(server).GET().build(), BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.headers().firstValue("content-type"))
          .hasValue("text/event-stream; charset=utf-8");
      assertThat(answer.body()).isEqualTo("abcd");
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(server.posts()).isEqualTo(1);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requestBodies()).containsExactly("{\"n\":1}", "");
      assertThat(server.requests().get(0).path()).isEqualTo("/v1/x");
      assertThat(server.requests().get(0).header("content-length")).hasValue("7");
      assertThat(server.failures()).isEmpty();
    }
  }

  @Test
  void reset_ofOneStream_leavesItsSiblingOnTheConnectionAlone() throws Exception {
    CountDownLatch goodIsOpen = new CountDownLatch(1);
    CountDownLatch badIsOver = new CountDownLatch(1);
    List<Step> plain = List.of(Steps.json(200, "{}"));
    List<Step> good =
        List.of(
            Steps.sse(),
            Steps.signal(goodIsOpen),
            Steps.await(badIsOver),
            Steps.chunk("y"),
            Steps.lastChunk());
    List<Step> bad = List.of(Steps.sse(), Steps.chunk("x"), Steps.reset());
    try (ScriptedServer server = ScriptedServer.startHttp2(Script.inTurn(plain, good, bad), 100)) {
      // The first request opens the connection, so that the other two share it.
      post(server, "plain");
      CompletableFuture<HttpResponse<String>> sibling = postLater(server, "good");
      assertThat(goodIsOpen.await(10, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> post(server, "bad")).isInstanceOf(IOException.class);
      badIsOver.countDown();

      assertThat(sibling.get(10, TimeUnit.SECONDS).body()).isEqualTo("y");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void streamLimitOfOne_isToldToTheClient() throws Exception {
    CountDownLatch firstIsOpen = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Step> plain = List.of(Steps.json(200, "{}"));
    List<Step> slow =
        List.of(Steps.signal(firstIsOpen), Steps.await(goOn), Steps.json(200, "slow"));
    try (ScriptedServer server = ScriptedServer.startHttp2(Script.inTurn(plain, slow, plain), 1)) {
      post(server, "plain");
      CompletableFuture<HttpResponse<String>> first = postLater(server, "slow");
      assertThat(firstIsOpen.await(10, TimeUnit.SECONDS)).isTrue();

      // The JDK's client does not queue: it refuses what exceeds the limit of its connection.
      assertThatThrownBy(() -> post(server, "{}")).hasMessageContaining("concurrent streams");
      goOn.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS).body()).isEqualTo("slow");
    }
  }

  @Test
  void goAway_nextRequest_takesANewConnection() throws Exception {
    List<Step> plain = List.of(Steps.json(200, "{}"));
    List<Step> leaving = List.of(Steps.goAway(), Steps.json(200, "{}"));
    try (ScriptedServer server =
        ScriptedServer.startHttp2(Script.inTurn(plain, plain, leaving, plain), 100)) {
      post(server, "1");
      post(server, "2");
      assertThat(server.connections()).isEqualTo(1);
      // What becomes of the stream in flight is the client's affair: JDK 17 gives it up, later ones
      // wait for it.
      postLater(server, "3").handle((answer, error) -> 0).get(10, TimeUnit.SECONDS);

      assertThat(post(server, "4").statusCode()).isEqualTo(200);
      assertThat(server.connections()).isEqualTo(2);
      assertThat(server.failures()).isEmpty();
    }
  }

  @Test
  void closeFin_midStream_isAnErrorForTheClient() {
    Script script = Script.always(Steps.sse(), Steps.chunk("x"), Steps.closeFin());
    try (ScriptedServer server = ScriptedServer.startHttp2(script, 100)) {
      assertThatThrownBy(() -> post(server, "{}")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void rawBytes_areRefusedAndNoted() {
    try (ScriptedServer server = ScriptedServer.startHttp2(Script.always(Steps.raw("x")), 100)) {
      assertThatThrownBy(() -> post(server, "{}")).isInstanceOf(IOException.class);
      assertThat(server.failures()).singleElement().asString().contains("Expecting HTTP/1.1");
    }
  }

  private static HttpRequest.Builder request(ScriptedServer server) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/x"));
  }

  private HttpResponse<String> post(ScriptedServer server, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(server).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> postLater(ScriptedServer server, String body) {
    return client.sendAsync(
        request(server).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }
}
