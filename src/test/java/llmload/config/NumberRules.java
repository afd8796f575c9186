package llmload.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules that numbers of settings keep, in words. */
final class NumberRules {
  private NumberRules() {}

  static String wholeRule(long min, long max, long noMax) {
    boolean unbounded = noMax == Long.MAX_VALUE ? min == Long.MIN_VALUE : min == Integer.MIN_VALUE;
    return bounds(
        "a whole number",
        unbounded ? null : String.valueOf(min),
        max == noMax ? null : String.valueOf(max));
  }

  static String bounds(String what, @Nullable String min, @Nullable String max) {
    if (min == null) {
      return max == null ? what : what + " of at most " + max;
    }
    return max == null ? what + " of at least " + min : what + " from " + min + " to " + max;
  }

  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(value);
  }
}
