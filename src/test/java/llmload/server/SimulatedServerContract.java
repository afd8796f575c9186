package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.server.engine.simulated.SimulatedEngine;
import llmload.server.engine.simulated.SimulatedSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of the simulated engine share: a server with the numbers of a test. */
@Timeout(120)
abstract class SimulatedServerContract {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private @Nullable InferenceServer server;
  private @Nullable SimulatedEngine engine;

  /** Starts a server; keys and values of its engine alternate. */
  final String serve(@Nullable Path truth, String... keysAndValues) {
    stop();
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      given.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    SimulatedSettings settings = SimulatedSettings.of(given);
    EventLoopGroup loop = InferenceServer.eventLoop();
    engine = new SimulatedEngine(settings, loop.next());
    server =
        InferenceServer.start(
            ServerSettings.defaults().withSlots(settings.maxBatchCount(), 1_000),
            engine,
            loop,
            truth);
    return server.baseUrl();
  }

  @AfterEach
  final void stop() {
    if (server != null) {
      server.close();
      server = null;
    }
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }

  final String post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl() + path))
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  final int status(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl() + path))
            .POST(BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
  }

  final JsonNode chat(String content, String fields) throws IOException, InterruptedException {
    return MAPPER.readTree(post("/v1/chat/completions", chatBody(content, fields)));
  }

  /** The events of a stream, the end mark left out, which must be there. */
  final List<JsonNode> events(String body) throws IOException, InterruptedException {
    List<JsonNode> events = new ArrayList<>();
    List<String> data =
        post("/v1/chat/completions", body)
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> line.substring(6))
            .toList();
    assertThat(data).endsWith("[DONE]");
    for (String event : data.subList(0, data.size() - 1)) {
      events.add(MAPPER.readTree(event));
    }
    return events;
  }

  static String chatBody(String content, String fields) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]," + fields + "}";
  }

  /** All metrics. */
  final String metrics() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl() + "/metrics")).build();
    return CLIENT.send(request, BodyHandlers.ofString()).body();
  }

  /** The value of a metric without regard to its labels. */
  final double metric(String name) throws IOException, InterruptedException {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + ": Expecting a series. Found: none."));
  }

  private String baseUrl() {
    return Objects.requireNonNull(server).baseUrl();
  }
}
