package llmload.wire;

import java.util.EnumMap;
import java.util.Map;
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

  private final Map<Field, Integer> counts = new EnumMap<>(Field.class);
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

  /** Whether the frame that began last carries a count. */
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
