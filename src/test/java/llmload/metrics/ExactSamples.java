package llmload.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every sample as it came. Weights take memory only once one of them is not 1. */
final class ExactSamples implements RankedSamples {
  private static final int FIRST_CAPACITY = 16;

  private double[] values = new double[FIRST_CAPACITY];
  private long @Nullable [] weights;
  private int size;
  private @Nullable Ascending ascending;

  /** How many values are kept, each once whatever its weight. */
  int size() {
    return size;
  }

  void add(double value, long weight) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
      if (weights != null) {
        weights = Arrays.copyOf(weights, size * 2);
      }
    }
    if (weight != 1 && weights == null) {
      weights = new long[values.length];
      Arrays.fill(weights, 0, size, 1);
    }
    values[size] = value;
    if (weights != null) {
      weights[size] = weight;
    }
    size++;
    ascending = null;
  }

  void forEach(SampleConsumer consumer) {
    for (int i = 0; i < size; i++) {
      consumer.accept(values[i], weights == null ? 1 : weights[i]);
    }
  }

  @Override
  public double atRank(long rank) {
    Ascending sorted = ascending();
    long[] upTo = sorted.upTo;
    if (upTo == null) {
      return sorted.values[Math.toIntExact(rank - 1)];
    }
    int found = Arrays.binarySearch(upTo, rank);
    return sorted.values[found >= 0 ? found : -found - 1];
  }

  @Override
  public long countAbove(double threshold) {
    Ascending sorted = ascending();
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.values[middle] > threshold) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    long[] upTo = sorted.upTo;
    if (upTo == null) {
      return (long) size - low;
    }
    return size == 0 ? 0 : upTo[size - 1] - (low == 0 ? 0 : upTo[low - 1]);
  }

  private Ascending ascending() {
    Ascending current = ascending;
    if (current == null) {
      current = sort();
      ascending = current;
    }
    return current;
  }

  private Ascending sort() {
    long[] unsortedWeights = weights;
    if (unsortedWeights == null) {
      double[] sorted = Arrays.copyOf(values, size);
      Arrays.sort(sorted);
      return new Ascending(sorted, null);
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sorted = new double[size];
    long[] upTo = new long[size];
    long sum = 0;
    for (int i = 0; i < size; i++) {
      sorted[i] = values[order[i]];
      sum += unsortedWeights[order[i]];
      upTo[i] = sum;
    }
    return new Ascending(sorted, upTo);
  }

  /** The values in order and, where weights differ, how many samples there are up to each. */
  private static final class Ascending {
    private final double[] values;
    private final long @Nullable [] upTo;

    Ascending(double[] values, long @Nullable [] upTo) {
      this.values = values;
      this.upTo = upTo;
    }
  }
}
