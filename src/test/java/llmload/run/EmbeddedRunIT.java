package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on the real model that ships with the project. */
class EmbeddedRunIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path results;

  @Test
  void bareCommand_chatsFiftyTimesWithTheRealModel() {
    FinishedRun run = RunProcess.in(results).set("maxTokens", 16).finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(run.count("ok")).isEqualTo(50);
    assertThat(run.report().at("/target/engine").asText()).isEqualTo("llama");
    assertThat(run.report().at("/tokenSources/usage").asLong()).isEqualTo(50);
    assertThat(run.requests("measure"))
        .allSatisfy(
            line -> {
              assertThat(line.path("outputTokens").asInt()).isBetween(1, 16);
              assertThat(line.path("inputTokens").asInt()).isPositive();
              assertThat(line.path("tokenCountSource").asText()).isEqualTo("usage");
              int counted = 0;
              for (JsonNode tokens : line.path("chunkTokens")) {
                counted += tokens.asInt();
              }
              // The token that ends an answer is in the usage and has no text.
              assertThat(line.path("outputTokens").asInt() - counted).isBetween(0, 1);
            });
  }

  @Test
  void smokeRun_measuresEveryKind_andEachStructuredAnswerFitsItsSchema() {
    FinishedRun run =
        RunProcess.in(results).simulation("llmload.simulations.SmokeSimulation").finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(run.verdict("grade")).isNotEqualTo("NOT_GRADED");
    assertThat(run.count("ok")).isEqualTo(50);
    List<String> scopes = new ArrayList<>();
    run.report().path("metrics").fieldNames().forEachRemaining(scopes::add);
    assertThat(scopes)
        .contains("all", "health", "models", "structured", "unstructured")
        .contains("unstructured_whole", "conversation", "batch");
    // Of 50: 2 look at the health, 2 at the models, 12 are structured.
    assertThat(run.metric("e2e").path("count").asLong()).isEqualTo(46);
    assertThat(run.metric("schema_compliance").path("value").asDouble()).isEqualTo(1);
    List<JsonNode> structured =
        run.requests("measure").stream()
            .filter(line -> line.path("request").asText().equals("structured"))
            .toList();
    assertThat(structured).hasSize(12).allMatch(line -> line.path("schemaValid").asBoolean());
    assertThat(structured)
        .extracting(line -> line.at("/tags/schemaShape").asText())
        .containsOnly("simple", "nested", "array");
  }

  @Test
  void usage_isWithinOneOfTheTextEncodedAgain() throws IOException, InterruptedException {
    try (EmbeddedServerProcess server =
        EmbeddedServerProcess.start(ProjectFolder.find(), "llama", Map.of())) {
      JsonNode reply =
          post(
              server.baseUrl() + "/v1/completions",
              Map.of(
                  "model",
                  "tiny-kjv",
                  "prompt",
                  "In the beginning",
                  "max_tokens",
                  24,
                  "temperature",
                  0));
      String text = reply.at("/choices/0/text").asText();
      assertThat(text).isNotBlank();
      JsonNode tokens = post(server.baseUrl() + "/tokenize", Map.of("content", text));

      assertThat(tokens.path("tokens").size())
          .isBetween(
              reply.at("/usage/completion_tokens").asInt() - 1,
              reply.at("/usage/completion_tokens").asInt() + 1);
    }
  }

  private static JsonNode post(String url, Map<String, ?> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
