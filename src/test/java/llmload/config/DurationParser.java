package llmload.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as settings write them: {@code 250ms}, {@code 1.5s}, {@code 5m}, {@code 1h}, {@code 0}.
 */
public final class DurationParser {
  /** What the error message of a duration expects. */
  public static final String RULE = "a duration such as 250ms, 30s, 5m or 1h";

  private static final Pattern DURATION =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)(ms|s|m|h)");
  private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

  private DurationParser() {}

  /**
   * The duration that {@code text} stands for; empty if it is none. Only zero needs no unit; 292
   * years, the most that fits into nanoseconds, is the limit.
   */
  public static Optional<Duration> parse(String text) {
    String stripped = text.strip();
    if (stripped.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher matcher = DURATION.matcher(stripped);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal nanos =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos(matcher.group(2))));
    return nanos.compareTo(MAX_NANOS) > 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanos.longValue()));
  }

  /** {@code duration} in the largest unit that shows it without a fraction, at least in ms. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    for (String unit : new String[] {"h", "m", "s"}) {
      long unitMillis = unitNanos(unit) / unitNanos("ms");
      if (millis % unitMillis == 0) {
        return millis / unitMillis + unit;
      }
    }
    return millis + "ms";
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }
}
