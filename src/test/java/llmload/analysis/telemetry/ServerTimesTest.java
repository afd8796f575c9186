package llmload.analysis.telemetry;

import static llmload.analysis.telemetry.SlowRequestFixture.gaps;
import static llmload.analysis.telemetry.SlowRequestFixture.ordinary;
import static llmload.analysis.telemetry.SlowRequestFixture.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.metrics.SampleFixture;
import llmload.model.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A request that was sent after 20 s and waited from 20.001 to 22.101 s for its first token, 2000
 * ms more than usual, so that a part is its cause from 1000 ms on. The looks around it are those
 * from 20 to 23 s.
 */
class ServerTimesTest {
  private static final double SECOND = 1e9;
  private static final int FIRST = 20;
  private static final int LAST = 23;

  private final SlowRequestFixture run = new SlowRequestFixture();

  private List<@Nullable Object> slowest() {
    return table(run.measured(ordinary(gaps(2_101, 10, 10))), "slowest").rows().get(0);
  }

  private String cause() {
    return String.valueOf(slowest().get(4));
  }

  private String because() {
    return String.valueOf(slowest().get(10));
  }

  /**
   * Looks at a server each second, in which {@code each} requests go through a part of it; the mean
   * of those around the wait is another.
   */
  private ServerTimesTest part(
      String url, String part, int each, double usualSeconds, double slowSeconds) {
    double spent = 0;
    for (int second = 0; second <= 40; second++) {
      boolean slow = second > FIRST && second <= LAST;
      spent += second == 0 ? 0 : each * (slow ? slowSeconds : usualSeconds);
      Map<String, Double> values = new HashMap<>();
      values.put(part + "_count", (double) each * second);
      values.put(part + "_seconds", spent);
      run.samples().add(SampleFixture.sample("server", second, values, "url", url));
    }
    return this;
  }

  private ServerTimesTest waiting(String url, double usual, double slow) {
    for (int second = 0; second <= 40; second++) {
      double value = second > FIRST && second <= LAST ? slow : usual;
      run.samples()
          .add(SampleFixture.sample("server", second, "requests_waiting_count", value, "url", url));
    }
    return this;
  }

  private ServerTimesTest anew() {
    run.samples().clear();
    return this;
  }

  @Test
  void meanTimeInTheQueue_ofHalfAsMuch_isTheQueue_sinceTheLastOfABurstWaitsTwiceTheMean() {
    // Twice 0.5 s are 1000 ms; eight a second spent 12 s around the wait.
    assertThat(part("a", "queue", 8, 0, 0.5).cause()).isEqualTo("server queue");
    assertThat(slowest().get(5)).isEqualTo(1_000.0);
    assertThat(because()).isEqualTo("up to 1000 ms in the queue by the server's metrics");
    assertThat(anew().part("a", "queue", 8, 0, 0.499).cause()).isEqualTo("unattributed");
  }

  @Test
  void allOfTheTimeInTheQueue_limitsWhatOneRequestWaited() {
    // Three left the queue around the wait, after 0.5 s each: 1.5 s. Of one alone that is 0.75 s.
    assertThat(part("a", "queue", 1, 0, 0.5).cause()).isEqualTo("server queue");
    anew();
    for (int second = 0; second <= 40; second++) {
      double left = second / 4 + (second > 22 ? 1 : 0);
      double spent = second > 22 ? 0.75 : 0;
      run.samples()
          .add(
              SampleFixture.sample(
                  "server",
                  second,
                  Map.of("queue_count", left, "queue_seconds", spent),
                  "url",
                  "a"));
    }
    assertThat(cause()).isEqualTo("unattributed");
  }

  @Test
  void queueThatIsAlwaysThere_explainsNothing() {
    // Each waits half a second, before and after as well.
    assertThat(part("a", "queue", 8, 0.5, 0.5).cause()).isEqualTo("unattributed");
    // Twice the 0.5 s that are more than usual.
    assertThat(anew().part("a", "queue", 8, 0.5, 1).cause()).isEqualTo("server queue");
    assertThat(anew().waiting("a", 3, 3).cause()).isEqualTo("unattributed");
    // Rising in the first second: a mean of (4.9 + 1.1 x 6.8) / 2.1 = 5.9, and of 6.2.
    assertThat(anew().waiting("a", 3, 6.8).cause()).isEqualTo("unattributed");
    assertThat(anew().waiting("a", 3, 7.2).cause()).isEqualTo("server queue");
  }

  @Test
  void burstAtTheEndOfTheWait_isNotThinnedOutByThoseBefore() {
    // From 20 to 22 s none of the 16 waited, from 22 to 23 s eight of them for 0.5 s.
    for (int second = 0; second <= 40; second++) {
      double spent = second > 22 ? 4 : 0;
      Map<String, Double> values = Map.of("queue_count", 8.0 * second, "queue_seconds", spent);
      run.samples().add(SampleFixture.sample("server", second, values, "url", "a"));
    }
    assertThat(cause()).isEqualTo("server queue");
  }

