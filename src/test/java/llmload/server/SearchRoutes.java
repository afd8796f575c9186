package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.server.retrieval.Hit;
import llmload.server.retrieval.VectorCollections;
import llmload.server.retrieval.VectorIndex;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the vector indexes, in the shapes of several products:
 *
 * <ul>
 *   <li>its own: {@code POST /v1/retrieval/search}, {@code POST /v1/retrieval/exact}, {@code GET
 *       /v1/retrieval/collections/NAME}
 *   <li>Qdrant's: {@code POST /collections/NAME/points/query}, {@code …/points/search}, {@code GET
 *       /collections/NAME}
 *   <li>Elasticsearch's and OpenSearch's: {@code POST /NAME/_search}, {@code GET /NAME}
 * </ul>
 *
 * <p>Searches run on a thread a core, off the event loop; more than {@value #QUEUE_LIMIT} that wait
 * are answered 429.
 */
final class SearchRoutes implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int QUEUE_LIMIT = 10_000;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final String OWN = "/v1/retrieval/";
  private static final Pattern QDRANT =
      Pattern.compile("/collections/([^/]+)(?:/points/(query|search))?");
  private static final Pattern ELASTIC = Pattern.compile("/([^/]+)(/_search)?");

  private final VectorCollections collections;
  private final ThreadPoolExecutor threads;

  /** Serves {@code collections}, which it closes with itself. */
  SearchRoutes(VectorCollections collections) {
    this.collections = collections;
    int cores = Runtime.getRuntime().availableProcessors();
    this.threads =
        new ThreadPoolExecutor(
            cores,
            cores,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_LIMIT),
            new DefaultThreadFactory("llmload-search", true));
  }

  /** A handler that answers these routes itself and leaves all others to {@code next}. */
  RequestHandler before(RequestHandler next) {
    return (method, path, body, exchange) -> {
      Route route = route(path);
      if (route == null) {
        next.handle(method, path, body, exchange);
      } else if (!route.method().equals(method)) {
        exchange.wrongMethod(method, route.method());
      } else {
        run(route, body, exchange);
      }
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
    collections.close();
  }

  /** What a path stands for; {@code collection} is {@code null} where the body names it. */
  private record Route(
      SearchProduct product, Action action, @Nullable String collection, String field) {
    String method() {
      return action == Action.DESCRIBE ? "GET" : "POST";
    }
  }

  private enum Action {
    SEARCH,
    EXACT,
    DESCRIBE
  }

  private @Nullable Route route(String path) {
    if (path.startsWith(OWN)) {
      return own(path.substring(OWN.length()));
    }
    Matcher qdrant = QDRANT.matcher(path);
    if (qdrant.matches()) {
      boolean query = "query".equals(qdrant.group(2));
      return new Route(
          query ? SearchProduct.QDRANT_QUERY : SearchProduct.QDRANT_SEARCH,
          qdrant.group(2) == null ? Action.DESCRIBE : Action.SEARCH,
          qdrant.group(1),
          query ? "query" : "vector");
    }
    Matcher elastic = ELASTIC.matcher(path);
    if (elastic.matches()) {
      boolean search = elastic.group(2) != null;
      // A path of one word may as well be another route of the server.
      if (search || collections.names().contains(elastic.group(1))) {
        Action action = search ? Action.SEARCH : Action.DESCRIBE;
        return new Route(SearchProduct.ELASTIC, action, elastic.group(1), "");
      }
    }
    return null;
  }

  private static @Nullable Route own(String rest) {
    if (rest.equals("search") || rest.equals("exact")) {
      Action action = rest.equals("search") ? Action.SEARCH : Action.EXACT;
      return new Route(SearchProduct.EMBEDDED, action, null, "");
    }
    String prefix = "collections/";
    return rest.startsWith(prefix)
        ? new Route(SearchProduct.EMBEDDED, Action.DESCRIBE, rest.substring(prefix.length()), "")
        : null;
  }

  private void run(Route route, byte[] body, Exchange exchange) {
    try {
      threads.execute(
          () -> {
            try {
              exchange.json(200, answer(route, body));
            } catch (ApiException e) {
              refuse(route, e, exchange);
            } catch (RuntimeException e) {
              // Whatever it is, the client must not wait for ever.
              refuse(route, ApiException.engineFault(String.valueOf(e)), exchange);
            }
          });
    } catch (RejectedExecutionException e) {
      refuse(
          route,
          threads.isShutdown() ? ApiException.closing() : ApiException.queueFull(QUEUE_LIMIT),
          exchange);
    }
  }

  private static void refuse(Route route, ApiException error, Exchange exchange) {
    exchange.json(error.status(), route.product().error(error));
  }

  private ObjectNode answer(Route route, byte[] bytes) {
    long began = System.nanoTime();
    if (route.action() == Action.DESCRIBE) {
      String name = String.valueOf(route.collection());
      return route.product().collection(name, index(name).spec());
    }
    JsonNode body = GenerationRequestParser.readObject(bytes);
    String name = route.collection() == null ? ownCollection(body) : route.collection();
    VectorIndex index = index(name);
    if (route.action() == Action.EXACT) {
      return exact(body, index);
    }
    SearchRequest request =
        switch (route.product()) {
          case EMBEDDED -> SearchRequest.embedded(body);
          case QDRANT_QUERY, QDRANT_SEARCH -> SearchRequest.qdrant(body, route.field());
          case ELASTIC -> SearchRequest.elastic(body);
        };
    requireDimensions(request.vector(), index);
    List<Hit> hits =
        request.exact()
            ? index.exact(List.of(request.vector()), request.hitCount()).get(0)
            : index.search(request.vector(), request.hitCount(), request.candidateCount());
    return route.product().answer(name, hits, (System.nanoTime() - began) / NANOS_PER_MILLI);
  }

  /** The collection of a body; where there is only one, it need not be named. */
  private String ownCollection(JsonNode body) {
    String named = new JsonFields(body).string("collection");
    if (named == null && collections.names().size() > 1) {
      throw ApiException.invalid(
          "collection", "one of " + String.join(", ", collections.names()), "nothing");
    }
    return named == null ? collections.names().iterator().next() : named;
  }

  private VectorIndex index(String name) {
    VectorIndex found = collections.find(name);
    if (found == null) {
      throw new ApiException(
          404,
          "invalid_request_error",
          "collection",
          "collection_not_found",
          "collection: Expecting one of %s. Found: %s."
              .formatted(String.join(", ", collections.names()), name));
    }
    return found;
  }

  private static void requireDimensions(float[] vector, VectorIndex index) {
    int expected = index.spec().dimensionCount();
    if (vector.length != expected) {
      throw ApiException.invalid("vector", expected + " numbers", Integer.toString(vector.length));
    }
  }

  /** {@code {"vectors":[[…],…],"k":10}} to {@code {"ids":[[…],…]}}. */
  private static ObjectNode exact(JsonNode body, VectorIndex index) {
    JsonNode given = body.path("vectors");
    if (!given.isArray() || given.isEmpty()) {
      throw ApiException.invalid(
          "vectors", "an array of vectors", GenerationRequestParser.found(given));
    }
    List<float[]> queries = new ArrayList<>();
    for (JsonNode vector : given) {
      float[] query = SearchRequest.vector(vector, "vectors");
      requireDimensions(query, index);
      queries.add(query);
    }
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode ids = answer.putArray("ids");
    for (List<Hit> hits : index.exact(queries, SearchRequest.hits(body, "k"))) {
      ArrayNode list = ids.addArray();
      hits.forEach(hit -> list.add(hit.id()));
    }
    return answer;
  }
}
