package llmload.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.metrics.SampleFixture;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.TelemetryReport;
import llmload.model.TelemetrySample;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One slow request among ten ordinary ones (connected after 1 ms, first token after 101 ms, then
 * nine gaps of 10 ms: 191 ms), and the samples that speak for its cause or do not.
 */
class AttributionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long SLOW_SENT_MILLIS = 20_000;

  private final List<TelemetrySample> samples = new ArrayList<>();

  private static RequestFixture ordinary(int... gapMillis) {
    return RequestFixture.stream(gapMillis).connected(1).usage(10, gapMillis.length);
  }

  private static int[] gaps(int first, int count, int gap) {
    int[] gaps = new int[count];
    Arrays.fill(gaps, gap);
    gaps[0] = first;
    return gaps;
  }

  private void eachSecond(String source, String name, double ordinary, double slow) {
    for (int second = 0; second <= 40; second++) {
      double value = second >= 20 && second <= 24 ? slow : ordinary;
      samples.add(SampleFixture.sample(source, second, name, value, "url", "a"));
    }
  }

  private RunMeasurements measured(RequestFixture slow) {
    RunManifest manifest = ManifestFixture.closed();
    RunAnalysis analysis = new RunAnalysis(manifest);
    TelemetryAnalysis telemetry = new TelemetryAnalysis(manifest);
    List<RequestRecord> requests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      requests.add(ordinary(gaps(101, 10, 10)).sent(i * 1_000).build());
    }
    requests.add(slow.sent(SLOW_SENT_MILLIS).build());
    requests.forEach(analysis::accept);
    requests.forEach(telemetry::accept);
    samples.forEach(telemetry::accept);
    return telemetry.into(analysis.finish(null, requests.size(), 0));
  }

  private List<@Nullable Object> slowest(RequestFixture slow) {
    TelemetryReport report = measured(slow).telemetry();
    ResultTable table =
        report.tables().stream().filter(t -> t.id().equals("slowest")).findFirst().orElseThrow();
    assertThat(table.rows()).hasSize(10);
    return table.rows().get(0);
  }

  private static String cause(List<@Nullable Object> row) {
    return String.valueOf(row.get(4));
  }

  @Test
  void lateConnection_isConnect() {
    RequestFixture slow = RequestFixture.stream(gaps(1_101, 10, 10)).connected(1_001).usage(10, 10);

    List<@Nullable Object> row = slowest(slow);

    assertThat(cause(row)).isEqualTo("connect");
    // 1001 ms against the median of 1 ms.
    assertThat(row.get(5)).isEqualTo(1_000.0);
  }

  @Test
  void lateFirstToken_withoutAWordOfTheServer_isUnattributed() {
    List<@Nullable Object> row = slowest(ordinary(gaps(2_101, 10, 10)));

    assertThat(cause(row)).isEqualTo("unattributed");
    assertThat(String.valueOf(row.get(10))).contains("no sample tells whether it was in a queue");
  }

  @Test
  void lateFirstToken_whileTheQueueWasNeverEmpty_isTheQueue() {
    eachSecond("server", "requests_waiting_count", 0, 5);

    assertThat(cause(slowest(ordinary(gaps(2_101, 10, 10))))).isEqualTo("server queue");
  }

  @Test
  void lateFirstToken_whileNobodyWaited_isPrefill() {
    eachSecond("server", "requests_waiting_count", 0, 0);

    List<@Nullable Object> row = slowest(ordinary(gaps(2_101, 10, 10)));

    assertThat(cause(row)).isEqualTo("prefill");
    assertThat(row.get(5)).isEqualTo(2_000.0);
  }

  @Test
  void lateFirstToken_byTheServersOwnTimes_isSharedOut() {
    for (int second = 0; second <= 40; second++) {
      // One request a second; those that ended from 20 to 24 s had waited 1.8 s each.
      double waited = 1.8 * Math.max(0, Math.min(4, second - 20));
      samples.add(
          SampleFixture.sample(
              "server",
              second,
              Map.of("queue_count", (double) second, "queue_seconds", waited),
              "url",
              "a"));
    }

    assertThat(cause(slowest(ordinary(gaps(2_101, 10, 10))))).isEqualTo("server queue");
  }

  @Test
  void lateFirstToken_whileTheQueueWasEmptyAtTimes_isUnattributed() {
    // The request waits from 20 to 22.1 s; at 21 s nobody did.
    eachSecond("server", "requests_waiting_count", 5, 5);
    samples.removeIf(s -> s.atNanos() == 21 * SECOND);
    samples.add(SampleFixture.sample("server", 21, "requests_waiting_count", 0, "url", "a"));

    List<@Nullable Object> row = slowest(ordinary(gaps(2_101, 10, 10)));

    assertThat(cause(row)).isEqualTo("unattributed");
    assertThat(row.get(5)).isNull();
    assertThat(String.valueOf(row.get(10))).startsWith("2000 ms more than usual");
  }

  @Test
  void lateFirstToken_byTheAnswersOwnWord_isPrefill_andNeverSoAgainstIt() {
    eachSecond("server", "requests_waiting_count", 0, 0);

    // 1500 of 2000 ms beyond the usual 100 are told; 100 are not half of them.
    List<@Nullable Object> told = slowest(ordinary(gaps(2_101, 10, 10)).serverTook(0, 1_500, 90));
    assertThat(cause(told)).isEqualTo("prefill");
    assertThat(told.get(5)).isEqualTo(1_500.0);
    List<@Nullable Object> against = slowest(ordinary(gaps(2_101, 10, 10)).serverTook(0, 100, 90));
    assertThat(cause(against)).isEqualTo("unattributed");
    assertThat(String.valueOf(against.get(10)))
        .endsWith("neither the queue nor the prompt took it");
  }

  @Test
  void meanTimeInTheQueue_belowHalfOfTheWait_isPrefill() {
    for (int second = 0; second <= 40; second++) {
      // One request a second, each of which had waited 0.9 s: 900 of 2000 ms.
      samples.add(
          SampleFixture.sample(
              "server",
              second,
              Map.of("queue_count", (double) second, "queue_seconds", 0.9 * second),
              "url",
              "a"));
    }

    List<@Nullable Object> row = slowest(ordinary(gaps(2_101, 10, 10)));

    assertThat(cause(row)).isEqualTo("prefill");
    assertThat((Double) row.get(5)).isCloseTo(1_100, within(1e-6));
  }

  @Test
  void requestThatIsNotSlower_isUnattributed() {
    RunMeasurements run = measured(ordinary(gaps(101, 10, 10)));

    assertThat(
            run.telemetry().tables().stream()
                .filter(t -> t.id().equals("slowest"))
                .findFirst()
                .orElseThrow()
                .rows())
        .allSatisfy(
            row -> {
              assertThat(row.get(4)).isEqualTo("unattributed");
              assertThat(row.get(10)).isEqualTo("not slower than the median");
            });
  }

  @Test
  void slowAnswerInOnePiece_hasNoParts_andIsUnattributed() {
    RequestFixture slow = ordinary(5_000).notStreamed();

    List<@Nullable Object> row = slowest(slow);

    assertThat(cause(row)).isEqualTo("unattributed");
  }

  @Test
  void pauseOfTheInjector_belowHalfOfTheExcess_doesNotHold() {
    int[] gaps = gaps(101, 10, 10);
    gaps[5] = 2_010;
    // 2000 ms beyond the median: 999 are less than half.
    eachSecond("injector", "event_loop_lag_max_ms", 1, 999);

    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("stall in the stream");
    samples.clear();
    eachSecond("injector", "event_loop_lag_max_ms", 1, 1_000);
    List<@Nullable Object> row = slowest(ordinary(gaps));
    assertThat(cause(row)).isEqualTo("injector paused");
    assertThat(String.valueOf(row.get(10))).isEqualTo("event_loop_lag_max_ms 1000");
  }

  @Test
  void throttledSeconds_standBesideTheSecondsAsShares() {
    for (int second = 0; second <= 40; second++) {
      // A quarter of each second until 10 s, then none.
      samples.add(
          SampleFixture.sample(
              "gpu", second, "throttled_power_seconds", 0.25 * Math.min(10, second), "uuid", "a"));
    }

    TelemetrySeries throttled =
        measured(ordinary(gaps(101, 10, 10))).telemetry().series().stream()
            .filter(s -> s.id().equals("throttled"))
            .findFirst()
            .orElseThrow();
    assertThat(throttled.values().get(4)).isEqualTo(0.25);
    assertThat(throttled.values().get(12)).isEqualTo(0.0);
  }

  @Test
  void oneLongGap_isAStall_andAThrottledGpuWhereItSaysSo() {
    int[] gaps = gaps(101, 10, 10);
    gaps[5] = 2_010;

    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("stall in the stream");
    eachSecond("gpu", "throttled_power_ratio", 0, 1);
    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("throttled GPU");
  }

  @Test
  void slowPace_whileTheGpuWasSlowed_isTheGpu_elseUnattributed() {
    int[] gaps = gaps(101, 10, 90);

    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("unattributed");
    eachSecond("gpu", "throttled_thermal_ratio", 0, 1);
    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("throttled GPU");
  }

  @Test
  void pauseOfTheInjector_goesBeforeEverythingElse() {
    int[] gaps = gaps(101, 10, 10);
    gaps[5] = 2_010;
    eachSecond("injector", "gc_pause_max_ms", 1, 1_900);

    List<@Nullable Object> row = slowest(ordinary(gaps));

    assertThat(cause(row)).isEqualTo("injector paused");
    assertThat(row.get(5)).isEqualTo(1_900.0);
  }

  @Test
  void moreTokens_atTheUsualPace_areALongerAnswer() {
    assertThat(cause(slowest(ordinary(gaps(101, 100, 10))))).isEqualTo("longer answer");
  }

  @Test
  void series_standBesideTheSeconds_andGapsStayGaps() {
    eachSecond("server", "requests_waiting_count", 2, 7);
    samples.removeIf(s -> s.atNanos() >= 4 * SECOND && s.atNanos() <= 9 * SECOND);

    RunMeasurements run = measured(ordinary(gaps(101, 10, 10)));

    TelemetrySeries queue =
        run.telemetry().series().stream()
            .filter(s -> s.id().equals("queue_depth"))
            .findFirst()
            .orElseThrow();
    assertThat(queue.values()).hasSameSizeAs(run.series());
    assertThat(queue.values().get(1)).isEqualTo(2.0);
    // From 3 to 10 s is more than three intervals of a second.
    assertThat(queue.values().subList(4, 9)).containsOnlyNulls();
    assertThat(queue.values().get(12)).isEqualTo(2.0);
  }
}
