package llmload.analysis.telemetry;

import static llmload.analysis.telemetry.SlowIntervalsFixture.cell;
import static llmload.analysis.telemetry.SlowIntervalsFixture.slowItl;
import static llmload.analysis.telemetry.SlowIntervalsFixture.slowTtft;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import llmload.model.ResultTable;
import llmload.model.ServerPlace;
import llmload.model.SlowTime;
import org.junit.jupiter.api.Test;

/** Ten seconds of which one was slow, and the samples that speak for its cause or do not. */
class SlowIntervalsTest {
  private static final String WAITING = "requests_waiting_count";
  private static final String RUNNING = "requests_running_count";

  private static String only(SlowIntervalsFixture fixture, String column) {
    ResultTable table = fixture.build().table();
    assertThat(table.rows()).hasSize(1);
    return String.valueOf(cell(table, 0, column));
  }

  private static String cause(SlowIntervalsFixture fixture) {
    return only(fixture, "cause");
  }

  @Test
  void interval_ofTwiceTheMedian_isSlow_andOneJustBelowIsNot() {
    ResultTable table =
        new SlowIntervalsFixture().ttft(100.0, 90.0, 100.0, 200.0, 199.9, 100.0).build().table();

    assertThat(table.rows()).hasSize(1);
    assertThat(cell(table, 0, "start")).isEqualTo(3.0);
    assertThat(cell(table, 0, "width")).isEqualTo(1.0);
    assertThat(cell(table, 0, "slow_in")).isEqualTo("ttft");
    assertThat(cell(table, 0, "p99")).isEqualTo(200.0);
    // Of 90, 100, 100, 100, 199.9, 200 the third.
    assertThat(cell(table, 0, "usual")).isEqualTo(100.0);
  }

  @Test
  void interval_ofLessThanTenMillisecondsMore_isNoise() {
    // 14.9 and 15 ms are both three times the usual; of tokens that come together that is 0.
    assertThat(new SlowIntervalsFixture().ttft(5.0, 5.0, 5.0, 5.0, 14.9).build().table().rows())
        .isEmpty();
    assertThat(new SlowIntervalsFixture().ttft(5.0, 5.0, 5.0, 5.0, 15.0).build().table().rows())
        .hasSize(1);
    SlowTime together = new SlowIntervalsFixture().ttft(0.0, 0.0, 0.0, 0.0, 15.0).build().time();
    // 15 ms over 1 µs.
    assertThat(together.stretches().get(0).worstRatio()).isEqualTo(15_000.0);
  }

  @Test
  void intervals_fewerThanFiveWithALatency_areNotJudged() {
    SlowIntervals four = new SlowIntervalsFixture().ttft(5.0, null, 5.0, 5.0, null, 900.0).build();

    assertThat(four.table().rows()).isEmpty();
    assertThat(four.time()).isEqualTo(SlowTime.NONE);
    SlowIntervals five = new SlowIntervalsFixture().ttft(5.0, null, 5.0, 5.0, 5.0, 900.0).build();
    assertThat(five.table().rows()).hasSize(1);
    // The interval without a first token is not among the five seconds.
    assertThat(five.time().judgedSeconds()).isEqualTo(5);
    assertThat(five.time().slowSeconds()).isEqualTo(1);
  }

  @Test
  void run_withoutTelemetry_saysThatThereIsNone() {
    assertThat(cause(slowTtft())).isEqualTo("no telemetry");
    assertThat(only(slowTtft(), "because")).isEqualTo("no sample of this time");
  }

  @Test
  void interval_inAGap_saysThatThereIsNone() {
    SlowIntervalsFixture fixture = slowTtft();
    for (double at : new double[] {0, 1, 2, 3, 4, 7.5, 8, 9, 10}) {
      fixture.sample(at, "server", WAITING, 3);
    }

    // From 4 to 7.5 s is more than three seconds, so that nothing is known of the sixth one.
    assertThat(cause(fixture)).isEqualTo("no telemetry");
    assertThat(only(fixture, "waiting")).isEqualTo("null");
  }

  @Test
  void interval_ofWhichOthersTellTooLittle_isUnattributed() {
    SlowIntervalsFixture fixture = slowTtft();
    for (double at : new double[] {5, 5.5, 6, 6.5, 7}) {
      fixture.sample(at, "server", WAITING, 9);
    }

    // Nine wait in the slow second and in the one after; what is usual nobody knows.
    assertThat(cause(fixture)).isEqualTo("unattributed");
    assertThat(only(fixture, "because")).startsWith("nothing to compare with: queue; not known: ");
  }

