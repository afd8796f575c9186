package llmload.analysis;

import static llmload.metrics.RequestFixture.chat;
import static llmload.metrics.RequestFixture.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import llmload.model.Outcome;
import llmload.model.SeriesPoint;
import org.junit.jupiter.api.Test;

class SeriesCollectorTest {
  @Test
  void points_nothing_areNone() {
    assertThat(new SeriesCollector().points()).isEmpty();
  }

  @Test
  void points_twoRequests_countWhereThingsHappened() {
    SeriesCollector series = new SeriesCollector();
    // Sent at 1.0 s; tokens at 1.4, 1.9, 2.1 and 3.5 s; ends at 3.5 s.
    series.add(stream(400, 500, 200, 1_400).sent(1_000).build());
    // Sent at 2.0 s, fails at 2.6 s; its token counts nowhere.
    series.add(stream(300).sent(2_000).end(600).outcome(Outcome.HTTP_5XX, 500, null).build());
    List<SeriesPoint> points = series.points();
    // The window ends at 3.5 s: half an interval remains as the last point.
    assertThat(points).hasSize(3);
    // The ITL of 500 ms falls into a bin of two digits: at most 1 % off.
    SeriesPoint first = points.get(0);
    assertThat(first.startSeconds()).isZero();
    assertThat(first.widthSeconds()).isEqualTo(1);
    assertThat(first.startedCount()).isEqualTo(1);
    assertThat(first.activeCount()).isEqualTo(1);
    assertThat(first.outputTokenCount()).isEqualTo(2);
    assertThat(first.ttftP50Millis()).isNotNull().isCloseTo(400, within(4.0));
    assertThat(first.itlP99Millis()).isNotNull().isCloseTo(500, within(5.0));
    // Its last token came 2.5 s after it was sent; the failed one's end counts nowhere.
    assertThat(first.e2eP50Millis()).isNotNull().isCloseTo(2_500, within(25.0));
    SeriesPoint second = points.get(1);
    assertThat(second.e2eP50Millis()).isNull();
    assertThat(second.startedCount()).isEqualTo(1);
    assertThat(second.failedCount()).isEqualTo(1);
    assertThat(second.okCount()).isZero();
    assertThat(second.activeCount()).isEqualTo(1);
    assertThat(second.outputTokenCount()).isEqualTo(1);
    assertThat(second.ttftP50Millis()).isNull();
    SeriesPoint third = points.get(2);
    assertThat(third.startSeconds()).isEqualTo(2);
    assertThat(third.widthSeconds()).isEqualTo(0.5);
    assertThat(third.okCount()).isEqualTo(1);
    assertThat(third.activeCount()).isZero();
    assertThat(third.outputTokenCount()).isEqualTo(1);
  }

  @Test
  void points_emptyInterval_isAGap() {
    SeriesCollector series = new SeriesCollector();
    series.add(stream(100, 10).sent(0).build());
    series.add(stream(100, 10).sent(2_000).end(1_000).build());
    SeriesPoint gap = series.points().get(1);
    assertThat(gap.startedCount()).isZero();
    assertThat(gap.ttftP50Millis()).isNull();
    assertThat(gap.itlP50Millis()).isNull();
  }

  @Test
  void points_sliversAtTheEdges_areJoinedToTheirNeighbours() {
    SeriesCollector series = new SeriesCollector();
    // 0.9 s → 3.2 s: 0.1 s in the first interval, 0.2 s in the last.
    series.add(stream(50, 2_250).sent(900).build());
    List<SeriesPoint> points = series.points();
    assertThat(points).hasSize(2);
    assertThat(points.get(0).startSeconds()).isZero();
    assertThat(points.get(0).widthSeconds()).isCloseTo(1.1, within(1e-9));
    assertThat(points.get(1).widthSeconds()).isCloseTo(1.2, within(1e-9));
    assertThat(points.get(1).okCount()).isEqualTo(1);
    assertThat(points.get(0).outputTokenCount()).isEqualTo(1);
  }

  @Test
  void points_shortRun_isOnePointOfItsLength() {
    SeriesCollector series = new SeriesCollector();
    series.add(chat(30).sent(990).build());
    assertThat(series.points()).hasSize(1);
    assertThat(series.points().get(0).widthSeconds()).isCloseTo(0.03, within(1e-9));
  }

  @Test
  void points_longRun_doubleInWidthAndLoseNothing() {
    SeriesCollector series = new SeriesCollector();
    Random random = new Random(3);
    long tokens = 0;
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      // Over 5,000 s; 600 intervals of 8 s reach only to 4,800 s, of 16 s to 9,600 s.
      int sentMillis = i * 2_500;
      series.add(stream(200, random.nextInt(3_000), 400).sent(sentMillis).build());
      tokens += 3;
    }
    List<SeriesPoint> points = series.points();
    assertThat(points).hasSizeLessThanOrEqualTo(SeriesCollector.MAX_POINTS);
    assertThat(points.get(5).widthSeconds()).isEqualTo(16);
    assertThat(points.stream().mapToLong(SeriesPoint::startedCount).sum()).isEqualTo(count);
    assertThat(points.stream().mapToLong(SeriesPoint::okCount).sum()).isEqualTo(count);
    assertThat(points.stream().mapToLong(SeriesPoint::outputTokenCount).sum()).isEqualTo(tokens);
    assertThat(points.get(points.size() - 1).activeCount()).isZero();
    for (int i = 1; i < points.size(); i++) {
      SeriesPoint before = points.get(i - 1);
      assertThat(points.get(i).startSeconds())
          .isCloseTo(before.startSeconds() + before.widthSeconds(), within(1e-6));
    }
  }
}
