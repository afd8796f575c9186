package llmload.report.html;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import llmload.model.SeriesPoint;
import llmload.report.Figures;
import org.jspecify.annotations.Nullable;

/**
 * A chart over the run's time. Intervals in which requests failed carry a mark on the time axis.
 */
final class LineChart {
  private final List<Line> lines;
  private final List<SeriesPoint> series;
  private final double endSeconds;
  private final Plane plane;

  /** A unit for the time axis. */
  record TimeUnit(String name, double seconds) {
    /** The unit of an axis that holds {@code series}. */
    static TimeUnit of(List<SeriesPoint> series) {
      return series.isEmpty() ? of(0) : of(endSeconds(series));
    }

    private static TimeUnit of(double seconds) {
      if (seconds > 3 * 3600) {
        return new TimeUnit("h", 3600);
      }
      return seconds > 300 ? new TimeUnit("min", 60) : new TimeUnit("s", 1);
    }
  }

  LineChart(String title, String unit, List<Line> lines, List<SeriesPoint> series) {
    this.lines = lines;
    this.series = series;
    TimeUnit time = TimeUnit.of(series);
    Axis x = Axis.upTo(endSeconds(series) / time.seconds(), 6);
    this.endSeconds = x.end() * time.seconds();
    double largest = lines.stream().flatMapToDouble(LineChart::values).max().orElse(0);
    this.plane = new Plane(summary(title, unit, lines), Axis.upTo(largest, 5), unit);
    for (BigDecimal tick : x.values()) {
      plane.tick(tick.doubleValue() / x.end(), Figures.exact(tick.doubleValue()));
    }
    plane.caption("time since the first request (" + time.name() + ")");
  }

  /** The SVG; its only texts are the kit's own words and numbers. */
  String svg() {
    failures();
    lines.forEach(this::line);
    return plane.svg();
  }

  /** Where an interval stands on the time axis. */
  static double middleSeconds(SeriesPoint point) {
    return point.startSeconds() + point.widthSeconds() / 2;
  }

  private static double endSeconds(List<SeriesPoint> series) {
    SeriesPoint last = series.get(series.size() - 1);
    return last.startSeconds() + last.widthSeconds();
  }

  private static String summary(String title, String unit, List<Line> lines) {
    StringBuilder text = new StringBuilder(title).append(", ").append(unit).append('.');
    for (Line line : lines) {
      double least = values(line).min().orElse(Double.NaN);
      double most = values(line).max().orElse(Double.NaN);
      text.append(
          " %s from %s to %s.".formatted(line.label(), Figures.of(least), Figures.of(most)));
    }
    return text.append(" The numbers are in the table below the charts.").toString();
  }

  private static DoubleStream values(Line line) {
    return line.values().stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue);
  }

  private void failures() {
    for (SeriesPoint point : series) {
      if (point.failedCount() > 0) {
        plane.add(
            "<path class=\"mark\" d=\"M%s %sl-3.5 7h7z\"/>"
                .formatted(
                    Plane.number(plane.xOf(middleSeconds(point) / endSeconds)),
                    Plane.number(plane.base())));
      }
    }
  }

  private void line(Line line) {
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    int start = 0;
    while (start < series.size()) {
      int end = start;
      while (end < series.size() && valueAt(line, end) != null) {
        end++;
      }
      if (end - start == 1) {
        dots.append(dot(line, start));
      } else if (end > start) {
        path.append(stretch(line, start, end));
      }
      start = Math.max(end, start) + 1;
    }
    if (!path.isEmpty()) {
      plane.add("<path class=\"line %s\" d=\"%s\"/>".formatted(line.style(), path));
    }
    plane.add(dots.toString());
  }

  private static @Nullable Double valueAt(Line line, int index) {
    return line.values().get(index);
  }

  private String dot(Line line, int index) {
    return "<circle class=\"dot %s\" cx=\"%s\" cy=\"%s\" r=\"2\"/>"
        .formatted(
            line.style(),
            Plane.number(plane.xOf(share(index))),
            Plane.number(plane.yOf(orZero(valueAt(line, index)))));
  }

  /** A path through the values from {@code start} to before {@code end}, none of them absent. */
  private String stretch(Line line, int start, int end) {
    StringBuilder path = new StringBuilder();
    for (int i = start; i < end; i++) {
      path.append(i == start ? 'M' : 'L').append(plane.point(share(i), orZero(valueAt(line, i))));
    }
    if (line.style().equals("area")) {
      path.append('L')
          .append(plane.point(share(end - 1), 0))
          .append('L')
          .append(plane.point(share(start), 0))
          .append('z');
    }
    return path.toString();
  }

  private double share(int index) {
    return middleSeconds(series.get(index)) / endSeconds;
  }

  private static double orZero(@Nullable Double value) {
    return value == null ? 0 : value;
  }
}
