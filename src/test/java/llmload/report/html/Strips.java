package llmload.report.html;

import java.util.Collection;
import java.util.Locale;
import llmload.model.MetricSummary;
import org.jspecify.annotations.Nullable;

/** Small pictures inside table cells, as SVG; beside each stand its numbers. */
final class Strips {
  private static final int SPREAD_WIDTH = 150;
  private static final int MARGIN_WIDTH = 90;
  private static final int HEIGHT = 14;

  private Strips() {}

  /**
   * A logarithmic scale in milliseconds.
   *
   * @param low log10 of its start
   * @param high log10 of its end
   */
  record LogScale(double low, double high) {

    /** The scale that holds every distribution of {@code metrics} in ms, in whole decades. */
    static LogScale of(Collection<MetricSummary> metrics) {
      double low = Double.MAX_VALUE;
      double high = -Double.MAX_VALUE;
      for (MetricSummary summary : metrics) {
        Double min = summary.min();
        Double max = summary.max();
        if (summary.unit().equals("ms") && min != null && max != null) {
          low = Math.min(low, log(min));
          high = Math.max(high, log(max));
        }
      }
      return low > high
          ? new LogScale(0, 1)
          : new LogScale(Math.floor(low), Math.max(Math.floor(low) + 1, Math.ceil(high)));
    }

    double at(double millis) {
      double share = (log(millis) - low) / (high - low);
      return 1 + Math.max(0, Math.min(1, share)) * (SPREAD_WIDTH - 2);
    }

    private static double log(double millis) {
      return Math.log10(Math.max(millis, 0.001));
    }
  }

  /** A line from the smallest to the largest sample, thick from p50 to p99; empty if unknown. */
  static String spread(MetricSummary summary, LogScale scale) {
    Double min = summary.min();
    Double max = summary.max();
    Double p50 = summary.percentiles().get("p50");
    Double p99 = summary.percentiles().get("p99");
    if (!summary.unit().equals("ms") || min == null || max == null || p50 == null) {
      return "";
    }
    double middle = scale.at(p50);
    double tail = p99 == null ? middle : scale.at(p99);
    return open(SPREAD_WIDTH)
        + rect("thin", scale.at(min), 6.25, scale.at(max) - scale.at(min), 1.5)
        + rect("thick", middle, 4, Math.max(1.5, tail - middle), 6)
        + rect("middle", middle - 1, 1, 2, 12)
        + "</svg>";
  }

  /** A bar from the limit: to the right inside it, to the left outside; empty if unknown. */
  static String margin(@Nullable Double ratio) {
    if (ratio == null) {
      return "";
    }
    double half = MARGIN_WIDTH / 2.0;
    double length = Math.max(3, Math.min(1, Math.abs(ratio)) * (half - 1));
    return open(MARGIN_WIDTH)
        + rect("track", 0, 5, MARGIN_WIDTH, 4)
        + (ratio < 0
            ? rect("outside", half - length, 3, length, 8)
            : rect("inside", half, 3, length, 8))
        + rect("middle", half - 0.75, 0, 1.5, HEIGHT)
        + "</svg>";
  }

  private static String open(int width) {
    return "<svg class=\"strip\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" aria-hidden=\"true\">"
        .formatted(width, HEIGHT, width, HEIGHT);
  }

  private static String rect(String style, double x, double y, double width, double height) {
    return String.format(
        Locale.ROOT,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.2f\" width=\"%.1f\" height=\"%.1f\"/>",
        style,
        x,
        y,
        Math.max(0, width),
        height);
  }
}
