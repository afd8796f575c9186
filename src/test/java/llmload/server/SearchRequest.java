package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import llmload.server.retrieval.VectorIndex;
import org.jspecify.annotations.Nullable;

/**
 * A search as its body says it.
 *
 * @param vector the query
 * @param hitCount how many hits to return
 * @param candidateCount how many candidates to keep in each part of the index
 * @param exact whether to compare with every vector
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
record SearchRequest(float[] vector, int hitCount, int candidateCount, boolean exact) {
  private static final int DEFAULT_HITS = 10;

  /** The server's own: {@code {"vector":[…],"k":10,"candidates":100}}. */
  static SearchRequest embedded(JsonNode body) {
    return of(body.path("vector"), "vector", hits(body, "k"), candidates(body, "candidates"));
  }

  /** Qdrant's, by the name of the field that holds the vector. */
  static SearchRequest qdrant(JsonNode body, String field) {
    JsonNode query = body.path(field);
    JsonNode nearest =
        query.isObject() ? query.path(field.equals("query") ? "nearest" : field) : query;
    JsonNode params = body.path("params");
    SearchRequest request = of(nearest, field, hits(body, "limit"), candidates(params, "hnsw_ef"));
    return params.path("exact").asBoolean(false)
        ? new SearchRequest(request.vector, request.hitCount, request.candidateCount, true)
        : request;
  }

  /** Elasticsearch's {@code knn} option, or OpenSearch's {@code knn} query. */
  static SearchRequest elastic(JsonNode body) {
    int size = hits(body, "size");
    JsonNode knn = body.path("knn");
    if (knn.isArray() && knn.size() == 1) {
      knn = knn.path(0);
    }
    SearchRequest request;
    if (knn.isObject()) {
      request =
          of(
              knn.path("query_vector"),
              "query_vector",
              hits(knn, "k"),
              candidates(knn, "num_candidates"));
    } else {
      JsonNode fields = body.path("query").path("knn");
      if (!fields.isObject() || fields.size() != 1) {
        throw ApiException.invalid("knn", "one vector search", GenerationRequestParser.found(knn));
      }
      JsonNode field = fields.elements().next();
      request =
          of(
              field.path("vector"),
              "vector",
              hits(field, "k"),
              candidates(field.path("method_parameters"), "ef_search"));
    }
    return new SearchRequest(
        request.vector, Math.min(size, request.hitCount), request.candidateCount, false);
  }

  private static SearchRequest of(
      JsonNode vector, String name, int hitCount, @Nullable Integer candidates) {
    if (candidates != null && candidates < hitCount) {
      throw ApiException.invalid(
          "candidates", hitCount + ", the hits asked for, or more", candidates.toString());
    }
    int most = candidates == null ? VectorIndex.DEFAULT_CANDIDATES : candidates;
    return new SearchRequest(vector(vector, name), hitCount, Math.max(most, hitCount), false);
  }

  /** A vector; its length is the index's business. */
  static float[] vector(JsonNode node, String name) {
    if (!node.isArray()) {
      throw ApiException.invalid(name, "an array of numbers", GenerationRequestParser.found(node));
    }
    float[] vector = new float[node.size()];
    boolean zero = true;
    for (int i = 0; i < vector.length; i++) {
      JsonNode number = node.get(i);
      vector[i] = number.floatValue();
      if (!number.isNumber() || !Float.isFinite(vector[i])) {
        throw ApiException.invalid(
            name, "an array of numbers", GenerationRequestParser.found(number));
      }
      zero &= vector[i] == 0;
    }
    if (zero) {
      throw ApiException.invalid(name, "a vector with a direction", "no number but 0");
    }
    return vector;
  }

  static int hits(JsonNode object, String name) {
    Integer value = new JsonFields(object).integer(name, 1, VectorIndex.MAX_HITS);
    return value == null ? DEFAULT_HITS : value;
  }

  private static @Nullable Integer candidates(JsonNode object, String name) {
    return new JsonFields(object).integer(name, 1, VectorIndex.MAX_HITS);
  }
}
