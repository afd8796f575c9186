package llmload.report;

import llmload.model.Operator;
import llmload.model.Target;
import llmload.model.TargetVerdict;

/** Targets and their outcomes in words. */
public final class TargetText {
  private TargetText() {}

  /** The limit with its operator and unit, {@code <= 2,000 ms} or {@code 5 to 15 ms}. */
  public static String limit(Target target) {
    Double upper = target.upper();
    String numbers =
        target.op() == Operator.BETWEEN && upper != null
            ? Figures.exact(target.value()) + " to " + Figures.exact(upper)
            : target.op().symbol() + " " + Figures.exact(target.value());
    return numbers + " " + target.unit();
  }

  /** What is limited, {@code ttft p99}; a metric that is one number has no statistic to show. */
  public static String subject(Target target) {
    String metric = ForeignText.name(target.metric());
    return target.statistic().name().equals("value") ? metric : metric + " " + target.statistic();
  }

  /** The measured value with its unit, told apart from the limit; {@code -} if there is none. */
  public static String measured(TargetVerdict verdict) {
    Double measured = verdict.measured();
    if (measured == null) {
      return Figures.ABSENT;
    }
    Target target = verdict.target();
    Double upper = target.upper();
    double limit = upper != null && measured > upper ? upper : target.value();
    return Figures.against(measured, limit) + " " + target.unit();
  }
}
