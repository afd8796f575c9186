package llmload.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them: four significant digits, thousands apart, never an exponent. */
public final class Figures {
  /** What stands where nothing was measured. */
  public static final String ABSENT = "-";

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int SIGNIFICANT_DIGITS = 4;
  private static final int LEAST_DECIMALS_CAP = 6;

  /** The digits of a double. */
  private static final int MOST_DIGITS = 17;

  private Figures() {}

  /** {@code 1,234}, {@code 123.4}, {@code 0.01234}; {@link #ABSENT} for null and for no number. */
  public static String of(@Nullable Double value) {
    if (value == null || !Double.isFinite(value)) {
      return ABSENT;
    }
    return grouped(rounded(value, SIGNIFICANT_DIGITS));
  }

  /** A count, thousands apart; {@link #ABSENT} for null. */
  public static String count(@Nullable Long value) {
    return value == null ? ABSENT : String.format(Locale.ROOT, "%,d", value);
  }

  /**
   * {@code value} with enough digits to look as unlike {@code limit} as it is: 2,000.3 against
   * 2,000.
   */
  public static String against(@Nullable Double value, double limit) {
    if (value == null || !Double.isFinite(value) || value == limit) {
      return of(value);
    }
    BigDecimal exactLimit = BigDecimal.valueOf(limit);
    for (int digits = SIGNIFICANT_DIGITS; digits <= MOST_DIGITS; digits++) {
      BigDecimal shown = rounded(value, digits);
      if (shown.compareTo(exactLimit) != 0) {
        return grouped(digits == SIGNIFICANT_DIGITS ? shown : shown.stripTrailingZeros());
      }
    }
    return exact(value);
  }

  /** A limit as its author wrote it: every digit, no trailing zeros. */
  public static String exact(double value) {
    return grouped(BigDecimal.valueOf(value).stripTrailingZeros());
  }

  /** A ratio as a percentage with a sign, {@code +12.3 %}; {@link #ABSENT} for null. */
  public static String signedPercent(@Nullable Double ratio) {
    if (ratio == null || !Double.isFinite(ratio)) {
      return ABSENT;
    }
    BigDecimal exact = BigDecimal.valueOf(ratio).multiply(HUNDRED);
    BigDecimal percent = exact.setScale(1, RoundingMode.HALF_EVEN);
    if (percent.signum() == 0 && exact.signum() != 0) {
      // A target missed by a hair must not look as if it were met exactly.
      return exact.signum() < 0 ? "-<0.1 %" : "+<0.1 %";
    }
    return (percent.signum() > 0 ? "+" : "") + grouped(percent) + " %";
  }

  /** A ratio as a percentage, {@code 12.3 %}; {@link #ABSENT} for null. */
  public static String percent(@Nullable Double ratio) {
    return ratio == null || !Double.isFinite(ratio) ? ABSENT : of(ratio * 100) + " %";
  }

  /** Seconds as {@code 850 ms}, {@code 12.3 s}, {@code 4 min 05 s} or {@code 2 h 03 min}. */
  public static String duration(double seconds) {
    if (seconds < 1) {
      return of(seconds * 1000) + " ms";
    }
    if (seconds < 60) {
      return of(seconds) + " s";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /**
   * Whether fewer than 10 of {@code count} samples lie beyond the percentile of that name, so that
   * it should be read with doubt: p50 wants 20 samples, p99 1,000, p99.9 10,000.
   */
  public static boolean isDoubtful(String percentile, long count) {
    BigDecimal percent = new BigDecimal(percentile.substring(1));
    BigDecimal tail = percent.min(HUNDRED.subtract(percent));
    return BigDecimal.valueOf(count).multiply(tail).compareTo(BigDecimal.valueOf(1000)) < 0;
  }

  /** That many significant digits, but every digit before the point and at most six or so after. */
  private static BigDecimal rounded(double value, int digits) {
    BigDecimal exact = BigDecimal.valueOf(value);
    if (value == Math.rint(value)) {
      return exact.setScale(0, RoundingMode.UNNECESSARY);
    }
    BigDecimal rounded = exact.round(new MathContext(digits));
    int decimals = digits - (rounded.precision() - rounded.scale());
    int most = Math.max(LEAST_DECIMALS_CAP, digits);
    return exact.setScale(Math.max(0, Math.min(decimals, most)), RoundingMode.HALF_EVEN);
  }

  private static String grouped(BigDecimal value) {
    String plain = value.abs().toPlainString();
    int point = plain.indexOf('.');
    String whole = point < 0 ? plain : plain.substring(0, point);
    StringBuilder shown = new StringBuilder(value.signum() < 0 ? "-" : "");
    for (int i = 0; i < whole.length(); i++) {
      if (i > 0 && (whole.length() - i) % 3 == 0) {
        shown.append(',');
      }
      shown.append(whole.charAt(i));
    }
    return shown.append(point < 0 ? "" : plain.substring(point)).toString();
  }
}
