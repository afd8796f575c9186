package llmload.grading;

import java.math.BigDecimal;
import java.math.MathContext;
import llmload.model.Operator;
import llmload.model.Target;

/** Numbers and targets as the words of a sentence: plain digits, a point, no exponent. */
final class NumberText {
  private static final MathContext SIX_DIGITS = new MathContext(6);

  private NumberText() {}

  /** Six significant digits at most, without trailing zeros. */
  static String of(double value) {
    return plain(new BigDecimal(value).round(SIX_DIGITS));
  }

  /** {@code value} with as many digits as it takes not to look like the {@code limit} it misses. */
  static String against(double value, double limit) {
    String rounded = of(value);
    return value != limit && rounded.equals(of(limit)) ? plain(BigDecimal.valueOf(value)) : rounded;
  }

  /** A target without its scope, for example {@code ttft p99 <= 2000 ms}. */
  static String of(Target target) {
    String limit =
        target.op() == Operator.BETWEEN && target.upper() != null
            ? of(target.value()) + " and " + of(target.upper())
            : of(target.value());
    return target.metric()
        + " "
        + target.statistic()
        + " "
        + target.op().symbol()
        + " "
        + limit
        + " "
        + target.unit();
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
