package llmload.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of vector search over HTTP: paths, bodies and answers, as each product's own API
 * reference gives them.
 */
enum SearchApi implements HitReader {
  /** The embedded server's own. */
  EMBEDDED {
    @Override
    String searchPath(String collection) {
      return "/v1/retrieval/search";
    }

    @Override
    String collectionPath(String collection) {
      return "/v1/retrieval/collections/" + collection;
    }

    @Override
    void write(ObjectNode body, Where where, SearchQuery query) {
      body.put("collection", where.collection());
      body.putRawValue("vector", new RawValue(query.vectorJson()));
      body.put("k", query.hitCount());
      if (query.candidateCount() != null) {
        body.put("candidates", query.candidateCount());
      }
    }

    @Override
    public @Nullable List<String> ids(JsonNode answer) {
      return idsOf(answer.path("hits"), "id");
    }
  },

  /** Qdrant's universal query, of version 1.10 and newer. */
  QDRANT {
    @Override
    String searchPath(String collection) {
      return "/collections/" + collection + "/points/query";
    }

    @Override
    void write(ObjectNode body, Where where, SearchQuery query) {
      points(body, "query", query);
    }

    @Override
    public @Nullable List<String> ids(JsonNode answer) {
      return idsOf(answer.path("result").path("points"), "id");
    }
  },

  /** Qdrant's older search. */
  QDRANT_SEARCH {
    @Override
    String searchPath(String collection) {
      return "/collections/" + collection + "/points/search";
    }

    @Override
    void write(ObjectNode body, Where where, SearchQuery query) {
      points(body, "vector", query);
    }

    @Override
    public @Nullable List<String> ids(JsonNode answer) {
      return idsOf(answer.path("result"), "id");
    }
  },

  /** Elasticsearch's {@code knn} option of a search, of version 8 and newer. */
  ELASTICSEARCH {
    @Override
    void write(ObjectNode body, Where where, SearchQuery query) {
      ObjectNode knn = body.putObject("knn");
      knn.put("field", where.field());
      knn.putRawValue("query_vector", new RawValue(query.vectorJson()));
      knn.put("k", query.hitCount());
      if (query.candidateCount() != null) {
        knn.put("num_candidates", query.candidateCount());
      }
      body.put("size", query.hitCount());
      body.put("_source", false);
    }
  },

  /** OpenSearch's {@code knn} query. */
  OPENSEARCH {
    @Override
    void write(ObjectNode body, Where where, SearchQuery query) {
      body.put("size", query.hitCount());
      body.put("_source", false);
      ObjectNode field = body.putObject("query").putObject("knn").putObject(where.field());
      field.putRawValue("vector", new RawValue(query.vectorJson()));
      field.put("k", query.hitCount());
      if (query.candidateCount() != null) {
        field.putObject("method_parameters").put("ef_search", query.candidateCount());
      }
    }
  };

  /**
   * What a search is made in.
   *
   * @param collection the collection or index
   * @param field the field of the vector, for products that name it
   */
  record Where(String collection, String field) {}

  /** The word of the settings: {@code qdrant-search}. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String searchPath(String collection) {
    return "/" + collection + "/_search";
  }

  /** A GET of it tells whether the collection is there. */
  String collectionPath(String collection) {
    return name().startsWith("QDRANT") ? "/collections/" + collection : "/" + collection;
  }

  abstract void write(ObjectNode body, Where where, SearchQuery query);

  @Override
  public @Nullable List<String> ids(JsonNode answer) {
    return idsOf(answer.path("hits").path("hits"), "_id");
  }

  @Override
  public @Nullable String partial(JsonNode answer) {
    if (answer.path("timed_out").asBoolean(false)) {
      return "the search timed out and looked at a part of the index";
    }
    int failed = answer.path("_shards").path("failed").asInt(0);
    return failed > 0 ? "shards that failed: " + failed : null;
  }

  private static void points(ObjectNode body, String key, SearchQuery query) {
    body.putRawValue(key, new RawValue(query.vectorJson()));
    body.put("limit", query.hitCount());
    body.put("with_payload", false);
    if (query.candidateCount() != null) {
      body.putObject("params").put("hnsw_ef", query.candidateCount());
    }
  }

  private static @Nullable List<String> idsOf(JsonNode hits, String key) {
    if (!hits.isArray()) {
      return null;
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode hit : hits) {
      JsonNode id = hit.path(key);
      if (!id.isTextual() && !id.isIntegralNumber()) {
        return null;
      }
      ids.add(id.asText());
    }
    return ids;
  }
}
