package llmload.metrics;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * Samples as counts in the bins of an HdrHistogram: three significant digits, no finer than {@code
 * 1 ÷ binsPerUnit}.
 *
 * <p>A value is read back as the middle of its bin, at most 0.05 % off. A histogram holds no
 * negative value, and a request can be sent early by a moment: those are kept apart by magnitude.
 */
final class FoldedSamples implements RankedSamples {
  private static final int DIGITS = 3;

  /** Far beyond any latency, and below what a histogram can index. */
  private static final double MAX_BIN = 1L << 60;

  private final double binsPerUnit;
  private final Histogram positive = new Histogram(DIGITS);
  private @Nullable Histogram negative;

  FoldedSamples(double binsPerUnit) {
    this.binsPerUnit = binsPerUnit;
  }

  void add(double value, long weight) {
    long bin = Math.round(Math.min(Math.abs(value) * binsPerUnit, MAX_BIN));
    if (value < 0 && bin > 0) {
      negative().recordValueWithCount(bin, weight);
    } else {
      positive.recordValueWithCount(bin, weight);
    }
  }

  void merge(FoldedSamples other) {
    positive.add(other.positive);
    if (other.negative != null) {
      negative().add(other.negative);
    }
  }

  @Override
  public double atRank(long rank) {
    long below = negative == null ? 0 : negative.getTotalCount();
    if (negative != null && rank <= below) {
      return -binAtRank(negative, below - rank + 1) / binsPerUnit;
    }
    return binAtRank(positive, rank - below) / binsPerUnit;
  }

  @Override
  public long countAbove(double threshold) {
    double bin = threshold * binsPerUnit;
    long above = 0;
    for (HistogramIterationValue at : positive.recordedValues()) {
      if (middle(positive, at) > bin) {
        above += at.getCountAddedInThisIterationStep();
      }
    }
    if (negative != null) {
      for (HistogramIterationValue at : negative.recordedValues()) {
        if (-middle(negative, at) > bin) {
          above += at.getCountAddedInThisIterationStep();
        }
      }
    }
    return above;
  }

  private Histogram negative() {
    if (negative == null) {
      negative = new Histogram(DIGITS);
    }
    return negative;
  }

  private static double binAtRank(Histogram histogram, long rank) {
    for (HistogramIterationValue at : histogram.recordedValues()) {
      if (at.getTotalCountToThisValue() >= rank) {
        return middle(histogram, at);
      }
    }
    throw new IllegalArgumentException(
        "rank: Expecting 1 to %d. Found: %d.".formatted(histogram.getTotalCount(), rank));
  }

  private static double middle(Histogram histogram, HistogramIterationValue at) {
    return histogram.medianEquivalentValue(at.getValueIteratedTo());
  }
}
