package llmload.telemetry.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
        new PageFetch(),
        instance -> List.of(new ServerReader(instance), new DcgmReader()));
  }

  /** A clock that was never measured. */
  private static PrometheusClock unmeasured(ScriptedServer server) {
    return new PrometheusClock(
        URI.create(server.baseUrl()), "prometheus", new PageFetch(), () -> 0L, FROM, 0);
  }

  @Test
  void clockThatIsAhead_isAskedInItsOwnTime_andMovesNoStamp()
      throws SourceException, InterruptedException {
    // At 2 s of the run's clock, which began at FROM, the server says FROM + 92 s.
    String time = "{\"status\":\"success\",\"data\":{\"result\":[1767225692.0,\"1767225692\"]}}";
    String answer =
        """
        {"status":"success","data":{"resultType":"matrix","result":[
         {"metric":{"__name__":"vllm:num_requests_running","instance":"gpu:8000"},
          "values":[[1767225690,"3"],[1767225695,"4"]]}]}}
        """;
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.perRequest(
                request ->
                    List.of(
                        Steps.json(
                            200, request.head().contains("query=time()") ? time : answer))))) {
      PrometheusClock clock =
          new PrometheusClock(
              URI.create(server.baseUrl()),
              "prometheus",
              new PageFetch(),
              () -> 2_000_000_000L,
              FROM,
              0);
      Reading offset = clock.ask(PATIENCE);
      List<Reading> readings =
          query(server, "").read(FROM, FROM.plusSeconds(10), 0, clock, STEP, PATIENCE);

      // 90 s, and the half of the millisecond that the server may have dropped.
      assertThat(offset.value(TelemetryId.CLOCK_OFFSET_MS)).isEqualTo(90_000.5);
      assertThat(offset.value(TelemetryId.CLOCK_UNCERTAINTY_MS)).isEqualTo(0.5);
      assertThat(offset.labels()).containsEntry("of", "prometheus");
      assertThat(readings)
          .extracting(r -> r.takenNanos(0))
          .containsExactly(-500_000L, 4_999_500_000L);
      assertThat(server.requestHeads().get(3)).contains("start=1767225690.00", "end=1767225700.00");
    }
  }

  @Test
  void offset_liesOnALineBetweenTwoMeasurements() throws SourceException, InterruptedException {
    Queue<Long> clock =
        new ArrayDeque<>(List.of(0L, 0L, 0L, 0L, 0L, 0L, 10L, 10L, 10L, 10L, 10L, 10L));
    AtomicInteger asked = new AtomicInteger();
    // 1 s ahead at 0 s; at 10 s 2 s ahead.
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.perRequest(
                request ->
                    List.of(
                        Steps.json(
                            200,
                            asked.incrementAndGet() <= 3
                                ? "{\"data\":{\"result\":[1767225601]}}"
                                : "{\"data\":{\"result\":[1767225612]}}"))))) {
      PrometheusClock source =
          new PrometheusClock(
              URI.create(server.baseUrl()),
              "p",
              new PageFetch(),
              () -> Objects.requireNonNull(clock.poll()) * 1_000_000_000L,
              FROM,
              0);
      assertThat(source.offsetNanos(5)).isZero();
      source.ask(PATIENCE);
      source.ask(PATIENCE);

      assertThat(source.offsetNanos(-1)).isEqualTo(1_000_500_000L);
      assertThat(source.offsetNanos(5_000_000_000L)).isEqualTo(1_500_500_000L);
      assertThat(source.offsetNanos(20_000_000_000L)).isEqualTo(2_000_500_000L);
    }
  }

  @Test
  void clock_isAskedEachTenSeconds_andAgainAtOnceWhileThereIsNoAnswer()
      throws SourceException, InterruptedException {
    AtomicLong clock = new AtomicLong();
    AtomicInteger asked = new AtomicInteger();
    String time = "{\"data\":{\"result\":[1767225600]}}";
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.perRequest(
                request -> List.of(Steps.json(200, asked.incrementAndGet() <= 2 ? "[]" : time))))) {
      PrometheusClock source =
          new PrometheusClock(
              URI.create(server.baseUrl()), "p", new PageFetch(), clock::get, FROM, 0);

      for (int i = 0; i < 2; i++) {
        assertThat(catchThrowableOfType(SourceException.class, () -> source.read(PATIENCE)))
            .extracting(SourceException::reason)
            .isEqualTo(MissReason.NOT_METRICS);
      }
      assertThat(source.read(PATIENCE)).hasSize(1);
      clock.set(9_999_999_999L);
      assertThat(source.read(PATIENCE)).isEmpty();
      clock.set(10_000_000_000L);
      assertThat(source.read(PATIENCE)).hasSize(1);
    }
  }

  @Test
  void whatPrometheusKept_becomesReadingsWithTheirStamps()
      throws SourceException, InterruptedException {
    try (ScriptedServer server = ScriptedServer.start(Script.always(Steps.json(200, ANSWER)))) {
      List<Reading> readings =
          query(server, "job=\"j\"")
              .read(FROM, FROM.plusSeconds(10), 1_000, unmeasured(server), STEP, PATIENCE);

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
          query(server, "")
              .read(FROM, FROM.plusSeconds(1500), 0, unmeasured(server), STEP, PATIENCE);

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
          () ->
              query(server, "")
                  .read(FROM, FROM.plusSeconds(1), 0, unmeasured(server), STEP, PATIENCE));
    }
  }
}
