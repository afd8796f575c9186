package llmload.telemetry.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.gpu.DcgmReader;
import llmload.telemetry.server.ServerReader;
import llmload.testing.Script;
import llmload.testing.ScriptedPrometheus;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Prometheus server over HTTP, whose clock says 2026 at 0 of the run's. */
class KeptSamplesTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final long FROM_MILLIS = 1_767_225_600_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Map<String, String> VLLM =
      Map.of("instance", "gpu:8000", "job", "j", "engine", "0");

  private final List<Reading> readings = new ArrayList<>();

  private static KeptSamples samples(ScriptedServer server, String match) {
    return new KeptSamples(
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

  private static KeptSamples.Stretch seconds(long length) {
    return new KeptSamples.Stretch(FROM, 0, Duration.ofSeconds(length));
  }

  /** A server whose clock stands that far behind the year's begin. */
  private static ScriptedPrometheus at(Duration now, Duration scrape, boolean leftClosed) {
    return new ScriptedPrometheus(
        () -> FROM_MILLIS + now.toMillis(), scrape.toMillis(), leftClosed);
  }

  private List<Long> stampsMillis() {
    return readings.stream().map(reading -> reading.takenNanos(-1) / NANOS_PER_MILLI).toList();
  }

  /** What was asked, decoded, the question and the time. */
  private static List<String> asked(ScriptedServer server) {
    return server.requestHeads().stream()
        .map(head -> URLDecoder.decode(head.lines().findFirst().orElse(""), StandardCharsets.UTF_8))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachScrape_isOneReading_alsoAtTheBordersOfParts(boolean leftClosed)
      throws SourceException, InterruptedException {
    // 100 tokens each scrape.
    ScriptedPrometheus prometheus =
        at(Duration.ofSeconds(600), Duration.ofSeconds(5), leftClosed)
            .series("vllm:generation_tokens_total", VLLM, at -> (at - FROM_MILLIS) / 50.0);
    try (ScriptedServer server = ScriptedServer.start(prometheus)) {
      samples(server, "").read(seconds(600), unmeasured(server), PATIENCE, readings::add);

      // After the begin, up to the end: 5, 10 ... 600 s.
      assertThat(stampsMillis())
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, 120).map(i -> 5_000 * i).boxed().toList());
      assertThat(readings)
          .extracting(reading -> reading.value(TelemetryId.GENERATION_TOKENS))
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, 120).mapToObj(i -> 100.0 * i).toList());
      // Answers are small, so that the parts double: up to 60, 180, 420 and 601 s.
      assertThat(asked(server))
          .satisfiesExactly(
              one -> assertThat(one).contains("}[60000ms]&time=1767225660.000 "),
              two -> assertThat(two).contains("}[120000ms]&time=1767225780.000 "),
              three -> assertThat(three).contains("}[240000ms]&time=1767226020.000 "),
              four -> assertThat(four).contains("}[181000ms]&time=1767226201.000 "));
    }
  }

  @Test
  void clockThatIsAhead_isAskedInItsOwnTime_andMovesNoStamp()
      throws SourceException, InterruptedException {
    // At 2 s of the run's clock, which began at FROM, the server says FROM + 92 s.
    ScriptedPrometheus prometheus =
        at(Duration.ofSeconds(92), Duration.ofSeconds(1), false)
            .series("vllm:num_requests_running", VLLM, at -> 3.0);
    try (ScriptedServer server = ScriptedServer.start(prometheus)) {
      PrometheusClock clock =
          new PrometheusClock(
              URI.create(server.baseUrl()),
              "prometheus",
              new PageFetch(),
              () -> 2_000_000_000L,
              FROM,
              0);
      Reading offset = clock.ask(PATIENCE);
      samples(server, "").read(seconds(2), clock, PATIENCE, readings::add);

      // 90 s, and the half of the millisecond that the server may have dropped.
      assertThat(offset.value(TelemetryId.CLOCK_OFFSET_MS)).isEqualTo(90_000.5);
      assertThat(offset.value(TelemetryId.CLOCK_UNCERTAINTY_MS)).isEqualTo(0.5);
      assertThat(offset.labels()).containsEntry("of", "prometheus");
      // Its 91 and 92 s; up to a second more is asked, but it is not yet there.
      assertThat(readings)
          .extracting(r -> r.takenNanos(0))
          .containsExactly(999_500_000L, 1_999_500_000L);
      assertThat(asked(server).get(3)).contains("[3000ms]&time=1767225693.000 ");
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
  void whatPrometheusKept_becomesReadingsOfEachInstance()
      throws SourceException, InterruptedException {
    // A server with two series, one of which is not a number at 10 s, and which was down at 15 s; a
    // GPU; what is not known; and what is not asked for.
    ScriptedPrometheus prometheus =
        at(Duration.ofSeconds(20), Duration.ofSeconds(5), false)
            .series(
                "vllm:num_requests_running",
                VLLM,
                at ->
                    switch ((int) (at - FROM_MILLIS)) {
                      case 10_000 -> Double.NaN;
                      case 15_000 -> null;
                      default -> 3.0;
                    })
            .series(
                "vllm:generation_tokens_total",
                VLLM,
                at -> at - FROM_MILLIS == 15_000 ? null : Double.valueOf(164))
            .series(
                "DCGM_FI_DEV_POWER_USAGE",
                Map.of("instance", "gpu:9400", "job", "j", "gpu", "0", "UUID", "GPU-a"),
                at -> at - FROM_MILLIS == 20_000 ? Double.valueOf(350.5) : null)
            .series("go_goroutines", VLLM, at -> 7.0)
            .series("vllm:generation_tokens_created", VLLM, at -> 1e9)
            .series(
                "vllm:num_requests_running",
                Map.of("instance", "other:8000", "job", "other"),
                at -> 9.0);
    try (ScriptedServer server = ScriptedServer.start(prometheus)) {
      samples(server, "job=\"j\"")
          .read(
              new KeptSamples.Stretch(FROM, 1_000, Duration.ofSeconds(20)),
              unmeasured(server),
              PATIENCE,
              readings::add);

      assertThat(readings)
          .extracting(
              r -> r.source() + " " + r.labels().getOrDefault("url", "") + " " + r.takenNanos(0))
          .containsExactly(
              "server gpu:8000 5000001000",
              "server gpu:8000 10000001000",
              "server gpu:8000 20000001000",
              "gpu  20000001000");
      assertThat(readings.get(0).value(TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(3);
      assertThat(readings.get(1).value(TelemetryId.REQUESTS_RUNNING_COUNT)).isNull();
      assertThat(readings.get(1).value(TelemetryId.GENERATION_TOKENS)).isEqualTo(164);
      assertThat(readings.get(3).value(TelemetryId.POWER_WATTS)).isEqualTo(350.5);
    }
  }

  @Test
  void scrapesThatAreMissing_areCountedForEachInstance_byItsUsualDistance()
      throws SourceException, InterruptedException {
    // Of 5, 10 ... 120 s the server lacks 30, 60 and 65 s; the GPU, from 50 s on, each second one,
    // which is its pace, and all after 100 s: 110 s, and 120 s, at which it may yet come.
    List<Long> lost = List.of(30_000L, 60_000L, 65_000L);
    ScriptedPrometheus prometheus =
        at(Duration.ofSeconds(120), Duration.ofSeconds(5), false)
            .series(
                "vllm:num_requests_running",
                VLLM,
                at -> lost.contains(at - FROM_MILLIS) ? null : Double.valueOf(3))
            .series(
                "DCGM_FI_DEV_POWER_USAGE",
                Map.of("instance", "gpu:9400", "job", "j", "gpu", "0", "UUID", "GPU-a"),
                at -> {
                  long since = at - FROM_MILLIS;
                  boolean there = since >= 50_000 && since <= 100_000 && since % 10_000 == 0;
                  return there ? Double.valueOf(350) : null;
                })
            .series("process_resident_memory_bytes", Map.of("instance", "self:9090"), at -> 1e9);
    try (ScriptedServer server = ScriptedServer.start(prometheus)) {
      KeptSamples samples = samples(server, "");
      samples.read(seconds(120), unmeasured(server), PATIENCE, readings::add);

      assertThat(samples.scrapes())
          .extracting(
              InstanceScrapes::instance,
              InstanceScrapes::kinds,
              InstanceScrapes::usualMillis,
              InstanceScrapes::keptCount,
              InstanceScrapes::missingCount)
          .containsExactly(
              tuple("gpu:8000", List.of("server"), 5_000L, 21L, 3L),
              tuple("gpu:9400", List.of("gpu"), 10_000L, 6L, 1L));
    }
  }

  @Test
  void twoScrapes_haveNoUsualDistance() {
    InstanceScrapes scrapes = new InstanceScrapes("a");
    scrapes.add(1_000, "server");
    scrapes.add(6_000, "server");
    scrapes.readUntil(60_000);

    assertThat(scrapes.missingCount()).isZero();
  }

  @Test
  void answerThatIsTooLarge_isAskedForInSmallerParts()
      throws SourceException, InterruptedException {
    ScriptedPrometheus prometheus =
        at(Duration.ofSeconds(40), Duration.ofSeconds(4), true)
            .series("vllm:num_requests_running", VLLM, at -> 3.0);
    // Of more than 10 s it has more to tell than is taken.
    Script script =
        request -> {
          boolean isLong = !request.path().contains("%5B10000ms%5D");
          return isLong
              ? List.of(Steps.head(200, "Content-Length: 100000000"))
              : prometheus.stepsFor(request);
        };
    try (ScriptedServer server = ScriptedServer.start(script)) {
      // A second more is asked: 40 s, 20 s, 10 s.
      samples(server, "").read(seconds(39), unmeasured(server), PATIENCE, readings::add);

      assertThat(stampsMillis().subList(0, 2)).containsExactly(4_000L, 8_000L);
      assertThat(stampsMillis())
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, 10).map(i -> 4_000 * i).boxed().toList());
    }
  }

  @Test
  void faultInALaterPart_leavesWhatCameBefore() {
    ScriptedPrometheus prometheus =
        at(Duration.ofSeconds(600), Duration.ofSeconds(30), false)
            .series("vllm:num_requests_running", VLLM, at -> 3.0);
    Script script =
        request ->
            request.index() == 0
                ? prometheus.stepsFor(request)
                : List.of(Steps.text(503, "text/plain", "busy"));
    try (ScriptedServer server = ScriptedServer.start(script)) {
      SourceException fault =
          catchThrowableOfType(
              SourceException.class,
              () ->
                  samples(server, "")
                      .read(seconds(600), unmeasured(server), PATIENCE, readings::add));

      assertThat(fault.reason()).isEqualTo(MissReason.NOT_READY);
      assertThat(stampsMillis()).containsExactly(30_000L, 60_000L);
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
          () -> samples(server, "").read(seconds(1), unmeasured(server), PATIENCE, reading -> {}));
    }
  }
}
