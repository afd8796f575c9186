package llmload.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples whose percentile is {@code sorted[int(n · p)]}, the index cut to the last sample: the
 * method of the benchmark suites sagellm-benchmark and llm-server. Not safe for use by several
 * threads.
 */
public final class IndexedSamples {
  private double[] values = new double[16];
  private int size;

  /** Takes one sample. */
  public void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Takes one sample unless it is 0 or less. */
  void addPositive(double value) {
    if (value > 0) {
      add(value);
    }
  }

  /** The number of samples. */
  public int size() {
    return size;
  }

  /** The arithmetic mean; {@code null} without samples. */
  public @Nullable Double mean() {
    return size == 0 ? null : Double.valueOf(sum() / size);
  }

  private double sum() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += values[i];
    }
    return sum;
  }

  /** The sample standard deviation, by n − 1; {@code null} below two samples. */
  public @Nullable Double std() {
    if (size < 2) {
      return null;
    }
    double mean = sum() / size;
    double squares = 0;
    for (int i = 0; i < size; i++) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    return Math.sqrt(squares / (size - 1));
  }

  /**
   * The sample at index ⌊n · share⌋ in ascending order, at most the last; {@code null} without
   * samples.
   *
   * @param share 0.99 for p99
   */
  public @Nullable Double percentile(double share) {
    if (size == 0) {
      return null;
    }
    double[] ascending = Arrays.copyOf(values, size);
    Arrays.sort(ascending);
    return ascending[Math.min(size - 1, (int) (size * share))];
  }
}
