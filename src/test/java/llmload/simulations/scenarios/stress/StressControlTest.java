package llmload.simulations.scenarios.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import llmload.config.SettingsReader;
import llmload.metrics.RequestFixture;
import llmload.model.Outcome;
import llmload.model.ServerPlace;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

/** Turns on a clock that only the test moves. */
class StressControlTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = 1;

  private static StressSettings settings(String... pairs) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      given.put("llm.stress." + pairs[i], pairs[i + 1]);
    }
    SettingsReader reader = SettingsReader.of(given, Map.of(), Map.of(), "none");
    StressSettings settings = StressSettings.read(reader);
    reader.requireNoProblems();
    return settings;
  }

  private StressControl control(StressSettings settings) {
    return control(settings, ServerPlace.THIS_MACHINE);
  }

  private StressControl control(StressSettings settings, ServerPlace place) {
    return new StressControl(settings, place, () -> now, Duration.ofSeconds(60));
  }

  /** How many of 100 users would send now. */
  private static long senders(StressControl control) {
    return IntStream.range(0, 100)
        .mapToObj(control::next)
        .filter(turn -> turn.action() == StressTurn.Action.SEND)
        .count();
  }

  @Test
  void steady_growsHoldsAndShrinks_withinItsTime() {
    StressControl control =
        control(settings("pattern", "steady", "maxConcurrency", "41", "duration", "400s"));
    List<Long> load = new ArrayList<>();
    for (int second : new int[] {0, 30, 60, 300, 369, 385}) {
      now = 1 + second * SECOND;
      load.add(senders(control));
    }
    // 60 s up from 1 to 41: 21 half way. 30 s down from 370 s on: half way 21 again.
    assertThat(load).containsExactly(1L, 21L, 41L, 41L, 41L, 21L);
  }

  @Test
  void steady_shorterThanItsRamps_isAtFullLoadForHalfOfItsTime() {
    StressPart part =
        StressPart.steady(
            "steady", 9, Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(30));
    // Ramps of 90 s become 30 s in all, two thirds of them up.
    assertThat(part.stages())
        .extracting(stage -> stage.timeNanos() / SECOND)
        .containsExactly(20L, 30L, 10L);
  }

  @Test
  void ramp_growsInALine_fromOneUserToAll() {
    StressControl control =
        control(settings("pattern", "ramp", "maxConcurrency", "76", "duration", "300s"));
    for (int second = 0; second < 300; second++) {
      now = 1 + second * SECOND;
      // 1 + (76 − 1) · t ÷ 300 s: a user every 4 s, of whom no more is missing than a half.
      assertThat((double) senders(control))
          .as("users after %d s", second)
          .isCloseTo(1 + second / 4.0, within(0.5));
    }
    // Nobody leaves, or comes, between the last line and the end.
    now = 300 * SECOND;
    assertThat(senders(control)).isEqualTo(76);
  }

  @Test
  void spike_burstsAtTheEndOfEachPeriod_atThreeTimesTheBase() {
    StressControl control =
        control(settings("pattern", "spike", "maxConcurrency", "50", "duration", "70s"));
    List<Long> load = new ArrayList<>();
    for (int second : new int[] {0, 24, 25, 29, 30, 54, 55, 60, 69}) {
      now = 1 + second * SECOND;
      load.add(senders(control));
    }
    assertThat(load).containsExactly(10L, 10L, 30L, 30L, 10L, 10L, 30L, 10L, 10L);
  }

  @Test
  void full_hasTheTestsOfTheSuite_inItsOrderAndParts() {
    assertThat(settings().tests())
        .extracting(
            part -> part.name() + " " + part.peakCount(),
            part -> part.stages().stream().mapToLong(StressStage::timeNanos).sum() / SECOND)
        .containsExactly(
            tuple("steady_moderate 12", 100L),
            tuple("steady_high 25", 100L),
            tuple("ramp 50", 150L),
            tuple("spike 30", 150L),
            tuple("pressure 50", 100L));
  }

  @Test
  void stair_endsOnlyWhenItsLastRecordIsThere_andItsOutcomeChoosesTheNext() {
    StressControl control =
        control(
            settings(
                "pattern", "breakingPoint", "step", "2", "maxConcurrency", "9", "stair", "10s"));
    assertThat(senders(control)).isEqualTo(1);
    now += 10 * SECOND;
    assertThat(control.next(0)).isEqualTo(StressTurn.WAIT);
    control.recorded(RequestFixture.chat(10).build());
    assertThat(senders(control)).isEqualTo(3);
    now += 10 * SECOND;
    for (int i = 0; i < 3; i++) {
      assertThat(control.next(0)).isEqualTo(StressTurn.WAIT);
      control.recorded(RequestFixture.chat(10).outcome(Outcome.HTTP_5XX, 503, "full").build());
    }
    // 1 was borne and 3 was not: 2 lies between, for the shorter time.
    StressTurn refined = control.next(0);
    assertThat(refined.userCount()).isEqualTo(2);
    assertThat(refined.stage()).isEqualTo("refine");
    now += 20 * SECOND;
    control.recorded(RequestFixture.chat(10).build());
    assertThat(control.next(0)).isEqualTo(StressTurn.LEAVE);
  }

  @Test
  void production_isHalfAnHourOfAHundred() {
    assertThat(settings("pattern", "production").tests())
        .extracting(
            part -> part.name() + " " + part.peakCount(),
            part -> part.stages().stream().mapToLong(StressStage::timeNanos).sum() / SECOND)
        .containsExactly(tuple("production 100", 1800L));
  }

  private static TelemetrySample host(long atNanos, double cpuRatio) {
    return new TelemetrySample("host", atNanos, Map.of("cpu_busy_ratio", cpuRatio), Map.of());
  }

  /** One stair of one user, looked at twice; the concurrency of the next, 0 for none. */
  private int afterLooksOf(double cpuRatio, ServerPlace place) {
    StressControl control =
        control(settings("pattern", "breakingPoint", "step", "2", "maxConcurrency", "9"), place);
    assertThat(senders(control)).isEqualTo(1);
    now += 30 * SECOND;
    // The request lasts from 0 to 10 ms; the look at 11 ms is no part of the stair.
    control.sampled(host(4_000_000, cpuRatio));
    control.sampled(host(8_000_000, 0.94));
    control.sampled(host(11_000_000, 1));
    control.recorded(RequestFixture.chat(10).build());
    return control.next(0).userCount();
  }

  @Test
  void stair_thatKeepsTheHostTooBusy_fails() {
    // (0.97 + 0.94) ÷ 2 = 0.955 > 0.95; (0.96 + 0.94) ÷ 2 = 0.95 is not.
    assertThat(afterLooksOf(0.97, ServerPlace.THIS_MACHINE)).isZero();
    assertThat(afterLooksOf(0.96, ServerPlace.THIS_MACHINE)).isEqualTo(3);
  }

  @Test
  void stair_thatKeepsAnotherMachineBusy_isBorne() {
    assertThat(afterLooksOf(1, ServerPlace.ANOTHER_MACHINE)).isEqualTo(3);
    assertThat(afterLooksOf(1, ServerPlace.NOT_KNOWN)).isEqualTo(3);
  }

  @Test
  void levels_areHeldOneAfterTheOther() {
    assertThat(settings("pattern", "levels").tests())
        .extracting(
            part -> part.name() + " " + part.peakCount(),
            part -> part.stages().get(0).timeNanos() / SECOND)
        .containsExactly(
            tuple("concurrency_1 1", 300L),
            tuple("concurrency_5 5", 300L),
            tuple("concurrency_10 10", 300L),
            tuple("concurrency_20 20", 300L),
            tuple("concurrency_50 50", 300L));
    assertThat(settings("pattern", "levels", "levels", "2, 3").userCount()).isEqualTo(3);
    assertThatThrownBy(() -> settings("levels", "2,2"))
        .hasMessageContaining("llm.stress.levels: Expecting different whole numbers from 1");
  }

  @Test
  void lostRecord_holdsTheRunUpForNoLongerThanARequestCanTake() {
    StressControl control =
        control(settings("pattern", "pressure", "maxConcurrency", "1", "duration", "10s"));
    assertThat(senders(control)).isEqualTo(1);
    now += 10 * SECOND;
    assertThat(control.next(0)).isEqualTo(StressTurn.WAIT);
    now += 61 * SECOND;
    assertThat(control.next(0)).isEqualTo(StressTurn.LEAVE);
  }
}
