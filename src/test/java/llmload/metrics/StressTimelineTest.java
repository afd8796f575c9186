package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import llmload.model.Outcome;
import org.junit.jupiter.api.Test;

class StressTimelineTest {
  private final StressTimeline timeline = new StressTimeline();

  /** One request of {@code millis}, sent at that moment. */
  private void ok(double sentMillis, int millis) {
    timeline.add(RequestFixture.stream(millis).sent(sentMillis).build());
  }

  @Test
  void windows_areOfOneLength_fromTheFirstSentToTheLastEnd() {
    // 40 answers make two windows of 0 to 4 s: 20 end before 2 s after 100 ms each, 20 after 150.
    for (int i = 0; i < 20; i++) {
      ok(i * 100, 100 - (i == 19 ? 1 : 0));
    }
    for (int i = 0; i < 19; i++) {
      ok(2000 + i * 50, 150);
    }
    ok(3850, 150);
    timeline.add(RequestFixture.chat(10).sent(3900).outcome(Outcome.HTTP_5XX, 503, "full").build());
    timeline.add(RequestFixture.chat(500).sent(0).outcome(Outcome.INCOMPLETE, null, "").build());

    List<StressWindow> windows = timeline.windows();
    assertThat(windows)
        .containsExactly(
            new StressWindow(0, 2, 20, 0, 100.0), new StressWindow(2, 4, 20, 1, 150.0));
    assertThat(windows.get(1).errorRatio()).isCloseTo(1 / 21.0, within(1e-12));
    // 150 ÷ 100 − 1.
    assertThat(StressTimeline.degradationRatio(windows.get(0), windows.get(1)))
        .isCloseTo(0.5, within(1e-12));
  }

  @Test
  void fewAnswers_areOneWindow_andNotCompared() {
    for (int i = 0; i < 9; i++) {
      ok(i * 100, 100);
    }
    StressWindow only = timeline.windows().get(0);
    assertThat(timeline.windows()).hasSize(1);
    assertThat(StressTimeline.degradationRatio(only, only)).isNull();
  }

  @Test
  void thousandAnswers_areTenWindows() {
    for (int i = 0; i < 1000; i++) {
      ok(i * 10, 10);
    }
    assertThat(timeline.windows()).hasSize(10);
    assertThat(timeline.windows().stream().mapToLong(StressWindow::okCount).sum()).isEqualTo(1000);
  }

  @Test
  void nothingTaken_hasNoWindows() {
    assertThat(timeline.windows()).isEmpty();
  }
}
