package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import llmload.server.retrieval.IndexSettings;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of {@code RetrievalSimulation}. */
@Timeout(180)
class RetrievalRunIT {
  @TempDir private Path results;
  @TempDir private Path folder;

  private RunProcess run() {
    return RunProcess.in(results)
        .simulation("llmload.simulations.RetrievalSimulation")
        .set("warmUp", 3)
        .set("retrieval.dimensions", 24);
  }

  private RunProcess embedded() {
    return run().set("retrieval.folder", folder);
  }

  private EmbeddedServerProcess server() {
    return EmbeddedServerProcess.start(
        ProjectFolder.find(), null, Map.of(), new IndexSettings(List.of(400), 24, 42, folder));
  }

  private static JsonNode metric(FinishedRun run, String scope, String metric) {
    return run.report().path("metrics").path(scope).path(metric);
  }

  @Test
  void embeddedServer_searchesAndMeasuresRecallOfTheSample() {
    FinishedRun run =
        embedded()
            .set("users", 2)
            .set("retrieval.vectors", 500)
            .set("retrieval.queries", 60)
            .set("retrieval.recallSample", 20)
            .set("failOn", "invalid")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    // As many requests as queries, where nothing else is said.
    assertThat(run.count("ok")).isEqualTo(60);
    assertThat(run.report().at("/target/engine").asText()).isEqualTo("lucene");
    assertThat(run.report().at("/target/dialect").asText()).isEqualTo("embedded");
    assertThat(run.requests("measure"))
        .allSatisfy(
            line -> {
              assertThat(line.at("/tags/kind").asText()).isEqualTo("retrieval");
              assertThat(line.at("/tags/check.hits").asText()).isEqualTo("10");
            });
    List<Double> recalls =
        run.requests("measure").stream()
            .map(line -> line.at("/tags/check.recall_at_k"))
            .filter(JsonNode::isTextual)
            .map(text -> Double.valueOf(text.asText()))
            .toList();
    assertThat(recalls).hasSize(20).allMatch(recall -> recall >= 0 && recall <= 1);
    double mean = recalls.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(mean).isGreaterThan(0.9);
    assertThat(metric(run, "retrieval", "recall_at_k").path("mean").asDouble())
        .isCloseTo(mean, within(1e-9));
    assertThat(metric(run, "retrieval", "recall_at_k").path("count").asInt()).isEqualTo(20);
    assertThat(metric(run, "retrieval", "e2e").path("count").asInt()).isEqualTo(60);
    assertThat(metric(run, "retrieval", "requests_per_second").path("value").asDouble())
        .isPositive();
    assertThat(metric(run, "all", "recall_at_k").isMissingNode()).isTrue();
    assertThat(run.report().path("targets")).hasSize(4);
  }

  /** What CI runs of it: the bare command, with its own index of 20,000 vectors. */
  @Test
  void quickProfile_ofTheBareCommand_passes() {
    FinishedRun run =
        RunProcess.in(results)
            .simulation("llmload.simulations.RetrievalSimulation")
            .set("profile", "quick")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    // Each of the profile's 200 requests asks another query, and the first 100 are the sample.
    assertThat(run.count("ok")).isEqualTo(200);
    assertThat(metric(run, "retrieval", "recall_at_k").path("count").asInt()).isEqualTo(100);
    assertThat(metric(run, "retrieval", "recall_at_k").path("mean").asDouble())
        .isGreaterThanOrEqualTo(0.9);
    assertThat(metric(run, "retrieval", "e2e").path("count").asInt()).isEqualTo(200);
  }

