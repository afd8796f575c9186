package llmload.report.html;

import java.math.BigDecimal;
import java.util.Locale;
import llmload.report.Figures;

/**
 * The frame of a chart as static SVG: an axis of values to the left, one of anything below. It
 * prints, needs no script, and takes its colours from the page.
 */
final class Plane {
  private static final double MILLION = 1e6;
  private static final int WIDTH = 460;
  private static final int HEIGHT = 220;
  private static final int LEFT = 58;
  private static final int RIGHT = 28;
  private static final int TOP = 22;
  private static final int BOTTOM = 36;

  private final Axis y;
  private final StringBuilder svg = new StringBuilder();

  /**
   * An empty plane.
   *
   * @param description what the chart shows, for those who do not see it; the kit's own words
   */
  Plane(String description, Axis y, String unit) {
    this.y = y;
    svg.append(
        "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, description));
    for (BigDecimal tick : y.values()) {
      String at = number(yOf(tick.doubleValue()));
      svg.append(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
              .formatted(LEFT, WIDTH - RIGHT, at, at));
      text(LEFT - 6, yOf(tick.doubleValue()) + 4, "end", label(tick.doubleValue()));
    }
    text(LEFT - 6, 12, "end", unit);
  }

  /** A tick of the lower axis at {@code share} of its length. */
  void tick(double share, String label) {
    text(xOf(share), HEIGHT - BOTTOM + 16, "middle", label);
  }

  /** A thin line from top to bottom, named at its top. */
  void upright(double share, String anchor, String label) {
    double gap = anchor.equals("start") ? 3 : -3;
    svg.append(
        "<line class=\"upright\" x1=\"%1$s\" x2=\"%1$s\" y1=\"%2$s\" y2=\"%3$s\"/>"
            .formatted(number(xOf(share)), TOP - 8, number(base())));
    text(xOf(share) + gap, TOP - 2, anchor, label);
  }

  /** The words below the lower axis. */
  void caption(String words) {
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "middle", words);
  }

  /** Adds a shape, made of the kit's own words and numbers. */
  void add(String shape) {
    svg.append(shape);
  }

  String svg() {
    return svg + "</svg>";
  }

  /** A point as it stands in a path. */
  String point(double share, double value) {
    return number(xOf(share)) + " " + number(yOf(value));
  }

  double xOf(double share) {
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  double yOf(double value) {
    return HEIGHT - BOTTOM - value / y.end() * (HEIGHT - TOP - BOTTOM);
  }

  double base() {
    return HEIGHT - BOTTOM;
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** A number that fits to the left: millions as {@code 2 M}. */
  private static String label(double value) {
    return value < MILLION ? Figures.exact(value) : Figures.exact(value / MILLION) + " M";
  }

  private void text(double atX, double atY, String anchor, String text) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
            .formatted(number(atX), number(atY), anchor, text));
  }
}
