package llmload.bench;

import java.util.Arrays;
import java.util.Locale;

/** The lags of many stamps; those of the first seconds are left out, while the JVM warms up. */
final class LagFigures {
  /** How the line begins by which a client tells its figures. */
  static final String MARK = "stamp lag: ";

  private static final long WARM_UP_NANOS = 5_000_000_000L;

  private long[] sent = new long[1 << 16];
  private long[] lags = new long[1 << 16];
  private int size;

  void add(long sentNanos, long seenNanos) {
    if (size == lags.length) {
      sent = Arrays.copyOf(sent, 2 * size);
      lags = Arrays.copyOf(lags, 2 * size);
    }
    sent[size] = sentNanos;
    lags[size++] = seenNanos - sentNanos;
  }

  String line() {
    long from = Arrays.stream(sent, 0, size).min().orElse(0) + WARM_UP_NANOS;
    long[] warm = new long[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (sent[i] >= from) {
        warm[count++] = lags[i];
      }
    }
    long[] sorted = Arrays.copyOf(warm, count);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%s%d tokens, p50 %.3f ms, p99 %.3f ms, max %.3f ms",
        MARK,
        count,
        rank(sorted, 0.5),
        rank(sorted, 0.99),
        rank(sorted, 1));
  }

  private static double rank(long[] sorted, double quantile) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)] / 1e6;
  }
}