  @Test
  void pause_ofHalfOfTheExcess_isTheInjector_andOneJustBelowIsNot() {
    // The excess is 200 ms and the usual pause 1 ms: from 101 ms on.
    assertThat(cause(slowTtft().pauses(1, 101))).isEqualTo("injector paused");
    assertThat(only(slowTtft().pauses(1, 101), "because")).isEqualTo("for 101 ms, usually 1");
    assertThat(cause(slowTtft().pauses(1, 100.9))).isEqualTo("unattributed");
    // Pauses as long as ever explain nothing.
    assertThat(cause(slowTtft().pauses(150, 150))).isEqualTo("unattributed");
  }

  @Test
  void gpu_slowedForHalfOfTheTime_isThrottled_andOneJustBelowIsNot() {
    String flag = "throttled_power_ratio";
    assertThat(cause(slowTtft().gauge("gpu", flag, 0, 0.5))).isEqualTo("throttled GPU");
    assertThat(cause(slowItl().gauge("gpu", flag, 0, 0.5))).isEqualTo("throttled GPU");
    assertThat(cause(slowTtft().gauge("gpu", flag, 0, 0.49))).isEqualTo("unattributed");
    assertThat(cause(slowTtft().gauge("gpu", flag, 0.6, 1))).isEqualTo("unattributed");
  }

  private static SlowIntervalsFixture clocked(double clockMegahertz, double powerWatts) {
    return slowTtft()
        .gauge("gpu", "sm_clock_mhz", 2_000, clockMegahertz)
        .gauge("gpu", "power_watts", 600, powerWatts)
        .gauge("gpu", "power_limit_watts", 700, 700);
  }

  @Test
  void lowerClock_atThePowerLimit_isAThrottledGpu_andElseItIsNot() {
    // 0.9 × 2000 MHz and 0.95 × 700 W.
    assertThat(cause(clocked(1_800, 665))).isEqualTo("throttled GPU");
    assertThat(only(clocked(1_800, 665), "because"))
        .isEqualTo("at its power limit, uuid GPU-1, SM clock 1800 MHz, usually 2000");
    assertThat(cause(clocked(1_801, 665))).isEqualTo("unattributed");
    assertThat(cause(clocked(1_800, 664))).isEqualTo("unattributed");
    assertThat(cause(slowTtft().gauge("gpu", "sm_clock_mhz", 2_000, 1_000)))
        .isEqualTo("unattributed");
  }

  @Test
  void counter_thatGrewByHalfAnEventInTheInterval_isTheCause_andByLessIsNot() {
    for (String[] each :
        new String[][] {
          {"preemptions_count", "preemptions"},
          {"evicted_blocks_count", "evictions"},
          {"evicted_tokens", "evictions"}
        }) {
      // One event between 5.5 and 6.5 s: half of that is in the slow second; from 5.6 s on 0.4.
      assertThat(cause(slowTtft().counter(each[0], 0.5, 0, 1))).isEqualTo(each[1]);
      assertThat(cause(slowItl().counter(each[0], 0.5, 0, 1))).isEqualTo(each[1]);
      assertThat(cause(slowTtft().counter(each[0], 0.6, 0, 1))).isEqualTo("unattributed");
      // Where some happen in every second they explain nothing.
      assertThat(cause(slowTtft().counter(each[0], 0.5, 0.5, 9))).isEqualTo("unattributed");
    }
    assertThat(only(slowTtft().counter("preemptions_count", 0.5, 0, 5), "because"))
        .isEqualTo("about 2.5, usually 0");
  }

  @Test
  void queue_ofOneAndTwiceTheUsual_holdsFirstTokensUp_andAShorterOneDoesNot() {
    assertThat(cause(slowTtft().gauge("server", WAITING, 0.5, 1))).isEqualTo("server queue");
    assertThat(cause(slowTtft().gauge("server", WAITING, 0, 0.99))).isEqualTo("unattributed");
    assertThat(cause(slowTtft().gauge("server", WAITING, 1, 1.99))).isEqualTo("unattributed");
    // Tokens that come do not wait in a queue.
    assertThat(cause(slowItl().gauge("server", WAITING, 0, 9))).isEqualTo("unattributed");
  }

  @Test
  void queue_inWhichItsFirstTokensWaited_counts_thoughItCameAtTheEndOfTheSecond() {
    // Nobody waits until 5.8 s and 4 from 6 s on: a mean of 0.4 from 5 to 6 s, and over the 300 ms
    // of the p99 more (0.2 × 2 + 0.3 × 4) ÷ 1.3 = 1.23.
    assertThat(only(late(4), "because"))
        .isEqualTo("waiting 1.23 until its first tokens, usually 0");
    assertThat(cause(late(4))).isEqualTo("server queue");
    assertThat(only(late(4), "waiting")).isEqualTo("0.4");
    // (0.2 × 1.5 + 0.3 × 3) ÷ 1.3 = 0.92.
    assertThat(cause(late(3))).isEqualTo("unattributed");
  }

