package llmload.analysis.suite;

import llmload.metrics.Distribution;
import llmload.model.RequestRecord;

/** What the OK requests of one part come to as a group: tokens, and the time from first to last. */
final class Part {
  private static final double NANOS_PER_SECOND = 1e9;

  private long requestCount;
  private long tokenCount;
  private boolean counted = true;
  private long firstSentNanos = Long.MAX_VALUE;
  private long lastEndedNanos = Long.MIN_VALUE;

  /** The requests' times from sending to their end, in ms. */
  final Distribution e2e = new Distribution("ms");

  void add(RequestRecord request) {
    requestCount++;
    Integer tokens = request.usage().outputTokens();
    if (tokens == null) {
      counted = false;
    } else {
      tokenCount += tokens;
    }
    firstSentNanos = Math.min(firstSentNanos, request.sentNanos());
    lastEndedNanos = Math.max(lastEndedNanos, request.endedNanos());
    e2e.add(request.stamps().endNanos() / 1e6);
  }

  long requestCount() {
    return requestCount;
  }

  /** Whether every answer's tokens are known. */
  boolean isCounted() {
    return counted && requestCount > 0;
  }

  long tokenCount() {
    return tokenCount;
  }

  long firstSentNanos() {
    return firstSentNanos;
  }

  long lastEndedNanos() {
    return lastEndedNanos;
  }

  double seconds() {
    return requestCount == 0 ? 0 : (lastEndedNanos - firstSentNanos) / NANOS_PER_SECOND;
  }

  /** Tokens of all answers over the time of the whole group. */
  double tokensPerSecond() {
    return tokenCount / seconds();
  }
}
