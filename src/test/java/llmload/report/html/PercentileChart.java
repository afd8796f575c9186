package llmload.report.html;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.DistributionShape;
import llmload.report.Figures;

/**
 * Percentile curves on an axis that gives each further nine the same room, as HdrHistogram plots
 * them. Where fewer than ten samples lie beyond, a curve is pale.
 */
final class PercentileChart {
  /** The axis ends at 99.9999 %: no curve has a step beyond, but for its largest sample. */
  private static final double MOST_NINES = 6;

  private static final double TRUSTED_BEYOND_COUNT = 10;
  private static final Map<Double, String> TICKS = ticks();

  private final Plane plane;
  private final double endNines;

  PercentileChart(String title, Collection<DistributionShape> shapes) {
    double largest = 0;
    double nines = 1;
    for (DistributionShape shape : shapes) {
      for (Map.Entry<Double, Double> point : points(shape).entrySet()) {
        largest = Math.max(largest, point.getValue());
        nines = Math.max(nines, point.getKey());
      }
    }
    this.endNines = Math.ceil(nines);
    this.plane =
        new Plane(
            title + " by percentile, ms. The numbers are in the tables of metrics.",
            Axis.upTo(largest, 5),
            "ms");
    TICKS.forEach(
        (at, label) -> {
          if (at <= endNines) {
            plane.tick(at / endNines, label);
          }
        });
    plane.caption("percentile (% of samples at or below)");
  }

  /** Draws one curve. */
  void add(DistributionShape shape, String style) {
    double trustedNines = Math.log10(shape.count() / TRUSTED_BEYOND_COUNT);
    StringBuilder sure = new StringBuilder();
    StringBuilder pale = new StringBuilder();
    String before = "";
    for (Map.Entry<Double, Double> point : points(shape).entrySet()) {
      String at = plane.point(point.getKey() / endNines, point.getValue());
      StringBuilder path = point.getKey() <= trustedNines ? sure : pale;
      if (path.isEmpty()) {
        // The pale part begins where the other ends.
        path.append(before.isEmpty() ? "M" + at : "M" + before + "L" + at);
      } else {
        path.append('L').append(at);
      }
      before = at;
    }
    path(sure, style);
    path(pale, style + " pale");
  }

  String svg() {
    return plane.svg();
  }

  private void path(CharSequence path, String style) {
    if (!path.isEmpty()) {
      plane.add("<path class=\"line %s\" d=\"%s\"/>".formatted(style, path));
    }
  }

  /**
   * The curve's points: value by nines, −log10(1 − share), ascending. The largest of n samples
   * stands in the middle of the share that it covers, at 1 − 1 ÷ 2n.
   */
  static Map<Double, Double> points(DistributionShape shape) {
    Map<Double, Double> points = new LinkedHashMap<>();
    shape
        .quantiles()
        .forEach(
            (percent, value) -> {
              double nines =
                  percent < 100 ? nines(percent) : Math.log10(2.0 * Math.max(1, shape.count()));
              if (nines <= MOST_NINES) {
                points.put(nines, value);
              }
            });
    return points;
  }

  /** How many nines a percent has: 90 one, 99 two, 99.9 three. */
  private static double nines(double percent) {
    // Beyond five digits 100 − 99.9 is a little more than 0.1, and two curves' points part.
    return Math.rint(-Math.log10((100 - percent) / 100) * 1e6) / 1e6 + 0.0;
  }

  private static Map<Double, String> ticks() {
    Map<Double, String> ticks = new LinkedHashMap<>();
    List<Double> percents = new ArrayList<>(List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99));
    percents.addAll(List.of(99.999, 99.9999));
    percents.forEach(percent -> ticks.put(nines(percent), Figures.exact(percent)));
    return ticks;
  }
}
