package llmload.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import llmload.model.CoreMetric;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * When the requests of a test ended, and how: whether it degrades while it runs. Requests come in
 * any order. Not safe for use by several threads.
 */
public final class StressTimeline {
  /** A test is looked at in at most so many windows of one length. */
  private static final int MAX_WINDOWS = 10;

  /** So many complete answers a window, on average, are needed for one window more. */
  private static final int WINDOW_COUNT = 20;

  /** Fewer complete answers than this have no p95 to compare. */
  private static final int COMPARED_COUNT = 10;

  private static final double PERCENTILE = 95;

  private final BitSet timed = new BitSet();
  private final BitSet failed = new BitSet();
  private long[] endNanos = new long[64];
  private double[] millis = new double[64];
  private int count;
  private int okCount;
  private long firstSentNanos = Long.MAX_VALUE;
  private long lastEndNanos = Long.MIN_VALUE;

  /** Takes one measured request; one that the end of the run cut off is passed over. */
  void add(RequestRecord request) {
    if (request.outcome() == Outcome.INCOMPLETE) {
      return;
    }
    if (count == endNanos.length) {
      endNanos = Arrays.copyOf(endNanos, count * 2);
      millis = Arrays.copyOf(millis, count * 2);
    }
    firstSentNanos = Math.min(firstSentNanos, request.sentNanos());
    lastEndNanos = Math.max(lastEndNanos, request.endedNanos());
    endNanos[count] = request.endedNanos();
    if (request.outcome().isFailed()) {
      failed.set(count);
    } else {
      okCount++;
      OptionalDouble latency = RequestMetrics.sample(CoreMetric.E2E, request);
      if (latency.isPresent()) {
        timed.set(count);
        millis[count] = latency.getAsDouble();
      }
    }
    count++;
  }

  /** Windows of one length, from the first request sent to the last end; none without requests. */
  public List<StressWindow> windows() {
    if (count == 0) {
      return List.of();
    }
    int windows = Math.max(1, Math.min(MAX_WINDOWS, okCount / WINDOW_COUNT));
    long spanNanos = lastEndNanos - firstSentNanos;
    List<Distribution> latencies = new ArrayList<>();
    long[] ok = new long[windows];
    long[] bad = new long[windows];
    for (int i = 0; i < windows; i++) {
      latencies.add(new Distribution(CoreMetric.E2E.unit()));
    }
    for (int i = 0; i < count; i++) {
      double place = (endNanos[i] - firstSentNanos) / (double) Math.max(1, spanNanos);
      int window = Math.min(windows - 1, (int) (place * windows));
      if (failed.get(i)) {
        bad[window]++;
      } else {
        ok[window]++;
      }
      if (timed.get(i)) {
        latencies.get(window).add(millis[i]);
      }
    }
    List<StressWindow> result = new ArrayList<>();
    double seconds = spanNanos / 1e9;
    for (int i = 0; i < windows; i++) {
      result.add(
          new StressWindow(
              seconds * i / windows,
              seconds * (i + 1) / windows,
              ok[i],
              bad[i],
              p95(latencies.get(i))));
    }
    return result;
  }

  private static @Nullable Double p95(Distribution latencies) {
    OptionalDouble p95 = latencies.percentile(PERCENTILE);
    return p95.isPresent() ? Double.valueOf(p95.getAsDouble()) : null;
  }

  /**
   * p95 of {@code later} ÷ p95 of {@code first} − 1; {@code null} where one of them has fewer than
   * ten complete answers.
   */
  public static @Nullable Double degradationRatio(StressWindow first, StressWindow later) {
    Double before = first.p95Millis();
    Double after = later.p95Millis();
    if (before == null || after == null || before <= 0) {
      return null;
    }
    return first.okCount() < COMPARED_COUNT || later.okCount() < COMPARED_COUNT
        ? null
        : Double.valueOf(after / before - 1);
  }
}
