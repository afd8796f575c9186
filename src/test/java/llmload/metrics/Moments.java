package llmload.metrics;

/**
 * Count, extremes, mean and spread of a stream of numbers, without keeping them.
 *
 * <p>Welford's recurrence with frequency weights (B. P. Welford, Technometrics 4, 1962); two of
 * them merge by Chan, Golub and LeVeque's pairwise rule (Stanford STAN-CS-79-773, 1979). Not safe
 * for use by several threads.
 *
 * <p>The mean that is told is not the recurrence's but the sum divided by the count: the sum keeps
 * the bits that rounding loses (A. Neumaier, ZAMM 54, 1974), so that the mean of whole numbers is
 * not one bit off them, on the wrong side of a limit.
 */
final class Moments {
  private long count;
  private double runningMean;
  private double squares;
  private double sum;
  private double lostBits;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  void add(double value, long weight) {
    count += weight;
    double delta = value - runningMean;
    runningMean += delta * weight / count;
    squares += weight * delta * (value - runningMean);
    addToSum(value * weight);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }

  void merge(Moments other) {
    if (other.count == 0) {
      return;
    }
    long total = count + other.count;
    double delta = other.runningMean - runningMean;
    runningMean += delta * other.count / total;
    squares += other.squares + delta * delta * count / total * other.count;
    addToSum(other.sum);
    lostBits += other.lostBits;
    count = total;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  long count() {
    return count;
  }

  double sum() {
    return sum + lostBits;
  }

  /** The arithmetic mean; not a number without samples. */
  double mean() {
    return sum() / count;
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

  private void addToSum(double term) {
    double next = sum + term;
    lostBits += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }
}
