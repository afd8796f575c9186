package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import llmload.metrics.SampleFixture;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Tracks;
import llmload.model.ResultTable;
import llmload.model.SeriesPoint;
import llmload.model.ServerPlace;
import org.jspecify.annotations.Nullable;

/**
 * Builds slow intervals for tests: seconds from 0 on with the p99 of both latencies, and samples
 * beside them.
 */
final class SlowIntervalsFixture {
  /** The second that tests make slow. */
  static final int SLOW = 5;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final double EDGE_SECONDS = 0.001;

  private final Tracks tracks = new Tracks();
  private final List<SeriesPoint> points = new ArrayList<>();
  private ServerPlace place = ServerPlace.THIS_MACHINE;

  /** Ten seconds of a TTFT of 100 ms, but 300 ms in the sixth. */
  static SlowIntervalsFixture slowTtft() {
    return new SlowIntervalsFixture()
        .ttft(100.0, 100.0, 100.0, 100.0, 100.0, 300.0, 100.0, 100.0, 100.0, 100.0);
  }

  /** Ten seconds of an ITL of 20 ms, but 60 ms in the sixth. */
  static SlowIntervalsFixture slowItl() {
    SlowIntervalsFixture fixture = new SlowIntervalsFixture();
    for (int i = 0; i < 10; i++) {
      fixture.second(null, i == SLOW ? 60.0 : 20.0);
    }
    return fixture;
  }

  /** A second for each p99 of the TTFT. */
  SlowIntervalsFixture ttft(@Nullable Double... p99Millis) {
    Arrays.asList(p99Millis).forEach(p99 -> second(p99, null));
    return this;
  }

  /** One more second. */
  SlowIntervalsFixture second(@Nullable Double ttftMillis, @Nullable Double itlMillis) {
    points.add(
        new SeriesPoint(
            points.size(), 1, 1, 1, 0, 1, 10, null, ttftMillis, null, itlMillis, null, null));
    return this;
  }

  SlowIntervalsFixture servedOn(ServerPlace where) {
    place = where;
    return this;
  }

  /** One sample. */
  SlowIntervalsFixture sample(double at, String source, String name, double value) {
    tracks.add(SampleFixture.sample(source, at, name, value, labels(source)));
    return this;
  }

  /** One sample of one of several servers. */
  SlowIntervalsFixture sampleOf(String url, double at, String name, double value) {
    tracks.add(SampleFixture.sample("server", at, name, value, "url", url));
    return this;
  }

  /** A gauge that stands at {@code usual}, but at {@code slow} all through the slow second. */
  SlowIntervalsFixture gauge(String source, String name, double usual, double slow) {
    for (int i = 0; i < points.size(); i++) {
      // The slopes between both lie outside the slow second.
      double value = i == SLOW ? slow : usual;
      sample(i == SLOW + 1 ? i + EDGE_SECONDS : i, source, name, value);
      sample(i == SLOW ? i + 1 : i + 1 - EDGE_SECONDS, source, name, value);
    }
    return sample(points.size(), source, name, usual);
  }

  /**
   * The injector's pauses: each sample is told 0.9 s after a second began and tells of the time
   * since the one before.
   */
  SlowIntervalsFixture pauses(double usual, double slow) {
    for (int i = 0; i < points.size(); i++) {
      sample(i + 0.9, "injector", "event_loop_lag_max_ms", i == SLOW ? slow : usual);
    }
    return this;
  }

  /**
   * A counter that is looked at {@code at} after each second began, and grows by {@code each}
   * between two looks, but by {@code once} between that in the slow second and the next.
   */
  SlowIntervalsFixture counter(String name, double at, double each, double once) {
    double value = 0;
    for (int i = -1; i <= points.size(); i++) {
      sample(i + at, "server", name, value);
      value += i == SLOW ? once : each;
    }
    return this;
  }

  /** A cell by its column's name. */
  static @Nullable Object cell(ResultTable table, int row, String column) {
    List<String> names = table.columns().stream().map(ResultTable.Column::name).toList();
    return table.rows().get(row).get(names.indexOf(column));
  }

  private static String[] labels(String source) {
    return switch (source) {
      case "gpu" -> new String[] {"uuid", "GPU-1"};
      case "server" -> new String[] {"url", "a"};
      default -> new String[0];
    };
  }

  SlowIntervals build() {
    Watch watch =
        new Watch(
            tracks,
            new SourceAccounts(),
            new Span(0, points.size() * SECOND_NANOS),
            new Coverage(3 * SECOND_NANOS));
    List<Span> intervals = SeriesJoin.intervals(points, 0);
    return new SlowIntervals(
        watch, place, points, intervals, new SeriesJoin(watch, intervals).series());
  }
}
