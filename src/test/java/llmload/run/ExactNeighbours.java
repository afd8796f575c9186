package llmload.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import llmload.feeders.SearchCase;
import llmload.wire.Endpoint;

/** Asks the embedded server for the exact answers of searches, before there is any load. */
public final class ExactNeighbours {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Every query is compared with every vector. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private ExactNeighbours() {}

  /**
   * The same cases with their exact answers. Where the server does not give them that is told on
   * the console and the cases stay as they are: recall is then absent, and all else is measured.
   *
   * @param collection the index to search
   * @param neighbourCount how many neighbours each answer has
   */
  public static List<SearchCase> of(
      List<SearchCase> cases, String baseUrl, String collection, int neighbourCount) {
    try {
      return ask(cases, baseUrl, collection, neighbourCount);
    } catch (IOException e) {
      System.out.println(
          "llmload: exact neighbours are not known, so recall is not measured: " + e.getMessage());
      return cases;
    }
  }

  private static List<SearchCase> ask(
      List<SearchCase> cases, String baseUrl, String collection, int neighbourCount)
      throws IOException {
    ObjectNode body =
        MAPPER.createObjectNode().put("collection", collection).put("k", neighbourCount);
    ArrayNode vectors = body.putArray("vectors");
    for (SearchCase one : cases) {
      ArrayNode vector = vectors.addArray();
      for (float x : one.vector()) {
        vector.add(x);
      }
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(Endpoint.url(baseUrl, "/v1/retrieval/exact")))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> response;
    try {
      response =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .build()
              .send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    JsonNode ids = MAPPER.readTree(response.body()).path("ids");
    if (response.statusCode() != 200 || ids.size() != cases.size()) {
      throw new IOException("status " + response.statusCode() + ": " + response.body());
    }
    List<SearchCase> known = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      List<String> exact = new ArrayList<>();
      ids.get(i).forEach(id -> exact.add(id.asText()));
      known.add(cases.get(i).knowing(exact));
    }
    return known;
  }
}
