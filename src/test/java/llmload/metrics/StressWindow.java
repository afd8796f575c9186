package llmload.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What ended in one stretch of a test.
 *
 * @param fromSeconds its beginning, since the test's first request was sent
 * @param toSeconds its end
 * @param okCount complete answers
 * @param failedCount failures
 * @param p95Millis p95 of the end to end latency; {@code null} if nothing succeeded
 */
public record StressWindow(
    double fromSeconds,
    double toSeconds,
    long okCount,
    long failedCount,
    @Nullable Double p95Millis) {

  /** Failed ÷ (ok + failed); {@code null} where nothing ended. */
  public @Nullable Double errorRatio() {
    long ended = okCount + failedCount;
    return ended == 0 ? null : Double.valueOf((double) failedCount / ended);
  }
}