  @Test
  void sizes_areAPartAndAScopeEach() {
    FinishedRun run =
        embedded()
            .set("retrieval.sizes", "200,400")
            .set("requests", 30)
            .set("retrieval.topK", 5)
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.count("planned")).isEqualTo(60);
    for (String scope : List.of("retrieval_200", "retrieval_400")) {
      assertThat(metric(run, scope, "e2e").path("count").asInt()).isEqualTo(30);
      assertThat(metric(run, scope, "recall_at_k").path("count").asInt()).isEqualTo(30);
    }
    assertThat(run.report().path("targets")).isEmpty();
  }

  @Test
  void otherServer_openLoadInItsDialect_hasNoRecallWithoutAGroundTruth() {
    try (EmbeddedServerProcess server = server()) {
      FinishedRun run =
          run()
              .set("retrieval.url", server.baseUrl())
              .set("retrieval.dialect", "qdrant")
              .set("retrieval.collection", "vectors_400")
              .set("rate", 40)
              .set("requests", 30)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.count("ok")).isEqualTo(30);
      assertThat(run.report().at("/target/dialect").asText()).isEqualTo("qdrant");
      assertThat(metric(run, "retrieval", "recall_at_k").path("notMeasured").asText())
          .isEqualTo("no search's exact neighbours were known");
      assertThat(run.console()).doesNotContain("is the collection there?");
    }
  }

  @Test
  void groundTruthFile_givesQueriesAndRecall() throws IOException {
    Path file = folder.resolve("truth.jsonl");
    String vector = "[1" + ",0".repeat(23) + "]";
    // No vector has these ids: the recall of the first is 0. Of the second it is not known to the
    // test, but each of its two requests has one.
    Files.writeString(
        file,
        "{\"vector\":%s,\"ids\":[\"a\",\"b\"]}%n{\"vector\":%s,\"ids\":[1,2]}%n"
            .formatted(vector, vector));
    try (EmbeddedServerProcess server = server()) {
      FinishedRun run =
          run()
              .set("retrieval.url", server.baseUrl())
              .set("retrieval.dialect", "elasticsearch")
              .set("retrieval.collection", "vectors_400")
              .set("retrieval.groundTruth", file)
              .set("retrieval.topK", 2)
              .set("requests", 4)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(metric(run, "retrieval", "recall_at_k").path("count").asInt()).isEqualTo(4);
      assertThat(metric(run, "retrieval", "recall_at_k").path("min").asDouble()).isZero();
    }
  }

  @Test
  void wrongDimensions_areTheServersRefusal() {
    try (EmbeddedServerProcess server = server()) {
      FinishedRun run =
          run()
              .set("retrieval.url", server.baseUrl())
              .set("retrieval.collection", "vectors_400")
              .set("retrieval.dimensions", 8)
              .set("requests", 5)
              .finish();

      // Nothing succeeded.
      assertThat(run.exitCode()).as(run.console()).isEqualTo(4);
      assertThat(run.report().at("/counts/byClass/HTTP_4XX").asInt()).isEqualTo(5);
      assertThat(run.requests("measure"))
          .allSatisfy(
              line ->
                  assertThat(line.path("message").asText())
                      .contains("vector: Expecting 24 numbers. Found: 8."));
    }
  }

  @Test
  void nobodyThere_isOneLineThatNamesTheSetting() {
    // Nothing listens on port 1.
    FinishedRun run = run().set("retrieval.url", "http://127.0.0.1:1").set("requests", 5).finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(6);
    assertThat(run.console())
        .contains("llm.retrieval.url: Expecting a server that answers. Found: no answer from ");
  }

  @Test
  void severalEndpoints_areRefused() {
    FinishedRun run = run().set("endpoints", "a=http://127.0.0.1:1,b=http://127.0.0.1:2").finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
    assertThat(run.console()).contains("since one server is searched. Found: 2 of them.");
  }

  @Test
  void wrongSettings_areToldTogether() {
    FinishedRun run =
        embedded()
            .set("retrieval.topK", 50)
            .set("retrieval.vectors", 20)
            .set("retrieval.candidates", 10)
            .set("retrieval.dialect", "faiss")
            .set("retrieval.collection", "docs")
            .set("retrieval.groundTruth", "nowhere.jsonl")
            .finish();

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.console())
        .contains(
            "llm.retrieval.topK: Expecting no more than the 20 vectors of the index. Found: 50.",
            "llm.retrieval.candidates: Expecting 50, which is retrieval.topK, or more. Found: 10.",
            "llm.retrieval.dialect: Expecting one of embedded, qdrant, qdrant-search, elasticsearch,"
                + " opensearch. Found: faiss.",
            "llm.retrieval.collection: Expecting vectors_20, as the embedded server calls it."
                + " Found: docs.",
            "nowhere.jsonl: Expecting a file. Found: no such file.");
  }
}
