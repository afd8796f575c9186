package llmload.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import llmload.testing.FinishedRun;
import llmload.testing.OpenAiFrames;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The profiles of llm-server's guide as loads that are really sent, at all their connections; only
 * their time is cut.
 */
class GuideProfilesIT {
  private static final Duration ANSWER = Duration.ofMillis(150);

  @TempDir private Path results;

  private RunProcess run(String simulation) {
    return RunProcess.in(results).simulation("llmload.simulations." + simulation);
  }

  private FinishedRun profiled(String simulation, String profile, String url) {
    FinishedRun run =
        run(simulation).set("profile", profile).set("baseUrl", url).set("duration", "2s").finish();
    assertThat(run.exitCode()).as(run.console()).isZero();
    return run;
  }

  private static Script answering(String body) {
    return Script.always(Steps.pause(ANSWER), Steps.json(200, body));
  }

  private static List<JsonNode> of(FinishedRun run, String request) {
    return run.requests("measure").stream()
        .filter(line -> line.path("request").asText().equals(request))
        .toList();
  }

  private static long users(List<JsonNode> requests) {
    return requests.stream().map(line -> line.path("user").asInt()).distinct().count();
  }

  @Test
  void health_isAskedForByTenConnectionsAtOnce() {
    try (ScriptedServer server =
        ScriptedServer.start(
            answering("{\"status\":200,\"description\":\"ok\",\"version\":\"0.1.0\"}"))) {
      FinishedRun run = profiled("HealthSimulation", "guide-health", server.baseUrl());

      assertThat(FinishedRun.mostOpen(of(run, "health"))).isEqualTo(10);
      assertThat(users(of(run, "health"))).isEqualTo(10);
      assertThat(run.report().at("/load/planned/users").asInt()).isEqualTo(10);
      assertThat(server.posts()).isZero();
    }
  }

  @Test
  void models_areListedByTenConnectionsAtOnce() {
    try (ScriptedServer server =
        ScriptedServer.start(answering(OpenAiFrames.models("llama3-8b-8192")))) {
      FinishedRun run = profiled("ModelsSimulation", "guide-models", server.baseUrl());

      assertThat(FinishedRun.mostOpen(of(run, "models"))).isEqualTo(10);
      assertThat(users(of(run, "models"))).isEqualTo(10);
      assertThat(server.posts()).isZero();
    }
  }

  @Test
  void batch_isFiftyPostsAtOnce_eachOfAtMost500TokensInOnePiece() throws IOException {
    Script script =
        Script.always(Steps.pause(ANSWER), Steps.json(200, OpenAiFrames.completion("yes", 12, 1)))
            .answeringGets(Steps.json(200, OpenAiFrames.models("llama3-8b-8192")));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      FinishedRun run = profiled("UnstructuredSimulation", "guide-batch", server.baseUrl());

      assertThat(FinishedRun.mostOpen(of(run, "unstructured"))).isEqualTo(50);
      assertThat(users(of(run, "unstructured"))).isEqualTo(50);
      assertThat(server.posts()).isGreaterThanOrEqualTo(50);
      for (String body : server.requestBodies()) {
        if (!body.isEmpty()) {
          JsonNode sent = new ObjectMapper().readTree(body);
          assertThat(sent.path("max_tokens").asInt()).isEqualTo(500);
          assertThat(sent.path("stream").asBoolean()).isFalse();
        }
      }
    }
  }

  @Test
  void wholeGuide_hasAllItsConnectionsAndConversations() {
    FinishedRun run =
        run("GuideSimulation")
            .set("engine", "simulated")
            // 500 tokens in half a second, so that fifty answers surely overlap.
            .set("engine.decodeStep", "1ms")
            .set("dialect", "llm-server-doc")
            .set("targets", "none")
            .set("guide.structured", 1)
            .set("guide.unstructured", 1)
            .set("guide.lookTime", "1s")
            .set("guide.batchTime", "1s")
            .set("guide.conversationPause", "0s")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(users(of(run, "health"))).isEqualTo(10);
    assertThat(users(of(run, "models"))).isEqualTo(10);
    assertThat(users(of(run, "batch"))).isEqualTo(50);
    assertThat(FinishedRun.mostOpen(of(run, "batch"))).isEqualTo(50);
    // 3 conversations of 3 turns, 2 of 5, 2 of 8; each by itself.
    assertThat(of(run, "conversation_short")).hasSize(9);
    assertThat(of(run, "conversation_medium")).hasSize(10);
    assertThat(of(run, "conversation_long")).hasSize(16);
    for (String kind : List.of("short", "medium", "long")) {
      assertThat(FinishedRun.mostOpen(of(run, "conversation_" + kind))).isOne();
    }
    assertThat(of(run, "conversation_long").stream().map(line -> line.path("session").asText()))
        .containsOnly("long_1", "long_2");
    // The limit is kept exactly.
    assertThat(of(run, "batch").stream().map(line -> line.path("outputTokens").asInt()))
        .allMatch(tokens -> tokens <= 500);
  }
}
