package llmload.telemetry.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.gpu.DcgmReader;
import llmload.telemetry.server.ServerReader;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;

class RangeQueryTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofSeconds(5);

  /** Two moments of one server, 1767225600 being the first, and one of a GPU. */
  private static final String ANSWER =
      """
      {"status":"success","data":{"resultType":"matrix","result":[
       {"metric":{"__name__":"vllm:num_requests_running","instance":"gpu:8000","job":"j","engine":"0"},
        "values":[[1767225600,"3"],[1767225605,"NaN"]]},
       {"metric":{"__name__":"vllm:generation_tokens_total","instance":"gpu:8000","engine":"0"},
        "values":[[1767225600,"100"],[1767225605,"164"]]},
       {"metric":{"__name__":"DCGM_FI_DEV_POWER_USAGE","instance":"gpu:9400","gpu":"0","UUID":"GPU-a"},
        "values":[[1767225602.5,"350.5"]]}]}}
      """;

  private static RangeQuery query(ScriptedServer server, String match) {
    return new RangeQuery(
        URI.create(server.baseUrl() + "/"),
        match,
        new PageFetch(HttpClient.newHttpClient()),
        instance -> List.of(new ServerReader(instance), new DcgmReader()));
  }

  @Test
  void whatPrometheusKept_becomesReadingsWithTheirStamps()
      throws SourceException, InterruptedException {
    try (ScriptedServer server = ScriptedServer.start(Script.always(Steps.json(200, ANSWER)))) {
      List<Reading> readings =
          query(server, "job=\"j\"").read(FROM, FROM.plusSeconds(10), 1_000, STEP, PATIENCE);

      assertThat(readings)
          .extracting(
              r -> r.source() + " " + r.labels().getOrDefault("url", "") + " " + r.takenNanos(0))
          .containsExactly("server gpu:8000 1000", "server gpu:8000 5000001000", "gpu  2500001000");
      assertThat(readings.get(0).value(TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(3);
      assertThat(readings.get(1).value(TelemetryId.REQUESTS_RUNNING_COUNT)).isNull();
      assertThat(readings.get(1).value(TelemetryId.GENERATION_TOKENS)).isEqualTo(164);
      assertThat(readings.get(2).value(TelemetryId.POWER_WATTS)).isEqualTo(350.5);
      String asked =
          URLDecoder.decode(
              server.requestHeads().get(0).lines().findFirst().orElseThrow(),
              StandardCharsets.UTF_8);
      assertThat(asked)
          .startsWith("GET /api/v1/query_range?query={__name__=~\"(vllm:")
          .contains(",job=\"j\"}&start=1767225600.000&end=1767225610.000&step=5.000 ");
    }
  }

  @Test
  void longRun_isAskedForInParts_eachMomentOnce() throws SourceException, InterruptedException {
    try (ScriptedServer server = ScriptedServer.start(Script.always(Steps.json(200, ANSWER)))) {
      List<Reading> unused =
          query(server, "").read(FROM, FROM.plusSeconds(1500), 0, STEP, PATIENCE);

      // 200 steps of 5 s are 1000 s: the second part begins one step behind the first's end.
      assertThat(server.requestHeads()).hasSize(2);
      assertThat(server.requestHeads().get(0)).contains("end=1767226600.000");
      assertThat(server.requestHeads().get(1))
          .contains("start=1767226605.000")
          .contains("end=1767227100.000");
    }
  }

  @Test
  void otherAnswers_areFaults() {
    assertThat(fault("{\"status\":\"error\",\"error\":\"bad query\"}"))
        .hasMessageContaining("bad query");
    assertThat(fault("<html>").reason()).isEqualTo(MissReason.NOT_METRICS);
    assertThat(fault("{\"status\":\"success\",\"data\":{\"result\":[]}}").reason())
        .isEqualTo(MissReason.NOTHING_KNOWN);
  }

  private static SourceException fault(String answer) {
    try (ScriptedServer server = ScriptedServer.start(Script.always(Steps.json(200, answer)))) {
      return catchThrowableOfType(
          SourceException.class,
          () -> query(server, "").read(FROM, FROM.plusSeconds(1), 0, STEP, PATIENCE));
    }
  }
}
