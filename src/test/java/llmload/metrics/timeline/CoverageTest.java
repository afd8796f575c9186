package llmload.metrics.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static final long SECOND = 1_000_000_000L;

  private final Coverage eachSecond = Coverage.of(Map.of());

  /** A counter that grows by 2 a second, told every so many seconds. */
  private static Timeline told(int everySeconds, int untilSeconds) {
    Timeline counter = new Timeline();
    for (int at = 0; at <= untilSeconds; at += everySeconds) {
      counter.add(at * SECOND, 2 * at);
    }
    return counter;
  }

  private static Span span(int fromSeconds, int toSeconds) {
    return new Span(fromSeconds * SECOND, toSeconds * SECOND);
  }

  @Test
  void gap_isThreeIntervals_oneAndAHalfSecondsAtLeast() {
    assertThat(Coverage.of(Map.of()).mostGapNanos()).isEqualTo(3 * SECOND);
    assertThat(Coverage.of(Map.of("telemetry.interval", "100ms")).mostGapNanos())
        .isEqualTo(3 * SECOND / 2);
    assertThat(Coverage.of(Map.of("telemetry.interval", "30s")).mostGapNanos())
        .isEqualTo(90 * SECOND);
  }

  @Test
  void sourceOfASlowPace_countsWhereItsPaceIsASmallShareOfTheSpan() {
    // 0.05 of 300 s are the 15 s at which new values come; of 270 s they are 13.5, and with a tenth
    // more for sources that keep their pace roughly 14.85.
    Timeline counter = told(15, 600);

    Growth growth = eachSecond.growth(counter, span(100, 400));
    assertThat(growth).isNotNull();
    assertThat(growth.value()).isCloseTo(600, within(1e-9));
    assertThat(eachSecond.integral(counter, span(100, 400))).isNotNull();
    assertThat(eachSecond.integral(counter, span(100, 370))).isNull();
    assertThat(eachSecond.level(counter, span(100, 101))).isNull();
  }

  @Test
  void growthAround_isKnown_whereNoGapAndNoNewStartIsInIt() {
    Timeline counter = told(3, 30);
    // From 3 to 9 s by 2 a second.
    Growth growth = eachSecond.growthAround(counter, span(4, 8));
    assertThat(growth).isNotNull();
    assertThat(growth.value()).isEqualTo(12);
    assertThat(eachSecond.growthAround(told(4, 40), span(5, 6))).isNull();
    assertThat(eachSecond.growthAround(counter, span(29, 31))).isNull();
    assertThat(eachSecond.growthAround(null, span(4, 8))).isNull();
    counter.add(33 * SECOND, 1);
    assertThat(eachSecond.growthAround(counter, span(29, 30))).isNotNull();
    assertThat(eachSecond.growthAround(counter, span(29, 31))).isNull();
  }

  @Test
  void sourceThatKeepsItsPaceRoughly_isKnownAllTheSame() {
    Timeline gauge = new Timeline();
    for (int i = 0; i <= 60; i++) {
      long jitterNanos = (i % 3 - 1) * 20_000_000L;
      gauge.add(i * 15L * SECOND + jitterNanos, 1);
    }

    Level level = eachSecond.known(gauge, span(100, 400));

    assertThat(level).isNotNull();
    assertThat(level.coveredRatio()).isEqualTo(1);
  }

  @Test
  void outageOfASourceOfAFastPace_isNotBridged() {
    // 0.05 of the span are 30 s, and 33 s are allowed; a source that tells each second and was
    // silent for 29 s has a gap.
    Timeline gauge = new Timeline();
    for (int at = 0; at <= 600; at++) {
      if (at <= 200 || at >= 229) {
        gauge.add(at * SECOND, 1);
      }
    }
    Level level = eachSecond.known(gauge, span(0, 600));

    assertThat(level).isNotNull();
    assertThat(level.coveredRatio()).isCloseTo(571 / 600.0, within(1e-9));
  }

  @Test
  void sumOfSeveralOfASlowPace_isKnown_thoughTheirSamplesAreUnevenlySpaced() {
    // At 0, 1, 2, 15, 16, 17 s and so on: most steps are of 1 s, the others of 13 s.
    List<Timeline> gauges = List.of(constant(7, 0), constant(5, 1), constant(3, 2));

    Level sum = eachSecond.sum(gauges, span(2, 600));

    assertThat(sum).isNotNull();
    assertThat(sum.mean()).isCloseTo(15, within(1e-9));
    assertThat(sum.coveredRatio()).isEqualTo(1);
  }

  private static Timeline constant(double value, int fromSeconds) {
    Timeline gauge = new Timeline();
    for (int at = fromSeconds; at <= 620; at += 15) {
      gauge.add(at * SECOND, value);
    }
    return gauge;
  }
}
