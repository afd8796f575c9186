package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import llmload.testing.FinishedRun;
import llmload.testing.Fixtures;
import llmload.testing.ReceivedRequest;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache simulation against the bytes that a llama.cpp server answered. */
class SlotRecordingsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path results;

  private static Step recorded(String name) {
    return Steps.json(200, Fixtures.text("wire/llamacpp-" + name + ".json"));
  }

  private static List<Step> answer(ReceivedRequest request) {
    return List.of(
        switch (request.method() + " " + request.path()) {
          case "GET /v1/models" -> recorded("models");
          case "POST /slots/1?action=save" -> recorded("slot-save");
          case "POST /slots/1?action=erase" -> recorded("slot-erase");
          case "POST /slots/1?action=restore" -> recorded("slot-restore");
          case "POST /v1/chat/completions" -> recorded("chat-id-slot");
          default -> Steps.json(404, Fixtures.text("wire/llamacpp-error-unknown-route.json"));
        });
  }

  private static FinishedRun run(Path results, ScriptedServer server) {
    return RunProcess.in(results)
        .simulation("llmload.simulations.CacheResumeSimulation")
        .set("baseUrl", server.baseUrl())
        .set("stream", false)
        .set("warmUp", 0)
        .set("cache.dialect", "llama.cpp")
        .set("cache.slot", 1)
        .set("cache.sizes", "40")
        .set("cache.maxTokens", 4)
        .set("cache.repetitions", 1)
        .finish();
  }

  @Test
  void round_sendsTheRecordedRequests_andReadsTheRecordedAnswers() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.perRequest(SlotRecordingsIT::answer))) {
      FinishedRun run = run(results, server);

      List<ReceivedRequest> posts =
          server.requests().stream().filter(r -> r.method().equals("POST")).toList();
      String chat = "/v1/chat/completions";
      String erase = "/slots/1?action=erase";
      assertThat(posts)
          .as(run.console())
          .extracting(ReceivedRequest::path)
          .containsExactly(
              // The look at the server, the slot emptied, then cold, save, hot, unload, load, warm,
              // delete, and the end.
              erase,
              erase,
              chat,
              "/slots/1?action=save",
              chat,
              erase,
              "/slots/1?action=restore",
              chat,
              erase,
              erase);
      assertThat(posts).filteredOn(r -> r.path().equals(erase)).allMatch(r -> r.body().isEmpty());
      JsonNode saved = JSON.readTree(posts.get(3).body());
      assertThat(saved.path("filename").asText()).isNotEmpty();
      assertThat(JSON.readTree(posts.get(6).body())).isEqualTo(saved);
      assertThat(JSON.readTree(posts.get(2).body()).path("id_slot").asInt()).isEqualTo(1);
      assertThat(JSON.readTree(posts.get(2).body()).path("max_tokens").asInt()).isEqualTo(4);
      assertThat(run.count("ok")).isEqualTo(7);
      assertThat(run.requests("measure"))
          .filteredOn(line -> line.path("request").asText().equals("cold_40"))
          .singleElement()
          .satisfies(
              // As recorded: 57 and 4 tokens, 4 of them cached.
              line -> {
                assertThat(line.path("inputTokens").asInt()).isEqualTo(57);
                assertThat(line.path("outputTokens").asInt()).isEqualTo(4);
                assertThat(line.path("cachedTokens").asInt()).isEqualTo(4);
              });
    }
  }

  @Test
  void serverStartedWithoutAFolderForSlots_isRefusedBeforeTheFirstRequest() {
    Script refusing =
        Script.perRequest(
            request ->
                request.path().startsWith("/slots/")
                    ? List.of(Steps.json(501, "{\"error\":{\"code\":501}}"))
                    : answer(request));
    try (ScriptedServer server = ScriptedServer.start(refusing)) {
      FinishedRun run = run(results, server);

      assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
      assertThat(run.console())
          .contains(
              "llm.cache.dialect: Expecting a server with the session routes of llama.cpp. Found:"
                  + " status 501 for POST /slots/1?action=erase.");
      assertThat(server.requests()).noneMatch(r -> r.path().startsWith("/v1/chat"));
    }
  }
}
