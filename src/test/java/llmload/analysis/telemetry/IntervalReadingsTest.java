package llmload.analysis.telemetry;

import static llmload.analysis.telemetry.SlowIntervalsFixture.cell;
import static llmload.analysis.telemetry.SlowIntervalsFixture.slowTtft;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The second from 5 to 6 s was slow: what was looked at from 4.5 to 6.5 s tells of it. */
class IntervalReadingsTest {
  private static final double[] AROUND = {0, 1, 2, 3, 6.6, 7, 8, 9, 10};

  private static String cause(SlowIntervalsFixture run) {
    return String.valueOf(cell(run.build().table(), 0, "cause"));
  }

  /** What stands or counts from the last look before the second on, until 6.6 s or for good. */
  private static SlowIntervalsFixture looked(
      String source, String name, double lastAt, boolean on) {
    SlowIntervalsFixture run = slowTtft();
    for (double at : AROUND) {
      run.sample(at, source, name, at == 6.6 || (on && at > 6) ? 500 : 0);
    }
    return run.sample(lastAt, source, name, on ? 0 : 500);
  }

  @Test
  void numberOfAnInterval_isKnown_whereALookLiesInItOrHalfItsWidthAround() {
    // 2.1 and 2.2 s between two looks are no gap, but a straight line is no look.
    assertThat(cause(looked("server", "preemptions_count", 4.5, true))).isEqualTo("preemptions");
    assertThat(cause(looked("server", "preemptions_count", 4.4, true))).isEqualTo("no telemetry");
    assertThat(cause(looked("server", "requests_waiting_count", 4.5, false)))
        .isEqualTo("server queue");
    assertThat(cause(looked("server", "requests_waiting_count", 4.4, false)))
        .isEqualTo("no telemetry");
    assertThat(cause(looked("host", "cpu_busy_ratio", 4.5, false))).isEqualTo("busy processors");
    assertThat(cause(looked("host", "cpu_busy_ratio", 4.4, false))).isEqualTo("no telemetry");
    assertThat(cause(looked("gpu", "throttled_ratio", 4.5, false))).isEqualTo("throttled GPU");
    assertThat(cause(looked("gpu", "throttled_ratio", 4.4, false))).isEqualTo("no telemetry");
    assertThat(cause(looked("injector", "gc_pause_max_ms", 4.5, false)))
        .isEqualTo("injector paused");
    assertThat(cause(looked("injector", "gc_pause_max_ms", 4.4, false))).isEqualTo("no telemetry");
  }

  /** One server puts requests back in the slow second; the other is looked at or is not. */
  private static SlowIntervalsFixture two(double silentFrom, double silentUntil) {
    SlowIntervalsFixture run = slowTtft();
    for (int at = 0; at <= 10; at++) {
      run.sampleOf("a", at, "preemptions_count", at > 5 ? 4 : 0);
      if (at <= silentFrom || at >= silentUntil) {
        run.sampleOf("b", at, "preemptions_count", 0);
      }
    }
    return run;
  }

  @Test
  void serverThatIsSilent_makesACountUnknown() {
    assertThat(cause(two(0, 0))).isEqualTo("preemptions");
    assertThat(cause(two(4, 7))).isEqualTo("no telemetry");
    // A server that never tells it has no part in it.
    assertThat(cause(two(0, 0).sampleOf("c", 5, "kv_used_ratio", 0.1))).isEqualTo("preemptions");
  }
}
