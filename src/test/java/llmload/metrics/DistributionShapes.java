package llmload.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import llmload.model.DistributionShape;

/**
 * Draws a distribution in at most some sixty quantiles and {@link #MOST_BINS} bins, whatever the
 * number of its samples.
 *
 * <p>The quantiles' steps get smaller by ten with each nine, as in HdrHistogram's percentile plots:
 * 0, 5, 10 … 90, then 92 to 99, 99.2 to 99.9 and so on to 99.999, and 100. The bins are equally
 * wide between round edges where the largest sample is at most ten times the smallest; else each is
 * wider than the one before by the same factor, so that a tail does not press all else into one.
 */
public final class DistributionShapes {
  /** The most bins of a histogram. */
  static final int MOST_BINS = 40;

  private static final double WIDEST_EVEN_RATIO = 10;

  /** Below this, one microsecond or one thousandth, differences are those of rounding. */
  private static final double FINEST = 0.001;

  private static final int LAST_NINE = 5;
  private static final double[] NINES = {2, 4, 5, 6, 7, 7.5, 8, 8.5, 9};
  private static final int[] STEPS = {1, 2, 5, 10};
  private static final int[] BINS_PER_DECADE = {20, 10, 5, 2, 1};

  /** The percents between the smallest and the largest sample, ascending. */
  private static final List<Double> PERCENTS = percents();

  private DistributionShapes() {}

  /**
   * The shape of {@code samples}.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static DistributionShape of(Distribution samples) {
    double min = samples.min().orElseThrow(DistributionShapes::empty);
    double max = samples.max().orElseThrow(DistributionShapes::empty);
    List<Double> edges = edges(min, max);
    return new DistributionShape(
        samples.unit(), samples.count(), quantiles(samples, min, max), edges, bins(samples, edges));
  }

  private static IllegalArgumentException empty() {
    return new IllegalArgumentException("samples: Expecting at least one. Found: none.");
  }

  private static Map<Double, Double> quantiles(Distribution samples, double min, double max) {
    Map<Double, Double> quantiles = new LinkedHashMap<>();
    quantiles.put(0.0, min);
    for (double percent : PERCENTS) {
      if (Percentiles.rank(percent, samples.count()) == samples.count()) {
        break;
      }
      quantiles.put(percent, samples.percentile(percent).orElseThrow());
    }
    quantiles.put(100.0, max);
    return Collections.unmodifiableMap(quantiles);
  }

  private static List<Double> percents() {
    TreeSet<Double> percents = new TreeSet<>();
    for (int percent = 5; percent <= 90; percent += 5) {
      percents.add((double) percent);
    }
    BigDecimal below = BigDecimal.valueOf(90);
    for (int nine = 2; nine <= LAST_NINE; nine++) {
      for (double step : NINES) {
        percents.add(below.add(BigDecimal.valueOf(step).movePointLeft(nine - 2)).doubleValue());
      }
      below = below.add(BigDecimal.valueOf(9).movePointLeft(nine - 2));
    }
    return List.copyOf(percents);
  }

  private static List<Long> bins(Distribution samples, List<Double> edges) {
    List<Long> counts = new ArrayList<>();
    long above = samples.count();
    for (int i = 1; i < edges.size(); i++) {
      // The middle of a folded bin can lie beyond the largest sample.
      long beyond = i == edges.size() - 1 ? 0 : samples.countAbove(edges.get(i));
      counts.add(above - beyond);
      above = beyond;
    }
    return List.copyOf(counts);
  }

  private static List<Double> edges(double min, double max) {
    boolean even = min < 0 || max <= WIDEST_EVEN_RATIO * Math.max(min, FINEST);
    return even ? evenEdges(min, max) : growingEdges(Math.max(min, FINEST), max);
  }

  /** Multiples of 1, 2 or 5 × 10ⁿ from the last at or below {@code min}. */
  private static List<Double> evenEdges(double min, double max) {
    double width = Math.max(max - min, FINEST) / (MOST_BINS - 1);
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen((int) Math.floor(Math.log10(width)));
    BigDecimal step = power;
    for (int factor : STEPS) {
      step = power.multiply(BigDecimal.valueOf(factor));
      if (step.doubleValue() >= width) {
        break;
      }
    }
    BigDecimal first = BigDecimal.valueOf(min).divide(step, 0, RoundingMode.FLOOR).multiply(step);
    List<Double> edges = new ArrayList<>(List.of(first.doubleValue()));
    for (int i = 1; edges.size() < 2 || edges.get(edges.size() - 1) < max; i++) {
      edges.add(first.add(step.multiply(BigDecimal.valueOf(i))).doubleValue());
    }
    return List.copyOf(edges);
  }

  /** Powers of ten and as many edges between them as {@link #MOST_BINS} allows. */
  private static List<Double> growingEdges(double min, double max) {
    for (int perDecade : BINS_PER_DECADE) {
      int first = (int) Math.floor(Math.log10(min) * perDecade);
      int last = (int) Math.ceil(Math.log10(max) * perDecade);
      if (last - first <= MOST_BINS) {
        List<Double> edges = new ArrayList<>();
        for (int i = first; i <= last; i++) {
          edges.add(Math.pow(10, (double) i / perDecade));
        }
        return List.copyOf(edges);
      }
    }
    throw new IllegalArgumentException(
        "samples: Expecting at most %d orders of magnitude. Found: %s to %s."
            .formatted(MOST_BINS, min, max));
  }
}
