package llmload.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmload.server.retrieval.Hit;
import llmload.server.retrieval.IndexSpec;

/** Whose API a search came by: the shapes of its answers and errors. */
enum SearchProduct {
  /** The server's own. */
  EMBEDDED {
    @Override
    ObjectNode answer(String collection, List<Hit> hits, double tookMillis) {
      ObjectNode body = MAPPER.createObjectNode();
      ArrayNode list = body.putArray("hits");
      hits.forEach(hit -> list.addObject().put("id", hit.id()).put("score", hit.cosineRatio()));
      return body.put("tookMillis", tookMillis);
    }

    @Override
    ObjectNode collection(String name, IndexSpec spec) {
      return MAPPER
          .createObjectNode()
          .put("name", name)
          .put("vectors", spec.vectorCount())
          .put("dimensions", spec.dimensionCount())
          .put("clusters", spec.clusterCount())
          .put("seed", spec.seed());
    }

    @Override
    ObjectNode error(ApiException error) {
      return Exchange.errorObject(error);
    }
  },

  /** Qdrant's universal query. */
  QDRANT_QUERY {
    @Override
    ObjectNode answer(String collection, List<Hit> hits, double tookMillis) {
      ObjectNode body = MAPPER.createObjectNode();
      qdrantPoints(body.putObject("result").putArray("points"), hits);
      return body.put("status", "ok").put("time", tookMillis / MILLIS_PER_SECOND);
    }

    @Override
    ObjectNode collection(String name, IndexSpec spec) {
      return qdrantCollection(spec);
    }

    @Override
    ObjectNode error(ApiException error) {
      return qdrantError(error);
    }
  },

  /** Qdrant's older search. */
  QDRANT_SEARCH {
    @Override
    ObjectNode answer(String collection, List<Hit> hits, double tookMillis) {
      ObjectNode body = MAPPER.createObjectNode();
      qdrantPoints(body.putArray("result"), hits);
      return body.put("status", "ok").put("time", tookMillis / MILLIS_PER_SECOND);
    }

    @Override
    ObjectNode collection(String name, IndexSpec spec) {
      return qdrantCollection(spec);
    }

    @Override
    ObjectNode error(ApiException error) {
      return qdrantError(error);
    }
  },

  /** Elasticsearch's and OpenSearch's search. */
  ELASTIC {
    @Override
    ObjectNode answer(String collection, List<Hit> hits, double tookMillis) {
      ObjectNode body = MAPPER.createObjectNode();
      body.put("took", Math.round(tookMillis)).put("timed_out", false);
      body.putObject("_shards")
          .put("total", 1)
          .put("successful", 1)
          .put("skipped", 0)
          .put("failed", 0);
      ObjectNode all = body.putObject("hits");
      all.putObject("total").put("value", hits.size()).put("relation", "eq");
      all.put("max_score", hits.isEmpty() ? null : (Double) elasticScore(hits.get(0)));
      ArrayNode list = all.putArray("hits");
      for (Hit hit : hits) {
        list.addObject()
            .put("_index", collection)
            .put("_id", Long.toString(hit.id()))
            .put("_score", elasticScore(hit));
      }
      return body;
    }

    @Override
    ObjectNode collection(String name, IndexSpec spec) {
      ObjectNode body = MAPPER.createObjectNode();
      body.putObject(name)
          .putObject("mappings")
          .putObject("properties")
          .putObject("vector")
          .put("type", "dense_vector")
          .put("dims", spec.dimensionCount())
          .put("index", true)
          .put("similarity", "cosine");
      return body;
    }

    @Override
    ObjectNode error(ApiException error) {
      ObjectNode body = MAPPER.createObjectNode();
      Map<Integer, String> types =
          Map.of(404, "index_not_found_exception", 429, "es_rejected_execution_exception");
      String type = types.getOrDefault(error.status(), "illegal_argument_exception");
      ObjectNode node = body.putObject("error");
      node.putArray("root_cause").addObject().put("type", type).put("reason", error.text());
      node.put("type", type).put("reason", error.text());
      return body.put("status", error.status());
    }
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double MILLIS_PER_SECOND = 1e3;

  /** A complete answer. */
  abstract ObjectNode answer(String collection, List<Hit> hits, double tookMillis);

  /** What a GET of a collection answers. */
  abstract ObjectNode collection(String name, IndexSpec spec);

  /** The body of a refusal. */
  abstract ObjectNode error(ApiException error);

  private static void qdrantPoints(ArrayNode list, List<Hit> hits) {
    hits.forEach(
        hit ->
            list.addObject().put("id", hit.id()).put("version", 0).put("score", hit.cosineRatio()));
  }

  private static ObjectNode qdrantCollection(IndexSpec spec) {
    ObjectNode body = MAPPER.createObjectNode();
    ObjectNode result = body.putObject("result").put("status", "green");
    result.put("points_count", spec.vectorCount()).put("indexed_vectors_count", spec.vectorCount());
    result
        .putObject("config")
        .putObject("params")
        .putObject("vectors")
        .put("size", spec.dimensionCount())
        .put("distance", "Cosine");
    return body.put("status", "ok").put("time", 0.0);
  }

  private static ObjectNode qdrantError(ApiException error) {
    ObjectNode body = MAPPER.createObjectNode();
    String what = error.status() == 404 ? "Not found" : "Wrong input";
    body.putObject("status").put("error", String.format(Locale.ROOT, "%s: %s", what, error.text()));
    return body.put("time", 0.0);
  }

  /** A cosine as their score, which is never negative: (1 + cosine) ÷ 2. */
  private static double elasticScore(Hit hit) {
    return (1 + hit.cosineRatio()) / 2;
  }
}
