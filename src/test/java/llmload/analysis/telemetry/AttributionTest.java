package llmload.analysis.telemetry;

import static llmload.analysis.telemetry.SlowRequestFixture.gaps;
import static llmload.analysis.telemetry.SlowRequestFixture.ordinary;
import static llmload.analysis.telemetry.SlowRequestFixture.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import llmload.metrics.RequestFixture;
import llmload.metrics.SampleFixture;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One slow request among ten ordinary ones (connected after 1 ms, first token after 101 ms, then
 * nine gaps of 10 ms: 191 ms), and the samples that speak for its cause or do not.
 */
class AttributionTest {
  private static final long SECOND = 1_000_000_000L;

  private final SlowRequestFixture run = new SlowRequestFixture();

  private List<@Nullable Object> slowest(RequestFixture slow) {
    ResultTable table = table(run.measured(slow), "slowest");
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
    assertThat(String.valueOf(row.get(10))).contains("no sample tells whether it was longer");
  }

  @Test
  void lateFirstToken_whileTheQueueWasNeverEmpty_isTheQueue() {
    run.eachSecond("server", "requests_waiting_count", 0, 5);

    assertThat(cause(slowest(ordinary(gaps(2_101, 10, 10))))).isEqualTo("server queue");
  }

  @Test
  void lateFirstToken_whileTheQueueWasEmptyAtTimes_isUnattributed() {
    // The request waits from 20 to 22.1 s; at 21 s nobody did.
    run.eachSecond("server", "requests_waiting_count", 5, 5);
    run.samples().removeIf(s -> s.atNanos() == 21 * SECOND);
    run.samples().add(SampleFixture.sample("server", 21, "requests_waiting_count", 0, "url", "a"));

    List<@Nullable Object> row = slowest(ordinary(gaps(2_101, 10, 10)));

    assertThat(cause(row)).isEqualTo("unattributed");
    assertThat(row.get(5)).isNull();
    assertThat(String.valueOf(row.get(10))).startsWith("2000 ms more than usual");
  }

  @Test
  void lateFirstToken_byTheAnswersOwnWord_isPrefill_andNeverSoAgainstIt() {
    run.eachSecond("server", "requests_waiting_count", 0, 0);

    // 1500 of 2000 ms beyond the usual 100 are told; 100 are not half of them.
    List<@Nullable Object> told = slowest(ordinary(gaps(2_101, 10, 10)).serverTook(0, 1_500, 90));
    assertThat(cause(told)).isEqualTo("prefill");
    assertThat(told.get(5)).isEqualTo(1_500.0);
    List<@Nullable Object> against = slowest(ordinary(gaps(2_101, 10, 10)).serverTook(0, 100, 90));
    assertThat(cause(against)).isEqualTo("unattributed");
    assertThat(String.valueOf(against.get(10)))
        .contains("not in the server's queue nor on its prompt by its metrics");
  }

  @Test
  void requestThatIsNotSlower_isUnattributed() {
    RunMeasurements measured = run.measured(ordinary(gaps(101, 10, 10)));

    assertThat(
            measured.telemetry().tables().stream()
                .filter(t -> t.id().equals("slowest"))
                .findFirst()
                .orElseThrow()
                .rows())
        .allSatisfy(
            row -> {
              assertThat(row.get(4)).isEqualTo("unattributed");
              assertThat(row.get(10)).isEqualTo("not slower than usual");
            });
  }

  @Test
  void excessBelowATenthOfTheMedian_isNoise() {
    // A tenth of 191 ms are 19.1 ms.
    List<@Nullable Object> below = slowest(ordinary(gaps(120, 10, 10)));
    assertThat(cause(below)).isEqualTo("unattributed");
    assertThat(below.get(10)).isEqualTo("not slower than usual");
    assertThat(cause(slowest(ordinary(gaps(101, 12, 10))))).isEqualTo("longer answer");
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
    // 2000 ms beyond the median: 999 beyond the usual 1 are less than half.
    run.eachSecond("injector", "event_loop_lag_max_ms", 1, 1_000);

    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("stall in the stream");
    run.samples().clear();
    run.eachSecond("injector", "event_loop_lag_max_ms", 1, 1_001);
    List<@Nullable Object> row = slowest(ordinary(gaps));
    assertThat(cause(row)).isEqualTo("injector paused");
    assertThat(row.get(5)).isEqualTo(1_000.0);
    assertThat(String.valueOf(row.get(10))).isEqualTo("event_loop_lag_max_ms 1001, usually 1");
    // As late as ever explains nothing.
    run.samples().clear();
    run.eachSecond("injector", "event_loop_lag_max_ms", 1_001, 1_001);
    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("stall in the stream");
  }

