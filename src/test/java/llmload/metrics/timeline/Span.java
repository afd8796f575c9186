package llmload.metrics.timeline;

/**
 * A stretch of time.
 *
 * @param fromNanos its start, since the run's anchor
 * @param toNanos its end
 */
public record Span(long fromNanos, long toNanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Checks that it does not end before it starts. */
  public Span {
    if (toNanos < fromNanos) {
      throw new IllegalArgumentException(
          "toNanos: Expecting an end from %d on. Found: %d.".formatted(fromNanos, toNanos));
    }
  }

  /** Its length. */
  public double seconds() {
    return (toNanos - fromNanos) / NANOS_PER_SECOND;
  }

  /** Nanoseconds of it that lie between two moments. */
  long overlapNanos(long startNanos, long endNanos) {
    return Math.max(0, Math.min(toNanos, endNanos) - Math.max(fromNanos, startNanos));
  }

  /** Whether a moment lies in it, its ends included. */
  boolean contains(long atNanos) {
    return atNanos >= fromNanos && atNanos <= toNanos;
  }
}