  private static SlowIntervalsFixture late(double waiting) {
    SlowIntervalsFixture fixture = slowTtft();
    for (double at : new double[] {0, 1, 2, 3, 4, 5, 5.8}) {
      fixture.sample(at, "server", WAITING, 0);
    }
    fixture.sample(6, "server", WAITING, waiting).sample(6.3, "server", WAITING, waiting);
    for (double at : new double[] {6.4, 7, 8, 9, 10}) {
      fixture.sample(at, "server", WAITING, 0);
    }
    return fixture;
  }

  /** A request leaves the queue each half second; in the slow one they had waited so long. */
  private static SlowIntervalsFixture queuedFor(double usualSeconds, double slowSeconds) {
    SlowIntervalsFixture fixture = slowTtft();
    double seconds = 0;
    for (int i = 0; i <= 20; i++) {
      fixture.sample(i / 2.0, "server", "queue_count", i);
      fixture.sample(i / 2.0, "server", "queue_seconds", seconds);
      seconds += i == 10 || i == 11 ? slowSeconds : usualSeconds;
    }
    return fixture;
  }

  @Test
  void meanTimeInTheQueue_ofTwiceTheUsualAndTenMillisecondsMore_isTheQueue() {
    // At 5 s ten have left and at 6 s twelve, so that the two of the slow second are told apart.
    assertThat(cause(queuedFor(0.03125, 0.0625))).isEqualTo("server queue");
    assertThat(only(queuedFor(0.03125, 0.0625), "because"))
        .isEqualTo("for 62.5 ms on the mean, usually 31.3");
    assertThat(cause(queuedFor(0.03125, 0.0624))).isEqualTo("unattributed");
    assertThat(cause(queuedFor(0, 0.0101))).isEqualTo("server queue");
    assertThat(cause(queuedFor(0, 0.0099))).isEqualTo("unattributed");
  }

  @Test
  void cache_thatIsFull_isTheCause_unlessItAlwaysIs() {
    String used = "kv_used_ratio";
    assertThat(cause(slowTtft().gauge("server", used, 0.4, 0.95))).isEqualTo("KV cache full");
    assertThat(cause(slowItl().gauge("server", used, 0.4, 0.95))).isEqualTo("KV cache full");
    assertThat(cause(slowTtft().gauge("server", used, 0.4, 0.94))).isEqualTo("unattributed");
    assertThat(cause(slowTtft().gauge("server", used, 0.96, 1))).isEqualTo("unattributed");
  }

  @Test
  void batch_halfAsLargeAgain_slowsTokens_andASmallerOneDoesNot() {
    assertThat(cause(slowItl().gauge("server", RUNNING, 4, 6))).isEqualTo("larger batch");
    assertThat(cause(slowItl().gauge("server", RUNNING, 4, 5.99))).isEqualTo("unattributed");
    // Half a request more is no larger batch.
    assertThat(cause(slowItl().gauge("server", RUNNING, 0.5, 1.49))).isEqualTo("unattributed");
    assertThat(cause(slowItl().gauge("server", RUNNING, 0, 0))).isEqualTo("unattributed");
    assertThat(cause(slowTtft().gauge("server", RUNNING, 4, 6))).isEqualTo("unattributed");
  }

  @Test
  void processors_ofThisMachine_speakForAServerOnItAlone() {
    String busy = "cpu_busy_ratio";
    assertThat(cause(slowTtft().gauge("host", busy, 0.3, 0.95))).isEqualTo("busy processors");
    assertThat(cause(slowTtft().gauge("host", busy, 0.3, 0.94))).isEqualTo("unattributed");
    assertThat(cause(slowTtft().gauge("host", busy, 0.96, 1))).isEqualTo("unattributed");
    assertThat(cause(slowTtft().servedOn(ServerPlace.ANOTHER_MACHINE).gauge("host", busy, 0.3, 1)))
        .isEqualTo("no telemetry");
  }

  @Test
  void causes_haveTheirOrder_andTheOthersAreNamed() {
    SlowIntervalsFixture all =
        slowTtft()
            .gauge("host", "cpu_busy_ratio", 0.3, 1)
            .gauge("server", "kv_used_ratio", 0.3, 1)
            .gauge("server", WAITING, 0.5, 9)
            .counter("evicted_blocks_count", 0.5, 0, 10)
            .counter("preemptions_count", 0.5, 0, 10)
            .gauge("gpu", "throttled_thermal_ratio", 0, 1)
            .pauses(1, 500);

    assertThat(cause(all)).isEqualTo("injector paused");
    assertThat(only(all, "because"))
        .isEqualTo(
            "for 500 ms, usually 1; also throttled GPU, preemptions, evictions, server queue,"
                + " KV cache full, busy processors");
    assertThat(all.build().time().stretches().get(0).because()).isEqualTo("for 500 ms, usually 1");
  }

