package llmload.grading;

import java.math.BigDecimal;
import java.math.MathContext;
import llmload.model.Comparison;
import llmload.model.Regression;
import llmload.model.RunSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A number of two runs. Changes are worked out in decimal: a loss of exactly 5 % is 5 %, which it
 * would not always be in binary.
 */
final class Change {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final @Nullable Double baseline;
  private final @Nullable Double current;

  /** The baseline's number and the run's, in one unit; {@code null} is what one does not have. */
  Change(@Nullable Double baseline, @Nullable Double current) {
    this.baseline = baseline;
    this.current = current;
  }

  /** The two runs' numbers of that suite's key; what is no number counts as missing. */
  static Change of(String key, RunSnapshot baseline, RunSnapshot current) {
    return new Change(
        finite(baseline.suiteNumbers().get(key)), finite(current.suiteNumbers().get(key)));
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value != null && Double.isFinite(value) ? value : null;
  }

  /** Whether both are there. */
  boolean isWhole() {
    return baseline != null && current != null;
  }

  /** Whether there is a relative change: both are there and the baseline is not 0. */
  boolean hasPercent() {
    return isWhole() && baseline != null && baseline != 0;
  }

  /** (current − baseline) ÷ baseline · 100; {@code null} where that is no number. */
  @Nullable Double percent() {
    BigDecimal percent = decimalPercent();
    return percent == null ? null : percent.doubleValue();
  }

  /** The same as a ratio. */
  @Nullable Double ratio() {
    BigDecimal percent = decimalPercent();
    return percent == null ? null : percent.divide(HUNDRED, MathContext.DECIMAL64).doubleValue();
  }

  /** Whether the change is more than {@code percent} upwards, strictly. */
  boolean isAbove(double percent) {
    BigDecimal change = decimalPercent();
    return change != null && change.compareTo(BigDecimal.valueOf(percent)) > 0;
  }

  /** Whether the change is below {@code percent}, strictly; a loss of 5 % is −5. */
  boolean isBelow(double percent) {
    BigDecimal change = decimalPercent();
    return change != null && change.compareTo(BigDecimal.valueOf(percent)) < 0;
  }

  /** current − baseline; {@code null} where one is missing. */
  @Nullable Double difference() {
    return baseline == null || current == null
        ? null
        : BigDecimal.valueOf(current).subtract(BigDecimal.valueOf(baseline)).doubleValue();
  }

  private @Nullable BigDecimal decimalPercent() {
    if (baseline == null || current == null || !hasPercent()) {
      return null;
    }
    BigDecimal from = BigDecimal.valueOf(baseline);
    return BigDecimal.valueOf(current)
        .subtract(from)
        .multiply(HUNDRED)
        .divide(from, MathContext.DECIMAL64);
  }

  /** Why there is no relative change, in words; {@code null} if there is one. */
  @Nullable String whyNone() {
    if (baseline == null && current == null) {
      return "neither the baseline nor the run has it";
    }
    if (baseline == null) {
      return "the baseline does not have it";
    }
    if (current == null) {
      return "the run does not have it";
    }
    return hasPercent() ? null : "the baseline is 0, of which nothing is a share";
  }

  /** A row for a suite's number that has its statistic in its key. */
  Comparison row(String metric, String statistic, String unit, String limit, Regression verdict) {
    String reason = whyNone();
    return new Comparison(
        "all",
        metric,
        statistic,
        unit,
        baseline,
        current,
        null,
        null,
        ratio(),
        limit,
        reason == null ? verdict : Regression.NOT_COMPARABLE,
        null,
        reason);
  }
}
