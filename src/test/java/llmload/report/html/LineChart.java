package llmload.report.html;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;
import llmload.model.SeriesPoint;
import llmload.report.Figures;
import org.jspecify.annotations.Nullable;

/**
 * A chart over the run's time as static SVG: it prints, needs no script, and takes its colours from
 * the page. Intervals in which requests failed carry a mark on the time axis.
 */
final class LineChart {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 230;
  private static final int LEFT = 58;
  private static final int RIGHT = 10;
  private static final int TOP = 22;
  private static final int BOTTOM = 36;

  private final String title;
  private final String unit;
  private final List<Line> lines;
  private final List<SeriesPoint> series;
  private final TimeUnit time;
  private final Axis x;
  private final Axis y;
  private final StringBuilder svg = new StringBuilder();

  /** A unit for the time axis. */
  private record TimeUnit(String name, double seconds) {
    static TimeUnit of(double seconds) {
      if (seconds > 3 * 3600) {
        return new TimeUnit("h", 3600);
      }
      return seconds > 300 ? new TimeUnit("min", 60) : new TimeUnit("s", 1);
    }
  }

  LineChart(String title, String unit, List<Line> lines, List<SeriesPoint> series) {
    this.title = title;
    this.unit = unit;
    this.lines = lines;
    this.series = series;
    SeriesPoint last = series.get(series.size() - 1);
    double seconds = last.startSeconds() + last.widthSeconds();
    this.time = TimeUnit.of(seconds);
    this.x = Axis.upTo(seconds / time.seconds(), 8);
    this.y = Axis.upTo(largest(), 5);
  }

  /** The SVG; its only texts are the kit's own words and numbers. */
  String svg() {
    svg.append(
        "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, summary()));
    grid();
    failures();
    lines.forEach(this::line);
    return svg.append("</svg>").toString();
  }

  /** What the chart shows, for those who do not see it. */
  private String summary() {
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

  private double largest() {
    return lines.stream().flatMapToDouble(LineChart::values).max().orElse(0);
  }

  private void grid() {
    for (BigDecimal tick : y.values()) {
      String at = number(yOf(tick.doubleValue()));
      svg.append(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
              .formatted(LEFT, WIDTH - RIGHT, at, at));
      text(LEFT - 6, yOf(tick.doubleValue()) + 4, "end", Figures.exact(tick.doubleValue()));
    }
    for (BigDecimal tick : x.values()) {
      double seconds = tick.doubleValue() * time.seconds();
      text(xOf(seconds), HEIGHT - BOTTOM + 16, "middle", Figures.exact(tick.doubleValue()));
    }
    text(LEFT - 6, 12, "end", unit);
    text(
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 4,
        "middle",
        "time since the first request (" + time.name() + ")");
  }

  private void failures() {
    for (SeriesPoint point : series) {
      if (point.failedCount() > 0) {
        double at = xOf(middle(point));
        double base = HEIGHT - BOTTOM;
        svg.append(
            "<path class=\"failed\" d=\"M%s %sl-3.5 7h7z\"/>".formatted(number(at), number(base)));
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
    svg.append("<path class=\"line %s\" d=\"%s\"/>".formatted(line.style(), path)).append(dots);
  }

  private static @Nullable Double valueAt(Line line, int index) {
    return line.values().get(index);
  }

  private String dot(Line line, int index) {
    Double value = valueAt(line, index);
    return "<circle class=\"dot %s\" cx=\"%s\" cy=\"%s\" r=\"2\"/>"
        .formatted(
            line.style(), number(xOf(middle(series.get(index)))), number(yOf(orZero(value))));
  }

  /** A path through the values from {@code start} to before {@code end}, none of them absent. */
  private String stretch(Line line, int start, int end) {
    boolean area = line.style().equals("area");
    StringBuilder path = new StringBuilder();
    for (int i = start; i < end; i++) {
      path.append(i == start ? 'M' : 'L')
          .append(number(xOf(middle(series.get(i)))))
          .append(' ')
          .append(number(yOf(orZero(valueAt(line, i)))));
    }
    if (area) {
      path.append("L%s %s".formatted(number(xOf(middle(series.get(end - 1)))), number(yOf(0))))
          .append("L%s %sz".formatted(number(xOf(middle(series.get(start)))), number(yOf(0))));
    }
    return path.toString();
  }

  private static double orZero(@Nullable Double value) {
    return value == null ? 0 : value;
  }

  private static double middle(SeriesPoint point) {
    return point.startSeconds() + point.widthSeconds() / 2;
  }

  private double xOf(double seconds) {
    return LEFT + seconds / (x.end() * time.seconds()) * (WIDTH - LEFT - RIGHT);
  }

  private double yOf(double value) {
    return HEIGHT - BOTTOM - value / y.end() * (HEIGHT - TOP - BOTTOM);
  }

  private void text(double atX, double atY, String anchor, String text) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
            .formatted(number(atX), number(atY), anchor, text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
