package llmload.metrics;

import java.util.OptionalDouble;
import llmload.model.CoreMetric;
import llmload.model.Outcome;
import llmload.model.RequestRecord;

/** The requests of one part of a suite, summed up. Not safe for use by several threads. */
public final class PartTally {
  private static final double NANOS = 1e9;

  private final Distribution e2e = new Distribution(CoreMetric.E2E.unit());
  private final Distribution ttft = new Distribution(CoreMetric.TTFT.unit());
  private final Distribution speed =
      new Distribution(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER.unit());
  private long firstSentNanos = Long.MAX_VALUE;
  private long lastEndNanos = Long.MIN_VALUE;
  private long okCount;
  private long failedCount;
  private long outputTokenCount;

  /** Takes one measured request; one that the end of the run cut off is passed over. */
  public void add(RequestRecord request) {
    if (request.outcome() == Outcome.INCOMPLETE) {
      return;
    }
    firstSentNanos = Math.min(firstSentNanos, request.sentNanos());
    lastEndNanos = Math.max(lastEndNanos, request.endedNanos());
    if (request.outcome().isFailed()) {
      failedCount++;
      return;
    }
    okCount++;
    outputTokenCount += RequestMetrics.outputTokens(request).orElse(0);
    RequestMetrics.sample(CoreMetric.E2E, request).ifPresent(e2e::add);
    RequestMetrics.sample(CoreMetric.TTFT, request).ifPresent(ttft::add);
    RequestMetrics.sample(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER, request)
        .ifPresent(speed::add);
  }

  /** End to end latency of complete answers, in milliseconds. */
  public Distribution e2e() {
    return e2e;
  }

  /** Time to first token of complete answers, in milliseconds. */
  public Distribution ttft() {
    return ttft;
  }

  /** Output tokens a second of each complete answer. */
  public Distribution speed() {
    return speed;
  }

  /** Complete answers. */
  public long okCount() {
    return okCount;
  }

  /** Failures. */
  public long failedCount() {
    return failedCount;
  }

  /** Whether any request ended. */
  public boolean isEmpty() {
    return okCount + failedCount == 0;
  }

  /** When the first was sent, since the run's anchor; of no meaning where nothing ended. */
  public long firstSentNanos() {
    return firstSentNanos;
  }

  /** When the last ended, since the run's anchor; of no meaning where nothing ended. */
  public long lastEndNanos() {
    return lastEndNanos;
  }

  /** Output tokens of complete answers. */
  public long outputTokenCount() {
    return outputTokenCount;
  }

  /** First sent → last end, in seconds; empty where nothing ended. */
  public OptionalDouble seconds() {
    return isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of((lastEndNanos - firstSentNanos) / NANOS);
  }

  /** Complete answers a second. */
  public OptionalDouble requestsPerSecond() {
    return perSecond(okCount);
  }

  /** Output tokens of all complete answers a second. */
  public OptionalDouble tokensPerSecond() {
    return perSecond(outputTokenCount);
  }

  private OptionalDouble perSecond(long count) {
    double time = seconds().orElse(0);
    return time > 0 ? OptionalDouble.of(count / time) : OptionalDouble.empty();
  }

  /** Failed ÷ (ok + failed); empty where nothing ended. */
  public OptionalDouble errorRatio() {
    return isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) failedCount / (okCount + failedCount));
  }
}
