package llmload.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shapes are those of the products' API references: Qdrant 1.17, Elasticsearch 8, OpenSearch 2.
 */
class SearchDialectsTest {
  private static Dialect dialect(String id) {
    return SearchDialects.of(id, "docs", "embedding");
  }

  private static String body(String id, @Nullable Integer candidates)
      throws JsonProcessingException {
    SearchQuery query = SearchQuery.of(new float[] {0.5f, -1, 0.25f}, 10, candidates);
    return Json.MAPPER
        .readTree(
            dialect(id)
                .encode(RequestKind.RETRIEVAL, GenerationRequest.builder().search(query).build()))
        .toString();
  }

  private static Reply read(String id, String answer) {
    ReplyReader reader =
        dialect(id).reader(RequestKind.RETRIEVAL, ReplyOptions.whole().keepingText());
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    // In two pieces: nothing may depend on where a body is cut.
    reader.feed(bytes, 0, bytes.length / 2, 1);
    reader.feed(bytes, bytes.length / 2, bytes.length, 2);
    return reader.reply(End.CLEAN);
  }

  @ParameterizedTest
  @CsvSource({
    "embedded, /v1/retrieval/search, /v1/retrieval/collections/docs",
    "qdrant, /collections/docs/points/query, /collections/docs",
    "qdrant-search, /collections/docs/points/search, /collections/docs",
    "elasticsearch, /docs/_search, /docs",
    "opensearch, /docs/_search, /docs"
  })
  void path_isTheProducts(String id, String search, String collection) {
    assertThat(dialect(id).path(RequestKind.RETRIEVAL)).isEqualTo(search);
    assertThat(dialect(id).path(RequestKind.HEALTH)).isEqualTo(collection);
    assertThat(dialect(id).isPost(RequestKind.RETRIEVAL)).isTrue();
    assertThat(dialect(id).isPost(RequestKind.HEALTH)).isFalse();
    assertThat(dialect(id).id()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "embedded, '{\"collection\":\"docs\",\"vector\":[0.5,-1.0,0.25],\"k\":10,\"candidates\":64}'",
        "qdrant, '{\"query\":[0.5,-1.0,0.25],\"limit\":10,\"with_payload\":false,\"params\":{\"hnsw_ef\":64}}'",
        "qdrant-search, '{\"vector\":[0.5,-1.0,0.25],\"limit\":10,\"with_payload\":false,\"params\":{\"hnsw_ef\":64}}'",
        "elasticsearch, '{\"knn\":{\"field\":\"embedding\",\"query_vector\":[0.5,-1.0,0.25],\"k\":10,\"num_candidates\":64},\"size\":10,\"_source\":false}'",
        "opensearch, '{\"size\":10,\"_source\":false,\"query\":{\"knn\":{\"embedding\":{\"vector\":[0.5,-1.0,0.25],\"k\":10,\"method_parameters\":{\"ef_search\":64}}}}}'"
      })
  void body_isTheProducts(String id, String expected) throws JsonProcessingException {
    assertThat(body(id, 64)).isEqualTo(expected);
    assertThat(body(id, null)).doesNotContain("64");
  }

  @Test
  void body_extraBody_isMergedIntoIt() {
    GenerationRequest request =
        GenerationRequest.builder()
            .search(SearchQuery.of(new float[] {1}, 2, 8))
            .extraBody("{\"params\":{\"exact\":true},\"with_payload\":null}")
            .build();

    assertThat(dialect("qdrant").encode(RequestKind.RETRIEVAL, request))
        .isEqualTo("{\"query\":[1.0],\"limit\":2,\"params\":{\"hnsw_ef\":8,\"exact\":true}}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "embedded, '{\"hits\":[{\"id\":41,\"score\":0.9},{\"id\":7,\"score\":0.8}],\"tookMillis\":0.4}'",
        "qdrant, '{\"usage\":null,\"time\":0.002,\"status\":\"ok\",\"result\":{\"points\":[{\"id\":41,\"version\":3,\"score\":0.75},{\"id\":\"7\",\"version\":3,\"score\":0.7}]}}'",
        "qdrant-search, '{\"time\":0.002,\"status\":\"ok\",\"result\":[{\"id\":41,\"version\":3,\"score\":0.75},{\"id\":7,\"version\":3,\"score\":0.7}]}'",
        "elasticsearch, '{\"took\":5,\"timed_out\":false,\"_shards\":{\"total\":1,\"successful\":1,\"skipped\":0,\"failed\":0},\"hits\":{\"total\":{\"value\":2,\"relation\":\"eq\"},\"max_score\":1.0,\"hits\":[{\"_index\":\"docs\",\"_id\":\"41\",\"_score\":1.0},{\"_index\":\"docs\",\"_id\":\"7\",\"_score\":0.9}]}}'",
        "opensearch, '{\"took\":5,\"timed_out\":false,\"hits\":{\"hits\":[{\"_index\":\"docs\",\"_id\":\"41\",\"_score\":1.0},{\"_id\":\"7\"}]}}'"
      })
  void answer_givesTheIdsInTheirOrder(String id, String answer) {
    Reply reply = read(id, answer);

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isEqualTo("41\n7");
    assertThat(reply.bytesReceived()).isEqualTo(answer.length());
  }

  @ParameterizedTest
  @CsvSource({"embedded", "qdrant", "qdrant-search", "elasticsearch", "opensearch"})
  void answer_ofAnotherShape_isAProtocolFault(String id) {
    assertThat(read(id, "{\"object\":\"list\"}").outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(read(id, "{\"hits\":").outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(read(id, "  ").outcome()).isEqualTo(Outcome.EMPTY);
  }

  @Test
  void answer_ofAPartOfTheIndex_isNoAnswer() {
    Reply late = read("elasticsearch", "{\"timed_out\":true,\"hits\":{\"hits\":[]}}");
    Reply shards =
        read(
            "opensearch",
            "{\"timed_out\":false,\"_shards\":{\"failed\":2},\"hits\":{\"hits\":[]}}");

    assertThat(late.outcome()).isEqualTo(Outcome.STREAM_ERROR);
    assertThat(late.message()).isEqualTo("the search timed out and looked at a part of the index");
    assertThat(shards.outcome()).isEqualTo(Outcome.STREAM_ERROR);
    assertThat(shards.message()).isEqualTo("shards that failed: 2");
  }

  @Test
  void errors_ofTheProducts_areShortTexts() {
    assertThat(
            ErrorBody.message(
                "{\"status\":{\"error\":\"Wrong input: Vector dimension error\"},\"time\":0.0}"))
        .isEqualTo("Wrong input: Vector dimension error");
    assertThat(
            ErrorBody.message(
                "{\"error\":{\"root_cause\":[],\"type\":\"x\",\"reason\":\"no such index\"},\"status\":404}"))
        .isEqualTo("no such index");
  }

  @Test
  void dialect_unknownOrWrongKind_isRefused() {
    assertThatThrownBy(() -> dialect("faiss"))
        .hasMessage(
            "dialect: Expecting one of embedded, qdrant, qdrant-search, elasticsearch, opensearch."
                + " Found: faiss.");
    assertThatThrownBy(() -> dialect("qdrant").path(RequestKind.CHAT))
        .hasMessage("kind: Expecting retrieval or health. Found: chat.");
    assertThatThrownBy(() -> SearchQuery.of(new float[] {Float.NaN}, 1, null))
        .hasMessage("vector: Expecting finite numbers. Found: NaN.");
    assertThatThrownBy(() -> Dialects.of("openai-chat").path(RequestKind.RETRIEVAL))
        .hasMessageEndingWith("Found: retrieval.");
  }
}
