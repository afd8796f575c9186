package llmload.wire;

import java.util.EnumMap;
import java.util.Map;
import llmload.model.ServerTimings;
import org.jspecify.annotations.Nullable;

/**
 * The token counts that a server sent, the last valid one of each kind.
 *
 * <p>A {@code usage} object counts first; llama.cpp's {@code timings} ({@code predicted_n} and
 * {@code prompt_n + cache_n}) stand in where there is none. A count that is no whole number from 0
 * to {@value #MAX_TOKENS} is left out and remembered as invalid.
 */
final class UsageTally {
  /** Above any context window by orders of magnitude. */
  static final int MAX_TOKENS = 100_000_000;

  /** The counts that are read, in either object. */
  enum Field {
    INPUT,
    OUTPUT,
    CACHED,
    REASONING,
    TIMED_PROMPT,
    TIMED_CACHED,
    TIMED_OUTPUT
  }

  /** What a server may say it spent its time on. */
  enum Work {
    LOAD,
    PREFILL,
    DECODE
  }

  /** Two weeks: what is longer is no time of one request. */
  private static final double MOST_NANOS = 14 * 86_400e9;

  private final Map<Field, Integer> counts = new EnumMap<>(Field.class);
  private final Map<Work, Long> nanos = new EnumMap<>(Work.class);
  private boolean invalid;
  private boolean begun;

  /** A frame begins. */
  void begin() {
    begun = false;
  }

  /** A count as the server sent it; {@code null} if that is no whole number. */
  void put(Field field, @Nullable Long value) {
    begun = true;
    if (value == null || value < 0 || value > MAX_TOKENS) {
      invalid = true;
    } else {
      counts.put(field, value.intValue());
    }
  }

  /** How long a part of the work took; what is no such time is left out. */
  void took(Work work, double tookNanos) {
    begun = true;
    if (tookNanos >= 0 && tookNanos <= MOST_NANOS) {
      nanos.put(work, Math.round(tookNanos));
    }
  }

  /** What the work took, by the server's last word on each part. */
  ServerTimings timings() {
    return new ServerTimings(nanos.get(Work.LOAD), nanos.get(Work.PREFILL), nanos.get(Work.DECODE));
  }

  /** Whether the frame that began last carries a count or a time. */
  boolean hasBegun() {
    return begun;
  }

  boolean isInvalid() {
    return invalid;
  }

  @Nullable Integer output() {
    Integer counted = count(Field.OUTPUT);
    return counted == null ? count(Field.TIMED_OUTPUT) : counted;
  }

  @Nullable Integer input() {
    Integer counted = count(Field.INPUT);
    Integer evaluated = count(Field.TIMED_PROMPT);
    if (counted != null || evaluated == null) {
      return counted;
    }
    Integer cached = count(Field.TIMED_CACHED);
    return cached == null ? evaluated : Integer.valueOf(evaluated + cached);
  }

  @Nullable Integer cached() {
    Integer counted = count(Field.CACHED);
    // A usage object without cached tokens says nothing of them; its server's timings then do.
    return counted == null ? count(Field.TIMED_CACHED) : counted;
  }

  @Nullable Integer reasoning() {
    return count(Field.REASONING);
  }

  private @Nullable Integer count(Field field) {
    return counts.get(field);
  }
}
