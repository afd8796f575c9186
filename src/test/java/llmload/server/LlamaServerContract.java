package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import llmload.server.engine.LlamaEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What the tests of the served model share: one server with the real model, and a client. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LlamaServerContract {
  static final ObjectMapper MAPPER = new ObjectMapper();
  static final HttpClient CLIENT = HttpClient.newHttpClient();
  static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]";

  // Set by start, which NullAway does not take for the static fields' initializer.
  @SuppressWarnings("NullAway.Init")
  static LlamaEngine engine;

  @SuppressWarnings("NullAway.Init")
  static InferenceServer server;

  int slotCount() {
    return 4;
  }

  @BeforeAll
  void start() {
    ServerSettings settings =
        ServerSettings.defaults().withSlots(slotCount(), 2).withMaxBodyBytes(200_000);
    engine = LlamaEngine.load(slotCount(), 2_048, 1);
    server = InferenceServer.start(settings, engine);
  }

  @AfterAll
  static void stop() {
    server.close();
    engine.close();
  }

  static HttpRequest post(String path, String body) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  static HttpResponse<String> send(String path, String body)
      throws IOException, InterruptedException {
    return CLIENT.send(post(path, body), BodyHandlers.ofString());
  }

  static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create(server.baseUrl() + path);
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  static JsonNode chat(String fields) throws IOException, InterruptedException {
    HttpResponse<String> response = send("/v1/chat/completions", "{" + HELLO + "," + fields + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readTree(response.body());
  }

  static List<String> events(String body) {
    assertThat(body).endsWith("\n\n");
    return body.lines()
        .filter(line -> !line.isEmpty())
        .peek(line -> assertThat(line).startsWith("data: "))
        .map(line -> line.substring(6))
        .toList();
  }

  static String streamedText(List<String> events) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String event : events.subList(0, events.size() - 1)) {
      text.append(MAPPER.readTree(event).at("/choices/0/delta/content").asText(""));
    }
    return text.toString();
  }
}
