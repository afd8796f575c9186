package llmload.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
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
      samples.add(
          new TelemetrySample(source, second * SECOND, Map.of(name, value), Map.of("url", "a")));
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
    assertThat(String.valueOf(row.get(10))).contains("no sample tells of the server's queue");
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
          new TelemetrySample(
              "server",
              second * SECOND,
              Map.of("queue_count", (double) second, "queue_seconds", waited),
              Map.of("url", "a")));
    }

    assertThat(cause(slowest(ordinary(gaps(2_101, 10, 10))))).isEqualTo("server queue");
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
