package llmload.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.gpu.DcgmReader;
import llmload.telemetry.server.ServerReader;
import llmload.testing.Fixtures;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exporters over real HTTP, the healthy and the sick. */
@Timeout(120)
class ExpositionSourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String VLLM = Fixtures.text("telemetry/vllm.prom");

  private final PageFetch fetch = new PageFetch();

  private TelemetrySource source(String url) {
    return new ExpositionSource(
        "server", URI.create(url), Map.of("X-Team", "a"), fetch, new ServerReader(url));
  }

  private SourceException fault(Duration deadline, Step... steps) {
    try (ScriptedServer server = ScriptedServer.start(Script.always(steps))) {
      return fault(source(server.baseUrl() + "/metrics"), deadline);
    }
  }

  private static SourceException fault(TelemetrySource source, Duration deadline) {
    return catchThrowableOfType(SourceException.class, () -> source.read(deadline));
  }

  @Test
  void page_isReadOverHttp_withTheHeadersGiven() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.always(Steps.text(200, PROMETHEUS, VLLM)))) {
      List<Reading> readings = source(server.baseUrl() + "/metrics").read(PATIENCE);

      assertThat(readings.get(0).value(TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(41);
      assertThat(server.requestHeads().get(0))
          .startsWith("GET /metrics")
          .containsIgnoringCase("X-Team: a")
          .containsIgnoringCase("version=0.0.4");
    }
  }

  @Test
  void counterThatStartsAnew_isWrittenAsItIs() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.inTurn(
                List.of(Steps.text(200, PROMETHEUS, "vllm:generation_tokens_total 900\n")),
                List.of(Steps.text(200, PROMETHEUS, "vllm:generation_tokens_total 12\n"))))) {
      TelemetrySource source = source(server.baseUrl());

      assertThat(source.read(PATIENCE).get(0).value(TelemetryId.GENERATION_TOKENS)).isEqualTo(900);
      assertThat(source.read(PATIENCE).get(0).value(TelemetryId.GENERATION_TOKENS)).isEqualTo(12);
    }
  }

  @Test
  void nobodyThere_isUnreachable() {
    SourceException fault =
        fault(source("http://127.0.0.1:" + ScriptedServer.closedPort()), PATIENCE);

    assertThat(fault.reason()).isEqualTo(MissReason.UNREACHABLE);
    assertThat(fault.isLasting()).isFalse();
  }

  @Test
  void answerThatDoesNotCome_orNeverEnds_isATimeout() {
    assertThat(fault(SHORT, Steps.hang()).reason()).isEqualTo(MissReason.TIMEOUT);
    // The head is there at once; a deadline on the head alone would wait for ever.
    assertThat(
            fault(
                    SHORT,
                    Steps.head(200, "Content-Type: text/plain", "Transfer-Encoding: chunked"),
                    Steps.forever(Steps.chunk("# x\n"), Steps.pause(Duration.ofMillis(20))))
                .reason())
        .isEqualTo(MissReason.TIMEOUT);
  }

  @Test
  void hundredMegabytes_areBrokenOff() {
    byte[] line = "some_metric{a=\"b\"} 1\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.always(
                Steps.head(200, "Content-Type: text/plain", "Transfer-Encoding: chunked"),
                Steps.repeat(1_000, Steps.chunk(line)),
                Steps.lastChunk()))) {
      SourceException fault = fault(source(server.baseUrl()), PATIENCE);

      assertThat(fault.reason()).isEqualTo(MissReason.TOO_LARGE);
      assertThat(fault).hasMessageContaining("16777216 bytes");
    }
  }

  @Test
  void htmlAndJsonAndStatus_areRefusedPlainly() {
    assertThat(fault(PATIENCE, Steps.text(200, "text/html; charset=utf-8", "vllm:x 1")))
        .hasMessageContaining("HTML")
        .extracting(SourceException::reason)
        .isEqualTo(MissReason.NOT_METRICS);
    assertThat(fault(PATIENCE, Steps.text(200, "text/plain", "\n<!DOCTYPE html><p>Sign in</p>")))
        .hasMessageContaining("HTML");
    assertThat(fault(PATIENCE, Steps.json(200, "[{\"kvCacheStats\":{\"usedNumBlocks\":3}}]")))
        .hasMessageContaining("application/json")
        .extracting(SourceException::reason)
        .isEqualTo(MissReason.NOT_METRICS);
    assertThat(fault(PATIENCE, Steps.text(403, "text/plain", "no")))
        .hasMessage("HTTP 403")
        .extracting(SourceException::reason)
        .isEqualTo(MissReason.HTTP_STATUS);
    assertThat(fault(PATIENCE, Steps.text(200, "text/plain", "go_goroutines 7\n")))
        .hasMessageContaining("go_goroutines")
        .extracting(SourceException::reason)
        .isEqualTo(MissReason.NOTHING_KNOWN);
  }

  @Test
  void gzipThatNobodyAskedFor_isUnpacked() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.always(Steps.gzipSse(List.of(VLLM))))) {
      assertThat(
              source(server.baseUrl())
                  .read(PATIENCE)
                  .get(0)
                  .value(TelemetryId.REQUESTS_RUNNING_COUNT))
          .isEqualTo(41);
    }
  }

  @Test
  void gpuExporter_isReadTheSameWay() throws SourceException, InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.always(Steps.text(200, PROMETHEUS, Fixtures.text("telemetry/dcgm.prom"))))) {
      TelemetrySource source =
          new ExpositionSource(
              "gpu", URI.create(server.baseUrl()), Map.of(), fetch, new DcgmReader());

      assertThat(source.read(PATIENCE)).hasSize(2);
    }
  }
}
