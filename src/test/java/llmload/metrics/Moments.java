package llmload.metrics;

/**
 * Count, extremes, mean and spread of a stream of numbers, without keeping them.
 *
 * <p>Welford's recurrence with frequency weights (B. P. Welford, Technometrics 4, 1962); two of
 * them merge by Chan, Golub and LeVeque's pairwise rule (Stanford STAN-CS-79-773, 1979). Not safe
 * for use by several threads.
 */
final class Moments {
  private long count;
  private double mean;
  private double squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  void add(double value, long weight) {
    count += weight;
    double delta = value - mean;
    mean += delta * weight / count;
    squares += weight * delta * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }

  void merge(Moments other) {
    if (other.count == 0) {
      return;
    }
    long total = count + other.count;
    double delta = other.mean - mean;
    mean += delta * other.count / total;
    squares += other.squares + delta * delta * count / total * other.count;
    count = total;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  long count() {
    return count;
  }

  /** The arithmetic mean; 0 without samples. */
  double mean() {
    return mean;
  }

  /** The sample standard deviation, divisor n − 1; not a number below two samples. */
  double std() {
    return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1));
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }
}