  @Test
  void unattributed_saysWhatWasLookedAt_andWhatIsNotKnown() {
    SlowIntervalsFixture quiet = slowTtft().pauses(1, 2).gauge("server", WAITING, 0, 0);

    assertThat(only(quiet, "because"))
        .isEqualTo(
            "nothing unusual in injector, queue; not known: GPU throttling, GPU clock, preemptions,"
                + " evictions, KV cache, processors");
  }

  @Test
  void telemetry_standsBesideTheSlowInterval() {
    ResultTable table =
        slowTtft()
            .gauge("server", WAITING, 0.5, 9)
            .gauge("server", RUNNING, 4, 8)
            .gauge("gpu", "power_watts", 300, 500)
            .build()
            .table();

    assertThat(cell(table, 0, "waiting")).isEqualTo(9.0);
    assertThat(cell(table, 0, "running")).isEqualTo(8.0);
    assertThat(cell(table, 0, "power")).isEqualTo(500.0);
    assertThat(cell(table, 0, "kv_used")).isNull();
    assertThat(cell(table, 0, "clock")).isNull();
  }

  @Test
  void neighbours_withOneCause_areOneStretch_theWorstFirst() {
    SlowIntervalsFixture run =
        new SlowIntervalsFixture()
            .ttft(100.0, 200.0, 100.0, 100.0, 250.0, 400.0, 100.0, 100.0, 100.0, 300.0, 100.0)
            .second(null, null);
    for (int at = 0; at <= 12; at++) {
      run.sample(at, "server", WAITING, at == 5 ? 8 : 0);
    }

    // 8 wait at 5 s: a mean of 4 from 4 to 5 s and from 5 to 6 s, of 0 elsewhere.
    SlowTime time = run.build().time();
    assertThat(time.slowSeconds()).isEqualTo(4);
    assertThat(time.judgedSeconds()).isEqualTo(11);
    assertThat(time.stretches())
        .containsExactly(
            new SlowTime.Stretch(
                4, 6, 2, List.of("ttft"), 4, "server queue", "waiting 4, usually 0"),
            new SlowTime.Stretch(9, 10, 1, List.of("ttft"), 3, "unattributed", unknown()),
            new SlowTime.Stretch(1, 2, 1, List.of("ttft"), 2, "unattributed", unknown()));
  }

  private static String unknown() {
    return "nothing unusual in queue; not known: injector, GPU throttling, GPU clock, preemptions,"
        + " evictions, KV cache, processors";
  }

  @Test
  void interval_thatIsSlowInBoth_isOneSecondOfAStretchOfEachCause() {
    SlowIntervalsFixture both = new SlowIntervalsFixture();
    for (int i = 0; i < 10; i++) {
      boolean slow = i == SlowIntervalsFixture.SLOW;
      both.second(slow ? 900.0 : 100.0, slow ? 40.0 : 20.0);
    }
    both.gauge("server", WAITING, 0, 3).gauge("server", RUNNING, 4, 8);

    SlowTime time = both.build().time();

    assertThat(time.slowSeconds()).isEqualTo(1);
    assertThat(time.stretches().stream().map(s -> s.latencies() + s.cause()))
        .containsExactly("[ttft]server queue", "[itl]larger batch");
    both.gauge("server", "kv_used_ratio", 0.4, 1).pauses(0, 1_000);
    assertThat(both.build().time().stretches())
        .singleElement()
        .satisfies(
            stretch -> {
              assertThat(stretch.latencies()).containsExactly("ttft", "itl");
              assertThat(stretch.cause()).isEqualTo("injector paused");
              assertThat(stretch.worstRatio()).isEqualTo(9);
            });
  }

  @Test
  void table_hasTheTwentyWorst_inOrderOfTime_andTheTimeHasAll() {
    SlowIntervalsFixture run = new SlowIntervalsFixture();
    for (int i = 0; i < 50; i++) {
      // 24 of 50 seconds are slow: 10 s takes 210 ms, 11 s 211 ms and so on.
      run.second(i >= 10 && i < 34 ? 200.0 + i : 100.0, null);
    }

    ResultTable table = run.build().table();

    assertThat(table.rows()).hasSize(20);
    assertThat(cell(table, 0, "start")).isEqualTo(14.0);
    assertThat(cell(table, 19, "start")).isEqualTo(33.0);
    assertThat(run.build().time().slowSeconds()).isEqualTo(24);
    assertThat(run.build().time().stretches()).hasSize(1);
  }
}
