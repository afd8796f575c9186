package llmload.telemetry.gpu;

import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a tool that stamps its own rows, against this machine's, by the moments at which the
 * rows come. Safe for the thread that reads rows and the one that looks.
 *
 * <p>A row is never here before it was made, so the row that was fastest tells the offset best, and
 * one that was held up on its way gets its true moment back. The way itself is unknown: an offset
 * is too small by the fastest row's way, and uncertain by how much the rows differ.
 */
final class RowClock {
  /** Clocks drift: older rows count no more than one window longer. */
  private static final long WINDOW_NANOS = 30_000_000_000L;

  /** A row that is so far from the others was stamped by a clock that was set. */
  private static final long MOST_LATE_NANOS = 2_000_000_000L;

  private static final long TELL_NANOS = 10_000_000_000L;
  private static final int LEAST_ROWS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final String of;
  private final long epochNanos;
  private @Nullable Window now;
  private @Nullable Window before;
  private int rows;
  private @Nullable Long toldNanos;

  /** The offsets of the rows of one window. */
  private static final class Window {
    final long startNanos;
    long most;
    long least;

    Window(long startNanos, long offset) {
      this.startNanos = startNanos;
      this.most = offset;
      this.least = offset;
    }

    void add(long offset) {
      most = Math.max(most, offset);
      least = Math.min(least, offset);
    }
  }

  /**
   * A clock that no row has told of yet.
   *
   * @param of what the label {@code of} says
   * @param epochNanos this machine's wall clock, since 1970, at the 0 of the sampler's clock
   */
  RowClock(String of, long epochNanos) {
    this.of = of;
    this.epochNanos = epochNanos;
  }

  /**
   * When a row was made, on the sampler's clock.
   *
   * @param ownNanos its own stamp, since 1970
   * @param cameNanos when it came, on the sampler's clock
   */
  synchronized long stamp(long ownNanos, long cameNanos) {
    long offset = ownNanos - cameNanos;
    Window window = now;
    if (window == null || Math.abs(offset - best(window)) > MOST_LATE_NANOS) {
      before = null;
      window = new Window(cameNanos, offset);
      rows = 0;
    } else if (cameNanos - window.startNanos >= WINDOW_NANOS) {
      before = window;
      window = new Window(cameNanos, offset);
    } else {
      window.add(offset);
    }
    now = window;
    rows++;
    return ownNanos - best(window);
  }

  private long best(Window window) {
    return before == null ? window.most : Math.max(window.most, before.most);
  }

  /** The offset, every ten seconds; {@code null} in between and before there is one. */
  synchronized @Nullable Reading reading(long atNanos) {
    Window window = now;
    Long told = toldNanos;
    if (window == null || rows < LEAST_ROWS || (told != null && atNanos - told < TELL_NANOS)) {
      return null;
    }
    toldNanos = atNanos;
    long best = best(window);
    long least = before == null ? window.least : Math.min(window.least, before.least);
    Reading reading = new Reading("telemetry", Map.of("of", of));
    reading.put(TelemetryId.CLOCK_OFFSET_MS, Double.valueOf((best - epochNanos) / NANOS_PER_MILLI));
    // Such stamps are whole milliseconds.
    reading.put(
        TelemetryId.CLOCK_UNCERTAINTY_MS, Double.valueOf((best - least) / NANOS_PER_MILLI + 1));
    return reading;
  }
}