  @Test
  void throttledSeconds_standBesideTheSecondsAsShares() {
    for (int second = 0; second <= 40; second++) {
      // A quarter of each second until 10 s, then none.
      run.samples()
          .add(
              SampleFixture.sample(
                  "gpu",
                  second,
                  "throttled_power_seconds",
                  0.25 * Math.min(10, second),
                  "uuid",
                  "a"));
    }

    TelemetrySeries throttled =
        run.measured(ordinary(gaps(101, 10, 10))).telemetry().series().stream()
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
    run.eachSecond("gpu", "throttled_power_ratio", 0, 1);
    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("throttled GPU");
  }

  @Test
  void slowPace_whileTheGpuWasSlowed_isTheGpu_elseASlowStream() {
    int[] gaps = gaps(101, 10, 90);

    List<@Nullable Object> row = slowest(ordinary(gaps));
    assertThat(cause(row)).isEqualTo("slow stream");
    // Nine gaps of 90 ms instead of 10.
    assertThat((Double) row.get(5)).isCloseTo(720, within(1e-6));
    assertThat(String.valueOf(row.get(10))).isEqualTo("90.0 ms a token, the median has 10.0");
    run.eachSecond("gpu", "throttled_thermal_ratio", 0, 1);
    assertThat(cause(slowest(ordinary(gaps)))).isEqualTo("throttled GPU");
  }

  @Test
  void gpuThatIsSlowedForHalfOfTheRun_explainsNothing() {
    int[] stalled = gaps(101, 10, 10);
    stalled[5] = 2_010;
    // Over the window of 22.191 s: (19.5 x 0.42 + 0.5 + 2.191) / 22.191 = 0.49, and 0.51 of 0.44.
    run.eachSecond("gpu", "throttled_power_ratio", 0.42, 1);
    assertThat(cause(slowest(ordinary(stalled)))).isEqualTo("throttled GPU");
    run.samples().clear();
    run.eachSecond("gpu", "throttled_power_ratio", 0.44, 1);
    assertThat(cause(slowest(ordinary(stalled)))).isEqualTo("stall in the stream");
    run.samples().clear();
    run.eachSecond("gpu", "throttled_power_ratio", 1, 1);
    assertThat(cause(slowest(ordinary(gaps(101, 10, 90))))).isEqualTo("slow stream");
    assertThat(cause(slowest(ordinary(stalled)))).isEqualTo("stall in the stream");
    assertThat(cause(slowest(ordinary(gaps(101, 100, 10))))).isEqualTo("longer answer");
  }

  @Test
  void slowStream_saysHowManyWereComputedMeanwhile() {
    run.eachSecond("server", "requests_running_count", 1, 8);

    // From 20.1 to 20.9 s all eight; on the whole, from 0 to 20.911 s, 1 but for the last 1.911 s,
    // in the first of which it rises: (19 + 4.5 + 8 x 0.911) / 20.911.
    assertThat(String.valueOf(slowest(ordinary(gaps(101, 10, 90))).get(10)))
        .isEqualTo(
            "90.0 ms a token, the median has 10.0; a batch of 8.0 meanwhile, of 1.5 on the whole");
  }

  @Test
  void twiceAsManyTokens_atTwiceTheTime_isTheLargerOfBoth() {
    // 19 gaps of 12 ms: ten tokens more at 10 ms are 100 ms, 19 times 2 ms are 38.
    assertThat(cause(slowest(ordinary(gaps(101, 20, 12))))).isEqualTo("longer answer");
    // 14 gaps of 20 ms: five tokens more are 50 ms, 14 times 10 ms are 140.
    assertThat(cause(slowest(ordinary(gaps(101, 15, 20))))).isEqualTo("slow stream");
  }

  @Test
  void pauseOfTheInjector_goesBeforeEverythingElse() {
    int[] gaps = gaps(101, 10, 10);
    gaps[5] = 2_010;
    run.eachSecond("injector", "gc_pause_max_ms", 1, 1_900);

    List<@Nullable Object> row = slowest(ordinary(gaps));

    assertThat(cause(row)).isEqualTo("injector paused");
    assertThat(row.get(5)).isEqualTo(1_899.0);
  }

  @Test
  void moreTokens_atTheUsualPace_areALongerAnswer() {
    assertThat(cause(slowest(ordinary(gaps(101, 100, 10))))).isEqualTo("longer answer");
  }

  @Test
  void series_standBesideTheSeconds_andGapsStayGaps() {
    run.eachSecond("server", "requests_waiting_count", 2, 7);
    run.samples().removeIf(s -> s.atNanos() >= 4 * SECOND && s.atNanos() <= 9 * SECOND);

    RunMeasurements measured = run.measured(ordinary(gaps(101, 10, 10)));

    TelemetrySeries queue =
        measured.telemetry().series().stream()
            .filter(s -> s.id().equals("queue_depth"))
            .findFirst()
            .orElseThrow();
    assertThat(queue.values()).hasSameSizeAs(measured.series());
    assertThat(queue.values().get(1)).isEqualTo(2.0);
    // From 3 to 10 s is more than three intervals of a second.
    assertThat(queue.values().subList(4, 9)).containsOnlyNulls();
    assertThat(queue.values().get(12)).isEqualTo(2.0);
  }
}
