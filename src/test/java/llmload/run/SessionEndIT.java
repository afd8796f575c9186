package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run needs of a server's sessions before it begins, and what it leaves of them. */
class SessionEndIT {
  private static final Path ROOT = Path.of("").toAbsolutePath();

  @TempDir private Path results;

  private static int listed(EmbeddedServerProcess server) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/agents/list")).build();
    String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    JsonNode total = new ObjectMapper().readTree(body).path("total");
    assertThat(total.isInt()).as(body).isTrue();
    return total.asInt();
  }

  private RunProcess against(EmbeddedServerProcess server, String simulation, String prefix) {
    return RunProcess.in(results)
        .simulation("llmload.simulations." + simulation)
        .set("baseUrl", server.baseUrl())
        .set(prefix + ".dialect", "agent-memory")
        .set("warmUp", 1);
  }

  @Test
  void secondRun_measuresWhatTheFirstDid_sinceNoSessionIsLeft() throws Exception {
    // The warm-up's session and three more fit in memory: any that the first run left would make
    // room for the second's, so that memory would not grow by three.
    try (EmbeddedServerProcess server =
        EmbeddedServerProcess.start(
            ROOT,
            "simulated",
            Map.of(
                "prefillTokensPerSecond",
                "100000",
                "hotSessions",
                "4",
                "kvBytesPerToken",
                "2048",
                "sessionBlockTokens",
                "4096"))) {
      for (int i = 0; i < 2; i++) {
        FinishedRun run =
            against(server, "MemorySimulation", "memory")
                .set("memory.sessions", "1,3")
                .set("memory.readings", 1)
                .set("memory.settle", "50ms")
                .set("memory.maxTokens", 4)
                .finish();

        assertThat(run.exitCode()).as(run.console()).isZero();
        // A block of 4,096 tokens x 2,048 bytes is 8 MiB, and each session of some 1,000 takes one.
        assertThat(run.report().at("/metrics/sessions_3/memory_per_agent/value").asDouble())
            .as(run.console())
            .isEqualTo(8);
        assertThat(listed(server)).isZero();
      }
      FinishedRun agents =
          against(server, "AgentBatchingSimulation", "agents")
              .set("agents.counts", "1,2")
              .set("agents.requestsPerAgent", 1)
              .set("agents.maxTokens", 4)
              .finish();
      assertThat(agents.count("ok")).as(agents.console()).isEqualTo(3);
      assertThat(listed(server)).isZero();
      FinishedRun soak =
          against(server, "SoakSimulation", "soak").set("requests", 5).set("users", 2).finish();
      assertThat(soak.count("ok")).as(soak.console()).isEqualTo(5);
      assertThat(listed(server)).isZero();
    }
  }

  @Test
  void engineWithoutSessions_andPromptsBeyondItsContext_areToldAtOnce() {
    FinishedRun run =
        RunProcess.in(results)
            .simulation("llmload.simulations.CacheResumeSimulation")
            .set("engine", "llama")
            .set("cache.dialect", "agent-memory")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
    // The largest of the default sizes is 8,000, with an answer of 50; the model has 2,048.
    assertThat(run.console().lines())
        .anyMatch(
            line ->
                line.startsWith("llmload: llm.cache.sizes: Expecting requests that fit the 2048")
                    && line.contains("Found: 8050 tokens"))
        .anyMatch(
            line ->
                line.contains("llm.cache.dialect: Expecting a server with the session routes")
                    && line.contains("Found: status 501 for GET /v1/agents/list.")
                    && line.endsWith("set -Dllm.engine=simulated."));
    assertThat(run.results().resolve("latest/requests.jsonl")).doesNotExist();
  }
}
