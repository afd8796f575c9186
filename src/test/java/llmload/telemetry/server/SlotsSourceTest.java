package llmload.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.testing.Fixtures;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A llama.cpp server over HTTP: each look asks for its metrics, then for its slots. */
@Timeout(60)
class SlotsSourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Step METRICS = page(Fixtures.text("telemetry/llamacpp.prom"));
  private static final Step SLOTS = json(200, Fixtures.text("telemetry/llamacpp-slots.json"));

  private final PageFetch fetch = new PageFetch();

  private static Step page(String text) {
    return Steps.text(200, "text/plain; version=0.0.4", text);
  }

  private static Step json(int status, String text) {
    return Steps.text(status, "application/json; charset=utf-8", text);
  }

  private SlotsSource source(ScriptedServer server, String path) {
    URI metrics = URI.create(server.baseUrl() + path);
    return new SlotsSource(
        new ExpositionSource(
            "server", metrics, Map.of(), fetch, new ServerReader(metrics.toString())),
        new SlotsSource.Place(
            SlotsSource.Place.beside(metrics), "http://gpu/slots", Map.of("X-Team", "a")),
        fetch,
        System::nanoTime);
  }

  @Test
  void busySlots_giveWhatTheCacheHolds() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.inTurn(List.of(METRICS), List.of(SLOTS)))) {
      List<Reading> readings = source(server, "/metrics?model=m").read(PATIENCE);

      assertThat(server.requestHeads().get(1))
          .startsWith("GET /slots?model=m ")
          .containsIgnoringCase("X-Team: a");
      Reading slots = readings.get(0);
      assertThat(slots.labels())
          .containsEntry("engine", "llama.cpp")
          .containsEntry("kvUsed", "estimate");
      // Of two slots of 8192 tokens one is busy: 1812 of its prompt, 111 decoded.
      assertThat(slots.value(TelemetryId.KV_USED_TOKENS)).isEqualTo(1_923);
      assertThat(slots.value(TelemetryId.KV_CAPACITY_TOKENS)).isEqualTo(16_384);
      assertThat(slots.value(TelemetryId.KV_USED_RATIO)).isEqualTo(1_923 / 16_384.0);
      assertThat(slots.value(TelemetryId.SLOTS_COUNT)).isEqualTo(2);
      assertThat(slots.value(TelemetryId.SLOTS_BUSY_COUNT)).isEqualTo(1);
      assertThat(slots.value(TelemetryId.SLOTS_PROMPT_TOKENS)).isEqualTo(1_812);
      assertThat(slots.value(TelemetryId.SLOTS_DECODED_TOKENS)).isEqualTo(111);
      assertThat(slots.value(TelemetryId.REQUESTS_RUNNING_COUNT)).isNotNull();
      assertThat(readings.get(1).labels()).containsEntry("of", "slots http://gpu/slots");
      assertThat(readings.get(1).value(TelemetryId.TAKEN_COUNT)).isEqualTo(1);
    }
  }

  @Test
  void neverUsedSlots_asRecorded_holdNothing_andAPromptIsNowhere()
      throws SourceException, InterruptedException {
    // The first two slots of a recorded answer, which is cut after them, and one with a prompt.
    String text =
        """
        [{"id":0,"n_ctx":2048,"speculative":false,"is_processing":false},\
        {"id":1,"n_ctx":2048,"speculative":false,"is_processing":false,"id_task":296,\
        "n_prompt_tokens":6,"n_prompt_tokens_processed":0,"n_prompt_tokens_cache":0},\
        {"id":2,"n_ctx":2048,"is_processing":true,"prompt":"my secret"}]""";
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.inTurn(
                List.of(METRICS),
                List.of(
                    json(
                        200,
                        text.replace(",\"prompt\":\"my secret\"", "").replace("true", "false"))),
                List.of(METRICS),
                List.of(json(200, text)),
                List.of(METRICS),
                List.of(json(200, text + "my secret"))))) {
      SlotsSource source = source(server, "/metrics");

      assertThat(source.read(PATIENCE).get(0).value(TelemetryId.KV_USED_TOKENS)).isZero();
      List<Reading> busy = source.read(PATIENCE);
      // A busy slot that does not say how much it holds makes the sum unknown.
      assertThat(busy.get(0).value(TelemetryId.KV_USED_TOKENS)).isNull();
      assertThat(busy.get(0).value(TelemetryId.SLOTS_BUSY_COUNT)).isEqualTo(1);
      assertThat(busy.toString()).doesNotContain("secret");
      assertThat(source.read(PATIENCE).toString()).doesNotContain("secret");
    }
  }

  @Test
  void refusal_isToldOnce_andEndsTheAsking() throws SourceException, InterruptedException {
    String refusal =
        "{\"error\":{\"code\":501,\"message\":\"This server does not support slots endpoint.\"}}";
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.inTurn(List.of(METRICS), List.of(json(501, refusal)), List.of(METRICS)))) {
      SlotsSource source = source(server, "/metrics");

      List<Reading> first = source.read(PATIENCE);
      List<Reading> second = source.read(PATIENCE);

      assertThat(first).hasSize(2);
      assertThat(first.get(1).labels())
          .containsEntry("reason", "NOT_AVAILABLE")
          .containsEntry("message", "HTTP 501: the server does not tell its slots");
      assertThat(second).hasSize(1);
      assertThat(second.get(0).value(TelemetryId.KV_USED_TOKENS)).isNull();
      assertThat(server.requestHeads()).hasSize(3);
    }
  }

  @Test
  void failure_costsTheSlotsAlone_andIsCounted() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.inTurn(
                List.of(METRICS), List.of(json(503, "{}")), List.of(METRICS), List.of(SLOTS)))) {
      SlotsSource source = source(server, "/metrics");

      List<Reading> first = source.read(PATIENCE);

      assertThat(first.get(0).value(TelemetryId.REQUESTS_RUNNING_COUNT)).isNotNull();
      assertThat(first.get(1).labels()).containsEntry("reason", "NOT_READY");
      assertThat(first.get(1).value(TelemetryId.MISSED_COUNT)).isEqualTo(1);
      assertThat(source.read(PATIENCE).get(0).value(TelemetryId.KV_USED_TOKENS)).isEqualTo(1_923);
    }
  }

  @Test
  void otherServers_areNotAsked() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.always(page(Fixtures.text("telemetry/vllm.prom"))))) {
      assertThat(source(server, "/metrics").read(PATIENCE)).hasSize(1);
      assertThat(server.requestHeads()).hasSize(1);
    }
  }
}
