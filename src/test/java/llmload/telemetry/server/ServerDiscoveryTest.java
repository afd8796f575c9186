package llmload.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import llmload.model.TelemetryId;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import llmload.testing.Fixtures;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for a server's metrics, over real HTTP. */
@Timeout(120)
class ServerDiscoveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Step METRICS =
      Steps.text(
          200, "text/plain; version=0.0.4; charset=utf-8", Fixtures.text("telemetry/trtllm.prom"));

  private final PageFetch fetch = new PageFetch();

  private static Step status(int status) {
    return Steps.text(status, "text/plain", "no");
  }

  /** A server that answers the n-th request at each of the two places, n from 1, by these. */
  private static ScriptedServer server(IntFunction<Step> first, IntFunction<Step> second) {
    AtomicInteger atFirst = new AtomicInteger();
    AtomicInteger atSecond = new AtomicInteger();
    return ScriptedServer.start(
        Script.perRequest(
            request ->
                List.of(
                    request.head().startsWith("GET /prometheus/metrics ")
                        ? second.apply(atSecond.incrementAndGet())
                        : first.apply(atFirst.incrementAndGet()))));
  }

  private ServerDiscovery search(String baseUrl) {
    List<TelemetrySource> places =
        ServerDiscovery.PLACES.stream()
            .<TelemetrySource>map(
                place ->
                    new ExpositionSource(
                        "server " + place,
                        URI.create(baseUrl + place),
                        Map.of(),
                        fetch,
                        new ServerReader(place)))
            .toList();
    return new ServerDiscovery(places, System::nanoTime);
  }

  private static SourceException fault(TelemetrySource source, Duration deadline) {
    return catchThrowableOfType(SourceException.class, () -> source.read(deadline));
  }

  private static void assertFound(TelemetrySource source)
      throws SourceException, InterruptedException {
    // The recorded page's used blocks of the cache.
    assertThat(source.read(PATIENCE).get(0).value(TelemetryId.KV_USED_BLOCKS_COUNT))
        .isEqualTo(3072);
  }

  @Test
  void nextPlace_isTried_andStayedAt() throws SourceException, InterruptedException {
    try (ScriptedServer server = server(n -> Steps.json(200, "[]"), n -> METRICS)) {
      TelemetrySource search = search(server.baseUrl());

      assertFound(search);
      assertFound(search);
      assertThat(server.gets()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void statusThatMayPass_isLookedAtAgain_untilThePageIsRight(int busy)
      throws SourceException, InterruptedException {
    try (ScriptedServer server =
        server(n -> n <= 2 ? status(busy) : METRICS, n -> status(n <= 2 ? busy : 404))) {
      TelemetrySource search = search(server.baseUrl());

      for (int look = 1; look <= 2; look++) {
        SourceException fault = fault(search, PATIENCE);
        assertThat(fault).hasMessage("HTTP " + busy);
        assertThat(fault.reason()).isEqualTo(MissReason.NOT_READY);
        assertThat(fault.isLasting()).isFalse();
      }
      assertFound(search);
      assertFound(search);
      // Two looks at both places; then the first one is right, and asked alone.
      assertThat(server.gets()).isEqualTo(2 * 2 + 2);
    }
  }

  @Test
  void placeThatMayPass_afterOneThatWillNot_keepsTheSearchGoing()
      throws SourceException, InterruptedException {
    try (ScriptedServer server = server(n -> status(404), n -> n == 1 ? status(503) : METRICS)) {
      TelemetrySource search = search(server.baseUrl());

      assertThat(fault(search, PATIENCE))
          .hasMessage("HTTP 503")
          .extracting(SourceException::isLasting)
          .isEqualTo(false);
      assertFound(search);
    }
  }

  @Test
  void placeThatMayPass_hidesNoLaterOneThatIsRight() throws SourceException, InterruptedException {
    try (ScriptedServer server = server(n -> status(503), n -> METRICS)) {
      assertFound(search(server.baseUrl()));
    }
  }

  @Test
  void placeThatIsSilent_hidesNoLaterOne_fromTheSecondLookOn()
      throws SourceException, InterruptedException {
    try (ScriptedServer server = server(n -> Steps.hang(), n -> METRICS)) {
      TelemetrySource search = search(server.baseUrl());

      assertThat(fault(search, SHORT).reason()).isEqualTo(MissReason.TIMEOUT);
      assertFound(search);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 405, 501})
  void statusThatLasts_atEachPlace_endsTheSearchWithAHint(int status) {
    try (ScriptedServer server = server(n -> status(status), n -> status(status))) {
      SourceException fault = fault(search(server.baseUrl()), PATIENCE);

      assertThat(fault.isLasting()).isTrue();
      assertThat(fault.reason()).isEqualTo(MissReason.HTTP_STATUS);
      assertThat(fault)
          .hasMessage(
              "HTTP %1$d; HTTP %1$d. Name the URL of the metrics in telemetry.server, or none",
              status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# HELP sglang:num_running_reqs x\n# TYPE sglang:num_running_reqs gauge\n",
        "process_resident_memory_bytes 1e9\npython_gc_objects_collected_total 5\n",
        "# EOF\n"
      })
  void pageWithoutKnownMetrics_isLookedAtAgain_andHidesNoLaterPlace(String early)
      throws SourceException, InterruptedException {
    Step page = Steps.text(200, "text/plain; version=0.0.4", early);
    try (ScriptedServer late = server(n -> n == 1 ? page : METRICS, n -> status(404));
        ScriptedServer second = server(n -> page, n -> METRICS)) {
      TelemetrySource search = search(late.baseUrl());

      assertThat(fault(search, PATIENCE))
          .extracting(SourceException::reason, SourceException::isLasting)
          .containsExactly(MissReason.NOTHING_KNOWN, false);
      assertFound(search);
      assertFound(search(second.baseUrl()));
    }
  }

  @Test
  void jsonAndHtml_atBothPlaces_endTheSearchWithAHint() {
    Step json = Steps.json(200, "[]");
    Step disguised = Steps.text(200, "text/plain", " {\"detail\": \"Not found\"}");
    Step html = Steps.text(200, "text/html", "<html>Sign in</html>");
    try (ScriptedServer plain = server(n -> json, n -> html);
        ScriptedServer other = server(n -> html, n -> disguised)) {
      assertThat(fault(search(plain.baseUrl()), PATIENCE))
          .hasMessage(
              "no metric in an answer of the type application/json; HTML instead of metrics; look"
                  + " at the URL. Name the URL of the metrics in telemetry.server, or none")
          .extracting(SourceException::isLasting)
          .isEqualTo(true);
      SourceException fault = fault(search(other.baseUrl()), PATIENCE);
      assertThat(fault.isLasting()).isTrue();
      assertThat(fault.reason()).isEqualTo(MissReason.NOT_METRICS);
    }
  }

  @Test
  void pagesOfOtherKinds_atEachPlace_endTheSearch() {
    try (ScriptedServer server =
        server(n -> Steps.text(200, "text/html", "<html>Sign in</html>"), n -> status(404))) {
      SourceException fault = fault(search(server.baseUrl()), PATIENCE);

      assertThat(fault.isLasting()).isTrue();
      assertThat(fault).hasMessageContainingAll("HTML", "; HTTP 404.");
    }
  }

  @Test
  void serverThatIsNotThereYet_isLookedForAgain() {
    TelemetrySource search = search("http://127.0.0.1:" + ScriptedServer.closedPort());

    assertThat(fault(search, PATIENCE).isLasting()).isFalse();
    assertThat(fault(search, PATIENCE).reason()).isEqualTo(MissReason.UNREACHABLE);
  }

  @Test
  void allPlaces_shareOneDeadline() {
    AtomicLong clock = new AtomicLong();
    List<Duration> given = new ArrayList<>();
    TelemetrySource slow =
        new TelemetrySource() {
          @Override
          public String name() {
            return "slow";
          }

          @Override
          public List<Reading> read(Duration deadline) throws SourceException {
            given.add(deadline);
            clock.addAndGet(700_000_000);
            throw SourceException.passing(MissReason.HTTP_STATUS, "HTTP 404");
          }
        };
    TelemetrySource search = new ServerDiscovery(List.of(slow, slow, slow), clock::get);

    // 1 s: the first gets all of it, the second 0.3 s, and for the third there is none.
    assertThat(fault(search, Duration.ofSeconds(1)))
        .extracting(SourceException::reason, SourceException::isLasting)
        .containsExactly(MissReason.TIMEOUT, false);
    assertThat(given).containsExactly(Duration.ofSeconds(1), Duration.ofMillis(300));
  }
}