  @Test
  void stallOfTheNetwork_isNobodysWork() {
    // Of 8 ms at the server 5 on the prompt: 2 s are not.
    part("a", "queue", 10, 0.003, 0.003).part("a", "prefill", 10, 0.005, 0.005).waiting("a", 0, 0);

    assertThat(cause()).isEqualTo("unattributed");
    assertThat(slowest().get(5)).isNull();
    assertThat(because())
        .isEqualTo(
            "2000 ms more than usual to the first token; not in the server's queue nor on its prompt"
                + " by its metrics: between it and the client, or not told");
  }

  @Test
  void emptyQueue_isNoEvidenceOfPrefill() {
    assertThat(waiting("a", 0, 0).cause()).isEqualTo("unattributed");
    assertThat(because()).endsWith("and no sample tells of its prompt");
  }

  @Test
  void timeOnThePrompt_isPrefill_byItsOwnCounterOrTheTimeToFirstTokenLessTheQueue() {
    waiting("a", 0, 0);
    assertThat(part("a", "prefill", 8, 0.01, 0.51).cause()).isEqualTo("prefill");
    assertThat(anew().waiting("a", 0, 0).part("a", "prefill", 8, 0.01, 0.509).cause())
        .isEqualTo("unattributed");
    // 0.625 s to the first token, of which 0.125 in the queue, usually none.
    anew().part("a", "queue", 8, 0, 0.125);
    assertThat(part("a", "ttft", 8, 0, 0.625).cause()).isEqualTo("prefill");
    anew().part("a", "queue", 8, 0, 0.125);
    assertThat(part("a", "ttft", 8, 0, 0.624).cause()).isEqualTo("unattributed");
    // First tokens of others than those that left the queue.
    anew().part("a", "queue", 6, 0, 0.125);
    assertThat(part("a", "ttft", 8, 0, 0.7).cause()).isEqualTo("unattributed");
  }

  @Test
  void counters_goBeforeTheLengthOfTheQueue_whichMissesBursts() {
    assertThat(waiting("a", 0, 0).part("a", "queue", 8, 0, 0.5).cause()).isEqualTo("server queue");
    assertThat(anew().waiting("a", 0, 9).part("a", "queue", 8, 0, 0.1).cause())
        .isEqualTo("unattributed");
  }

  @Test
  void severalServers_allMustSupportIt_sinceWhoTookTheRequestIsNotKnown() {
    assertThat(waiting("a", 0, 5).waiting("b", 0, 5).cause()).isEqualTo("server queue");
    assertThat(anew().waiting("a", 0, 0).waiting("b", 0, 5).cause()).isEqualTo("unattributed");
    anew().part("a", "queue", 8, 0, 0.5);
    assertThat(part("b", "queue", 8, 0, 0.5).cause()).isEqualTo("server queue");
    anew().part("a", "queue", 8, 0, 0.5);
    assertThat(part("b", "queue", 8, 0, 0.1).cause()).isEqualTo("unattributed");
    // One that does not tell its queue may have taken it.
    run.samples().removeIf(sample -> "b".equals(sample.labels().get("url")));
    assertThat(cause()).isEqualTo("server queue");
    run.samples().add(SampleFixture.sample("server", 5, "prefill_count", 1, "url", "b"));
    assertThat(cause()).isEqualTo("unattributed");
  }

  /** The cause of a request that failed at 24.001 s, of looks between which nobody looked. */
  private String failed(int silentFrom, int silentUntil) {
    run.samples()
        .removeIf(s -> s.atNanos() > silentFrom * SECOND && s.atNanos() < silentUntil * SECOND);
    RequestFixture failed =
        RequestFixture.chat(4_001).connected(1).outcome(Outcome.TOTAL_TIMEOUT, 200, "x");
    return String.valueOf(table(run.measured(failed), "slowest_failed").rows().get(0).get(5));
  }

  @Test
  void serverThatWasSilentMeanwhile_hasNoTimesAroundTheWait() {
    // Three seconds between two looks are no gap, four are.
    assertThat(part("a", "queue", 8, 0, 2).failed(20, 23)).isEqualTo("server queue");
    assertThat(anew().part("a", "queue", 8, 0, 2).failed(20, 24)).isEqualTo("unattributed");
    // The gap begins within the wait and ends long after it.
    assertThat(anew().part("a", "queue", 8, 0, 2).failed(23, 40)).isEqualTo("unattributed");
  }

  @Test
  void serverThatBeganAnewMeanwhile_hasNoTimesAroundTheWait() {
    for (int anewAt : new int[] {22, 26}) {
      anew();
      for (int second = 0; second <= 40; second++) {
        int since = second < anewAt ? second : second - anewAt;
        double spent = second > FIRST ? 16.0 * since : 0;
        Map<String, Double> values = Map.of("queue_count", 8.0 * since, "queue_seconds", spent);
        run.samples().add(SampleFixture.sample("server", second, values, "url", "a"));
      }
      assertThat(failed(0, 0)).isEqualTo(anewAt == 22 ? "unattributed" : "server queue");
    }
  }
}
