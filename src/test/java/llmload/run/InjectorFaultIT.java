package llmload.run;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static llmload.protocol.LlmDsl.llm;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.testing.BlockedLoopSimulation;
import llmload.testing.ChatScripts;
import llmload.testing.FinishedRun;
import llmload.testing.OpenAiFrames;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults on the injector's own side: the report must tell, and must not tell secrets. */
class InjectorFaultIT {
  @TempDir private Path results;

  /** Crashes Gatling: its feeder holds three records, and its user asks for a fourth. */
  public static final class Crashing extends LlmSimulation {
    /** Builds the load; Gatling makes the instance. */
    public Crashing() {
      List<Map<String, Object>> records =
          List.of(Map.of("prompt", "one"), Map.of("prompt", "two"), Map.of("prompt", "three"));
      setUp(
              scenario("chat")
                  .repeat(10)
                  .on(feed(listFeeder(records)).exec(llm("chat").user("#{prompt}")))
                  .injectOpen(atOnceUsers(1)))
          .protocols(llmProtocol());
    }
  }

  /** Fails in its own constructor, after the run has begun. */
  public static final class Unbuildable extends LlmSimulation {
    /** Never comes to a scenario. */
    public Unbuildable() {
      throw new IllegalStateException("no scenario could be built");
    }
  }

  @Test
  void eventLoop_blockedFor500Millis_isNotValidAndSaysSo() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(5)))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("requests", 10)
              .set("warmUp", 0)
              .set("targets", "none")
              .set("validity.eventLoopLag", 150)
              .simulation(BlockedLoopSimulation.class.getName())
              .finish();

      // Invalid from 2.5 times the limit, which is 375 ms.
      assertThat(run.verdict("validity")).as(run.console()).isEqualTo("INVALID");
      assertThat(run.exitCode()).isEqualTo(4);
      assertThat(run.report().at("/injector/eventLoopLagMaxMillis").asDouble())
          .isGreaterThanOrEqualTo(450);
      assertThat(run.report().at("/verdict/validityReasons").toString())
          .contains("event loop stood still");
      assertThat(run.count("ok")).isEqualTo(10);
    }
  }

  @Test
  void gatling_crashedInAScenario_isPartial() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(5)))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .simulation(Crashing.class.getName())
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(4);
      assertThat(run.verdict("validity")).isEqualTo("PARTIAL");
      assertThat(run.report().at("/verdict/validityReasons").toString()).contains("crash");
      assertThat(run.count("ok")).isEqualTo(3);
      assertThat(server.posts()).isEqualTo(3);
    }
  }

  @Test
  void simulation_failedInItsConstructor_measuredNothing() throws IOException {
    // Gatling's folder of a run before, which must not be taken for this run's.
    Path old = results.resolve("gatling/unbuildable-20200101000000000");
    Files.createDirectories(old);
    Files.writeString(old.resolve("index.html"), "another run's report");
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(5)))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .simulation(Unbuildable.class.getName())
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(4);
      assertThat(run.verdict("validity")).isEqualTo("NO_DATA");
      assertThat(run.report().at("/verdict/validityReasons").toString()).contains("crash");
      assertThat(run.folder().resolve("gatling")).doesNotExist();
      assertThat(run.console()).contains("no scenario could be built");
    }
  }

  @Test
  void secrets_echoedByTheServer_areInNoFileAndNotOnTheConsole() throws IOException {
    String key = "sk-canary-4711-abcdefgh";
    String header = "tenant-canary-0815-ijkl";
    String echo =
        OpenAiFrames.errorBody("key Bearer %s of %s is bad".formatted(key, header), "auth");
    List<String> heads = new ArrayList<>();
    Script script =
        request -> {
          heads.add(request.head());
          return switch (request.index() % 3) {
            case 0 -> List.of(Steps.json(401, echo, "X-Echo: " + key, "Server: " + header));
            case 1 ->
                List.of(
                    Steps.sse(),
                    Steps.chunk(OpenAiFrames.role()),
                    Steps.chunk(OpenAiFrames.event(echo)),
                    Steps.lastChunk());
            default -> List.of(Steps.text(200, "text/" + key, "no stream " + key));
          };
        };
    try (ScriptedServer server = ScriptedServer.start(script)) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("requests", 12)
              .set("warmUp", 0)
              .environment("LLM_API_KEY", key)
              .environment("LLM_HEADERS", "X-Tenant: " + header)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(4);
      assertThat(run.count("failed")).isEqualTo(12);
      // Both were sent, so that the server had something to echo.
      assertThat(heads).allMatch(head -> head.contains("Bearer " + key) && head.contains(header));
      assertThat(run.console()).doesNotContain(key).doesNotContain(header);
      try (Stream<Path> files = Files.walk(results)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(key)
              .doesNotContain(header);
        }
      }
    }
  }
}
