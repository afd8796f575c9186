package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.server.engine.simulated.SimulatedEngine;
import llmload.server.engine.simulated.SimulatedSettings;
import llmload.server.retrieval.ClusteredVectors;
import llmload.server.retrieval.IndexSettings;
import llmload.server.retrieval.IndexSpec;
import llmload.server.retrieval.VectorCollections;
import llmload.wire.Dialect;
import llmload.wire.End;
import llmload.wire.ErrorBody;
import llmload.wire.GenerationRequest;
import llmload.wire.Reply;
import llmload.wire.ReplyOptions;
import llmload.wire.ReplyReader;
import llmload.wire.SearchDialects;
import llmload.wire.SearchQuery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dialect of vector search against the server that speaks them all. */
@Timeout(60)
class SearchRoutesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int VECTORS = 600;
  private static final int DIMENSIONS = 24;
  private static final ClusteredVectors DATA =
      new ClusteredVectors(IndexSpec.of(VECTORS, DIMENSIONS, 42));

  @TempDir private static Path folder;

  private static SearchRoutes routes;
  private static SimulatedEngine engine;
  private static InferenceServer server;

  @BeforeAll
  static void start() {
    IndexSettings indexes = new IndexSettings(List.of(300, VECTORS), DIMENSIONS, 42, folder);
    EventLoopGroup loop = InferenceServer.eventLoop();
    routes = new SearchRoutes(VectorCollections.open(indexes, (name, done, total) -> {}));
    engine = new SimulatedEngine(SimulatedSettings.of(Map.of()), loop.next());
    server = InferenceServer.start(ServerSettings.defaults(), engine, loop, null, routes);
  }

  @AfterAll
  static void stop() {
    server.close();
    engine.close();
    routes.close();
  }

  private static Dialect dialect(String id) {
    return SearchDialects.of(id, "vectors_" + VECTORS, "vector");
  }

  private static HttpResponse<String> send(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.baseUrl() + path));
    if (!body.isEmpty()) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> search(String id, float[] vector, int hits)
      throws IOException, InterruptedException {
    Dialect dialect = dialect(id);
    GenerationRequest request =
        GenerationRequest.builder().search(SearchQuery.of(vector, hits, null)).build();
    return send(
        dialect.path(RequestKind.RETRIEVAL), dialect.encode(RequestKind.RETRIEVAL, request));
  }

  /** The ids of the vectors by their cosine with {@code query}, without the index. */
  private static List<String> nearest(float[] query, int count) {
    return LongStream.range(0, VECTORS)
        .boxed()
        .sorted((a, b) -> Double.compare(dot(DATA.indexed(b), query), dot(DATA.indexed(a), query)))
        .limit(count)
        .map(String::valueOf)
        .toList();
  }

  private static double dot(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "qdrant", "qdrant-search", "elasticsearch", "opensearch"})
  void search_inEachDialect_findsTheNearest(String id) throws Exception {
    int found = 0;
    for (int q = 0; q < 20; q++) {
      float[] query = DATA.query(q);
      HttpResponse<String> response = search(id, query, 10);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      ReplyReader reader =
          dialect(id).reader(RequestKind.RETRIEVAL, ReplyOptions.whole().keepingText());
      byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
      reader.feed(bytes, 0, bytes.length, 1);
      Reply reply = reader.reply(End.CLEAN);
      assertThat(reply.outcome()).isEqualTo(Outcome.OK);
      List<String> ids = reply.text().lines().toList();
      assertThat(ids).hasSize(10).doesNotHaveDuplicates();
      found += (int) nearest(query, 10).stream().filter(ids::contains).count();
    }
    assertThat(found / 200.0).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "qdrant", "qdrant-search", "elasticsearch", "opensearch"})
  void search_wrongDimensions_is400InTheDialectsOwnShape(String id) throws Exception {
    HttpResponse<String> response = search(id, new float[] {1, 2, 3}, 10);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ErrorBody.message(response.body()))
        .endsWith("vector: Expecting 24 numbers. Found: 3.")
        .doesNotContain("{");
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "qdrant", "qdrant-search", "elasticsearch", "opensearch"})
  void search_tooManyHitsOrNoDirection_is400(String id) throws Exception {
    assertThat(search(id, DATA.query(0), 1_001).statusCode()).isEqualTo(400);
    assertThat(search(id, new float[DIMENSIONS], 10).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "qdrant", "qdrant-search", "elasticsearch", "opensearch"})
  void collection_isTold_andAnUnknownOneIs404(String id) throws Exception {
    Dialect unknown = SearchDialects.of(id, "nothing", "vector");
    String known = dialect(id).path(RequestKind.HEALTH);

    assertThat(send(known, "").statusCode()).isEqualTo(200);
    assertThat(send(known, "").body()).contains(":" + DIMENSIONS);
    assertThat(send(unknown.path(RequestKind.HEALTH), "").statusCode()).isEqualTo(404);
    GenerationRequest request =
        GenerationRequest.builder().search(SearchQuery.of(DATA.query(0), 1, null)).build();
    assertThat(
            send(
                    unknown.path(RequestKind.RETRIEVAL),
                    unknown.encode(RequestKind.RETRIEVAL, request))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void exact_isWhatComparingWithEveryVectorFinds() throws Exception {
    float[] query = DATA.query(3);
    HttpResponse<String> response =
        send(
            "/v1/retrieval/exact",
            "{\"collection\":\"vectors_600\",\"k\":10,\"vectors\":["
                + SearchQuery.of(query, 10, null).vectorJson()
                + "]}");
    List<String> ids =
        IntStream.range(0, 10)
            .mapToObj(i -> read(response).path("ids").path(0).path(i).asText())
            .toList();

    assertThat(ids).isEqualTo(nearest(query, 10));
  }

  @Test
  void qdrantExactParameter_searchesExactly() throws Exception {
    float[] query = DATA.query(4);
    HttpResponse<String> response =
        send(
            "/collections/vectors_600/points/query",
            "{\"query\":" + Arrays.toString(query) + ",\"limit\":3,\"params\":{\"exact\":true}}");
    JsonNode first = read(response).at("/result/points/0");

    assertThat(first.path("id").asText()).isEqualTo(nearest(query, 1).get(0));
    assertThat(first.path("score").asDouble())
        .isCloseTo(dot(DATA.indexed(first.path("id").asLong()), query), within());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-5);
  }

  private static JsonNode read(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  @Test
  void otherRoutes_stayWhatTheyAre() throws Exception {
    assertThat(send("/health", "").statusCode()).isEqualTo(200);
    assertThat(send("/v1/models", "").body()).contains("\"object\":\"list\"");
    assertThat(send("/v1/retrieval/search", "").statusCode()).isEqualTo(405);
    assertThat(send("/v1/retrieval/search", "no json").statusCode()).isEqualTo(400);
    assertThat(send("/v1/retrieval/search", "{\"vector\":[1],\"k\":1}").body())
        .contains("collection: Expecting one of vectors_300, vectors_600. Found: nothing.");
  }
}
