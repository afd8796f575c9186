package llmload.metrics.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import llmload.testing.Fixtures;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final long SECOND = 1_000_000_000L;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS", Locale.ROOT);

  /** Values a second apart from 0 on; NaN is no sample. */
  private static Timeline eachSecond(double... values) {
    Timeline timeline = new Timeline();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        timeline.add(i * SECOND, values[i]);
      }
    }
    return timeline;
  }

  private static Span span(double fromSeconds, double toSeconds) {
    return new Span(Math.round(fromSeconds * SECOND), Math.round(toSeconds * SECOND));
  }

  private static Growth grown(Timeline timeline, Span span, int mostGapSeconds) {
    Growth growth = timeline.growth(span, mostGapSeconds * SECOND);
    assertThat(growth).isNotNull();
    return growth;
  }

  private static Level stood(Timeline timeline, Span span, int mostGapSeconds) {
    Level level = timeline.level(span, mostGapSeconds * SECOND);
    assertThat(level).isNotNull();
    return level;
  }

  @Test
  void growth_betweenSamples_isAStraightLine() {
    // At 0.5 s the counter stands at 5, at 2.25 s at 40 + 0.25 x 40 = 50.
    Growth growth = grown(eachSecond(0, 10, 40, 80), span(0.5, 2.25), 3);

    assertThat(growth.value()).isCloseTo(45, within(1e-9));
    // Of the 10 of the first second half lie within; of the 40 of the third a quarter, though it
    // may
    // be none of the first ones and all of the last ones, or the other way.
    assertThat(growth.edgeError()).isCloseTo(5 + 30, within(1e-9));
    assertThat(growth.resetCount()).isZero();
    assertThat(growth.coveredRatio()).isEqualTo(1);
  }

  @Test
  void growth_acrossAFall_addsBothStretches_andTellsIt() {
    // 100 to 130, then anew: 0 to 20 until the fall's sample, 20 to 50 after it.
    Growth growth = grown(eachSecond(100, 130, 20, 50), span(0, 3), 3);

    assertThat(growth.value()).isCloseTo(30 + 20 + 30, within(1e-9));
    assertThat(growth.resetCount()).isEqualTo(1);
  }

  @Test
  void growth_overAGapWithin_isKnown_overAnEdgeItIsNot() {
    Timeline counter = eachSecond(0, 10, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 60, 70);

    Growth within = grown(counter, span(0, 7), 3);
    assertThat(within.value()).isCloseTo(70, within(1e-9));
    assertThat(within.coveredRatio()).isEqualTo(1);
    // The gap from 1 to 6 s lies over the edge at 4 s: only 6 to 8 of the 4 seconds are known.
    Growth over = grown(counter, span(4, 7), 3);
    assertThat(over.value()).isCloseTo(10, within(1e-9));
    assertThat(over.coveredRatio()).isCloseTo(1.0 / 3, within(1e-9));
  }

  @Test
  void growth_beyondTheSamples_isNotKnown() {
    Growth growth = grown(eachSecond(0, 10, 20), span(1, 5), 3);

    assertThat(growth.value()).isCloseTo(10, within(1e-9));
    assertThat(growth.coveredRatio()).isEqualTo(0.25);
    assertThat(eachSecond(0, 10).growth(span(5, 6), SECOND)).isNull();
    assertThat(new Timeline().growth(span(0, 1), SECOND)).isNull();
  }

  @Test
  void growth_isNeverLessThanNothing_andNeverMadeNothing() {
    assertThat(grown(eachSecond(5, 5, 5), span(0, 2), 3).value()).isZero();
    assertThat(grown(eachSecond(9, 3), span(0, 1), 3).value()).isEqualTo(3);
  }

  @Test
  void growthAround_takesTheNearestSamplesOutside() {
    Timeline counter = eachSecond(0, 10, 40, 80, 100);
    Growth around = counter.growthAround(span(1.5, 2.5));
    assertThat(around).isNotNull();
    // From 10, at 1 s, to 80, at 3 s.
    assertThat(around.value()).isEqualTo(70);
    assertThat(counter.growthAround(span(9, 10))).isNull();
  }

  @Test
  void level_isWeighedByTime_andIntegratesTrapezoids() {
    // Two seconds from 10 to 30 (mean 20), one second at 30: integral 40 + 30, over 3 s.
    Level level = stood(eachSecond(10, Double.NaN, 30, 30), span(0, 3), 2);

    assertThat(level.integral()).isCloseTo(70, within(1e-9));
    assertThat(level.mean()).isCloseTo(70 / 3.0, within(1e-9));
    assertThat(level.min()).isEqualTo(10);
    assertThat(level.max()).isEqualTo(30);
    assertThat(level.coveredRatio()).isEqualTo(1);
  }

  @Test
  void level_hasItsMeanBetweenItsExtremes_thoughItBeginsBetweenTwoSamples() {
    // From 0.5 s, at 5, over 10 at 1 s, to 1.5 s, at 10.
    Level level = stood(eachSecond(0, 10, 10), span(0.5, 1.5), 3);

    assertThat(level.min()).isEqualTo(5);
    assertThat(level.mean()).isCloseTo(8.75, within(1e-9));
    assertThat(level.max()).isEqualTo(10);
    assertThat(level.sampleCount()).isEqualTo(1);
  }

  @Test
  void level_ofAGap_coversNone() {
    Level level = stood(eachSecond(10, 10, Double.NaN, Double.NaN, 50, 50), span(0, 5), 1);

    assertThat(level.coveredRatio()).isCloseTo(0.4, within(1e-9));
    assertThat(level.integral()).isCloseTo(60, within(1e-9));
    assertThat(level.max()).isEqualTo(50);
  }

  @Test
  void level_betweenTwoSamples_isTheLineBetweenThem() {
    Level level = stood(eachSecond(0, 100), span(0.2, 0.4), 3);

    assertThat(level.sampleCount()).isZero();
    assertThat(level.mean()).isCloseTo(30, within(1e-9));
    assertThat(level.min()).isCloseTo(20, within(1e-9));
    assertThat(level.max()).isCloseTo(40, within(1e-9));
  }

  @Test
  void momentsOfANumberThatCannotStandStill_areThoseAtWhichItMoved() {
    // Repeats are old values; the first one was already old when it was first seen.
    Timeline counter = eachSecond(5, 5, 8, 8, 8, 14);
    assertThat(counter.movedAtNanos()).containsExactly(2 * SECOND, 5 * SECOND);
    // A reset is a new value as well.
    assertThat(eachSecond(5, 6, 1).movedAtNanos()).containsExactly(0, SECOND, 2 * SECOND);
    assertThat(eachSecond(5).movedAtNanos()).containsExactly(0);
    assertThat(eachSecond(5, 5, 5).movedAtNanos()).isEmpty();

    Timeline fresh = counter.only(counter.movedAtNanos());
    assertThat(grown(fresh, span(2, 5), 3).value()).isEqualTo(6);
    assertThat(fresh.size()).isEqualTo(2);
  }

  @Test
  void sum_ofGaugesReadAtDifferentMoments_isThatOfEachMoment() {
    Timeline second = new Timeline();
    second.add(SECOND / 2, 100);
    second.add(5 * SECOND / 2, 300);

    Timeline sum = Timeline.sum(List.of(eachSecond(10, 20, 30), second), one -> 3 * SECOND);

    // Known from 0.5 to 2 s: 15 + 100, 20 + 150, 30 + 250; before and after one of them is not.
    assertThat(sum.valuesAround(span(0, 3))).containsExactly(115, 170, 280);
  }

  @Test
  void sum_overAGapOfOne_isAGap() {
    Timeline gap = eachSecond(1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1);
    Timeline sum =
        Timeline.sum(List.of(eachSecond(10, 10, 10, 10, 10, 10), gap), one -> 3 * SECOND);

    assertThat(sum.size()).isEqualTo(2);
    assertThat(stood(sum, span(0, 5), 3).coveredRatio()).isZero();
  }

  @Test
  void pace_isTheMedianStep_whateverIsMissing() {
    assertThat(eachSecond(1, 2, 3, Double.NaN, Double.NaN, 4).paceNanos()).isEqualTo(SECOND);
    assertThat(eachSecond(1).paceNanos()).isZero();
    Timeline grows = eachSecond(1, 2);
    assertThat(grows.paceNanos()).isEqualTo(SECOND);
    grows.add(5 * SECOND, 3);
    grows.add(9 * SECOND, 3);
    assertThat(grows.paceNanos()).isEqualTo(4 * SECOND);
  }

  @Test
  void samplesOutOfOrder_findTheirPlace() {
    Timeline timeline = new Timeline();
    timeline.add(2 * SECOND, 20);
    timeline.add(0, 0);
    timeline.add(SECOND, 5);
    timeline.add(SECOND, 10);

    assertThat(timeline.size()).isEqualTo(3);
    assertThat(grown(timeline, span(0.5, 2), 3).value()).isCloseTo(15, within(1e-9));
  }

  @Test
  void power_ofTheConstructedRtx4090_isItsTrapezoid() {
    Timeline power = column("nvidia-smi-rtx4090.csv", "power.draw [W]", null);
    Timeline memory = column("nvidia-smi-rtx4090.csv", "memory.used [MiB]", null);
    Span all = new Span(0, Math.round(5.505 * SECOND));

    // By a script over the twelve rows: 1855.503 J over 5.505 s; peak 22272 MiB.
    assertThat(stood(power, all, 3).integral()).isCloseTo(1855.503, within(5e-4));
    assertThat(stood(power, all, 3).coveredRatio()).isEqualTo(1);
    assertThat(stood(memory, all, 3).max()).isEqualTo(22272);
  }

  @Test
  void power_ofTheConstructedA100s_dependsOnTheGapThatIsAllowed() {
    Timeline first = column("nvidia-smi-a100.csv", "power.draw [W]", "0");
    Timeline second = column("nvidia-smi-a100.csv", "power.draw [W]", "1");
    Span window = new Span(0, 5 * SECOND);

    // By a script over the rows; one cell of the second GPU is an error, so a gap of 2 s.
    assertThat(stood(first, window, 3).integral()).isCloseTo(1493.675, within(5e-4));
    assertThat(stood(second, window, 3).integral()).isCloseTo(1255.585, within(5e-4));
    Level strict = second.level(window, 3 * SECOND / 2);
    assertThat(strict).isNotNull();
    assertThat(strict.integral()).isCloseTo(794.495, within(5e-4));
    assertThat(strict.coveredRatio()).isCloseTo(0.6, within(1e-9));
  }

  /** A column of numbers by the rows' own stamps, of one GPU where {@code index} is given. */
  private static Timeline column(String file, String name, @Nullable String index) {
    List<String> lines = Fixtures.text("telemetry/" + file).lines().toList();
    List<String> head = List.of(lines.get(0).split(", ", -1));
    Timeline timeline = new Timeline();
    LocalDateTime begun = null;
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = List.of(line.split(", ", -1));
      String cell = cells.get(head.indexOf(name)).split(" ", -1)[0];
      boolean wanted = index == null || cells.get(head.indexOf("index")).equals(index);
      if (wanted && cell.matches("[0-9.]+")) {
        LocalDateTime at = LocalDateTime.parse(cells.get(0), STAMP);
        begun = begun == null ? at : begun;
        timeline.add(Duration.between(begun, at).toNanos(), Double.parseDouble(cell));
      }
    }
    return timeline;
  }
}
