package llmload.report.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.DistributionShape;
import llmload.report.Figures;

/** A histogram; each bar tells its range and count when pointed at. */
final class HistogramChart {
  private static final MathContext EDGE_DIGITS = new MathContext(4);
  private static final int MOST_TICKS = 8;
  private static final List<Integer> EVERY = List.of(1, 2, 4, 5, 10, 20, 40);

  private static final List<Integer> STEPS = List.of(1, 2, 5);
  private static final double EDGE_SLACK = 1e-9;

  /** A bin of one sample among a million is still seen. */
  private static final double LEAST_HEIGHT = 1.5;

  private final DistributionShape shape;
  private final List<Double> edges;
  private final List<Long> counts;
  private final Plane plane;

  HistogramChart(String title, DistributionShape shape) {
    this.shape = shape;
    this.edges = shape.binEdges();
    this.counts = shape.binCounts();
    long most = counts.stream().mapToLong(Long::longValue).max().orElse(0);
    this.plane =
        new Plane(
            "%s, histogram of %s samples from %s to %s ms."
                .formatted(
                    title,
                    Figures.count(shape.count()),
                    Figures.of(shape.quantiles().get(0.0)),
                    Figures.of(shape.quantiles().get(100.0))),
            Axis.upTo((double) most, 5),
            "samples");
  }

  String svg() {
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) > 0) {
        bar(i);
      }
    }
    ticks();
    mark(50, "p50");
    mark(99, "p99");
    plane.caption(isEven() ? "ms" : "ms, logarithmic");
    return plane.svg();
  }

  private void bar(int bin) {
    double left = plane.xOf((double) bin / counts.size());
    double right = plane.xOf((bin + 1.0) / counts.size());
    double top = Math.min(plane.yOf(counts.get(bin)), plane.base() - LEAST_HEIGHT);
    plane.add(
        "<rect class=\"bar\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"><title>%s to %s ms: %s</title></rect>"
            .formatted(
                Plane.number(left + 0.5),
                Plane.number(top),
                Plane.number(right - left - 1),
                Plane.number(plane.base() - top),
                edge(bin),
                edge(bin + 1),
                Figures.count(counts.get(bin))));
  }

  private void ticks() {
    if (isEven()) {
      evenTicks();
    } else {
      List<Double> round = roundValues(STEPS);
      (round.size() <= MOST_TICKS ? round : roundValues(List.of(1)))
          .forEach(value -> plane.tick(share(value), Figures.exact(value)));
    }
  }

  /** Names the roundest edge and as many at equal distances as have room. */
  private void evenTicks() {
    int roundest = 0;
    for (int i = 1; i < edges.size(); i++) {
      if (digits(i) < digits(roundest)) {
        roundest = i;
      }
    }
    for (int every : EVERY) {
      if (counts.size() / every < MOST_TICKS) {
        for (int i = roundest % every; i < edges.size(); i += every) {
          plane.tick((double) i / counts.size(), edge(i));
        }
        return;
      }
    }
  }

  /** The multiples of powers of ten between the first and the last edge. */
  private List<Double> roundValues(List<Integer> multiples) {
    // Edges are powers of a root of ten, a hair beside the round number that they stand for.
    double first = edges.get(0) * (1 - EDGE_SLACK);
    double last = edges.get(edges.size() - 1) * (1 + EDGE_SLACK);
    List<Double> values = new ArrayList<>();
    int decade = (int) Math.floor(Math.log10(edges.get(0)));
    for (BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(decade);
        power.doubleValue() <= last;
        power = power.movePointRight(1)) {
      for (int multiple : multiples) {
        double value = power.multiply(BigDecimal.valueOf(multiple)).doubleValue();
        if (value >= first && value <= last) {
          values.add(value);
        }
      }
    }
    return values;
  }

  /** An upright line where a percentile lies. */
  private void mark(int percent, String name) {
    Map<Double, Double> quantiles = shape.quantiles();
    // A percentile without a step of its own is the largest sample.
    Double value = quantiles.getOrDefault((double) percent, quantiles.get(100.0));
    if (value != null) {
      double share = share(value);
      // At the left end the name would lie on that of the axis.
      plane.upright(share, percent > 50 || share < 0.1 ? "start" : "end", name);
    }
  }

  /** Where a value lies among the bins, which are all equally wide to the eye. */
  private double share(double value) {
    int bin = 0;
    while (bin < counts.size() - 1 && value > edges.get(bin + 1)) {
      bin++;
    }
    double low = edges.get(bin);
    double high = edges.get(bin + 1);
    double within =
        isEven() || value <= 0
            ? (value - low) / (high - low)
            : Math.log(value / low) / Math.log(high / low);
    return (bin + Math.max(0, Math.min(1, within))) / counts.size();
  }

  private boolean isEven() {
    int last = edges.size() - 1;
    double firstWidth = edges.get(1) - edges.get(0);
    return edges.get(last) - edges.get(last - 1) < 1.01 * firstWidth;
  }

  private BigDecimal rounded(int edge) {
    return BigDecimal.valueOf(edges.get(edge)).round(EDGE_DIGITS).stripTrailingZeros();
  }

  private int digits(int edge) {
    return rounded(edge).precision();
  }

  private String edge(int edge) {
    return Figures.exact(rounded(edge).doubleValue());
  }
}
