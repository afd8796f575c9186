package llmload.analysis;

import java.util.OptionalDouble;

/** The span from the first moment to the last of what was put into it, since the run's anchor. */
final class Window {
  private static final double NANOS_PER_SECOND = 1e9;

  private long startNanos = Long.MAX_VALUE;
  private long endNanos = Long.MIN_VALUE;

  void include(long fromNanos, long toNanos) {
    startNanos = Math.min(startNanos, fromNanos);
    endNanos = Math.max(endNanos, toNanos);
  }

  void include(Window other) {
    if (!other.isEmpty()) {
      include(other.startNanos, other.endNanos);
    }
  }

  boolean isEmpty() {
    return endNanos < startNanos;
  }

  /** Whether any of the time after {@code fromNanos} and up to {@code toNanos} lies in it. */
  boolean overlaps(long fromNanos, long toNanos) {
    return !isEmpty() && fromNanos < endNanos && toNanos >= startNanos;
  }

  long startNanos() {
    return startNanos;
  }

  long endNanos() {
    return endNanos;
  }

  /** Its length; empty if nothing is in it or all of it happened at one moment. */
  OptionalDouble seconds() {
    return endNanos > startNanos
        ? OptionalDouble.of((endNanos - startNanos) / NANOS_PER_SECOND)
        : OptionalDouble.empty();
  }
}
