package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.config.Redactor;
import llmload.config.Secret;
import llmload.model.RequestRecord;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 49: a key that the server echoes, wherever it can, is in no record and no statistics. */
class CanaryIT extends FaultContract {
  private static final String KEY = "sk-canary-0123456789/abcdef+XYZ";
  private static final String PART = "sk-canary";

  /** Texts that would be cut inside the key if they were cut before the key is taken out. */
  static List<Step> echoes() {
    String said = "Bearer " + KEY + " is not known";
    String deep = "x".repeat(180) + KEY + " is not known";
    String deeper = "x".repeat(470) + KEY;
    return List.of(
        Steps.json(401, OpenAiFrames.errorBody(said, "auth")),
        Steps.json(401, OpenAiFrames.errorBody(deep, "auth")),
        Steps.json(401, OpenAiFrames.errorBody(deeper, "auth")),
        Steps.json(401, OpenAiFrames.errorBody(said.replace("/", "\\/"), "auth")),
        Steps.text(500, "text/html", "<p>" + deep),
        Steps.text(200, "text/html", deep),
        Steps.text(200, "text/html; key=" + KEY, "no"),
        Steps.json(429, said, "Retry-After: " + KEY),
        Steps.json(429, said, "Retry-After: " + "9".repeat(60) + KEY),
        Steps.json(302, "", "Location: http://127.0.0.1/?key=" + KEY),
        streamed(OpenAiFrames.error(said)),
        streamed(OpenAiFrames.content("a"), OpenAiFrames.error(deep)),
        streamed("data: nonsense " + deep + "\n\n"),
        streamed(
            OpenAiFrames.content("a"),
            OpenAiFrames.finish(KEY),
            OpenAiFrames.usage(1, 1),
            OpenAiFrames.done()),
        Steps.raw("HTTP/1.1 " + KEY + "\r\n\r\n"),
        Steps.raw(KEY + KEY + "\r\n\r\n"));
  }

  private static Step streamed(String first, String... more) {
    return Steps.sequence(
        Steps.sse(), Steps.chunk(first), Steps.chunks(List.of(more)), Steps.lastChunk());
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void row49_echoedKey_isInNoRecord(Step echo) throws IOException {
    Redactor redactor = Redactor.of(List.of(new Secret(KEY)));
    try (ScriptedServer server = ScriptedServer.start(Script.always(echo));
        ProtocolHarness harness =
            ProtocolHarness.to(
                server.baseUrl(),
                http -> http.authorizationHeader("Bearer " + KEY),
                llm -> llm.timeouts(PATIENT),
                redactor::redact)) {
      RequestRecord record =
          harness.send(chat().check(LlmDsl.finishReason().in("stop")), 1, Map.of());
      harness.awaitOnward();
      harness.finish();

      assertThat(server.requests().get(0).header("Authorization")).hasValue("Bearer " + KEY);
      assertThat(record.outcome().isFailed()).isTrue();
      assertThat(record.toString()).doesNotContain(PART);
      assertThat(harness.logged().toString()).doesNotContain(PART);
      try (Stream<Path> files = Files.list(harness.folder())) {
        for (Path file : files.toList()) {
          assertThat(Files.readString(file)).as("%s", file).doesNotContain(PART);
        }
      }
    }
  }
}
