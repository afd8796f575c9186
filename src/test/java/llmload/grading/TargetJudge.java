package llmload.grading;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeSet;
import llmload.model.MetricSummary;
import llmload.model.RunMeasurements;
import llmload.model.Statistic;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.TargetVerdict.Result;
import org.jspecify.annotations.Nullable;

/**
 * Holds one target against a run's measurements.
 *
 * <p>A percentile is INCONCLUSIVE below the number of samples at which it differs from an extreme:
 * {@code ⌈100 ÷ min(p, 100 − p)⌉}, so p50 needs 2, p90 10, p95 20, p99 100 and p99.9 1,000.
 */
public final class TargetJudge {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private TargetJudge() {}

  /** The outcome of {@code target}; NO_DATA and INCONCLUSIVE say why. */
  public static TargetVerdict judge(Target target, RunMeasurements run) {
    Map<String, MetricSummary> scope = run.metrics().get(target.scope());
    if (scope == null) {
      return noData(
          target, 0, "no request is named " + target.scope() + "; the scopes are " + scopes(run));
    }
    MetricSummary summary = scope.get(target.metric());
    if (summary == null) {
      return noData(target, 0, target.metric() + " is not among this run's metrics");
    }
    if (summary.notMeasured() != null) {
      return noData(target, 0, summary.notMeasured());
    }
    if (!summary.unit().equals(target.unit())) {
      return noData(
          target,
          summary.count(),
          target.metric() + " is in " + summary.unit() + " and the target in " + target.unit());
    }
    Double measured = summary.statistic(target.statistic());
    if (measured == null || !Double.isFinite(measured)) {
      return noData(target, summary.count(), whyAbsent(target, summary));
    }
    long needed = neededCount(target.statistic());
    if (summary.count() < needed) {
      return new TargetVerdict(
          target,
          measured,
          Result.INCONCLUSIVE,
          null,
          summary.count(),
          target.statistic() + " needs " + needed + " samples, the run has " + summary.count());
    }
    return new TargetVerdict(
        target,
        measured,
        isMet(target, measured) ? Result.MET : Result.MISSED,
        margin(target, measured),
        summary.count(),
        null);
  }

  /** The samples that {@code statistic} needs to be more than an extreme; 0 for any other. */
  static long neededCount(Statistic statistic) {
    if (statistic.percent().isEmpty()) {
      return 0;
    }
    BigDecimal percent = new BigDecimal(statistic.name().substring(1));
    BigDecimal tail = percent.min(HUNDRED.subtract(percent));
    return HUNDRED.divide(tail, 0, RoundingMode.CEILING).longValueExact();
  }

  private static String scopes(RunMeasurements run) {
    return run.metrics().isEmpty()
        ? "none"
        : String.join(", ", new TreeSet<>(run.metrics().keySet()));
  }

  private static String whyAbsent(Target target, MetricSummary summary) {
    String what = target.statistic() + " of " + target.metric();
    if (summary.count() == 0 && summary.value() == null) {
      return target.metric() + " has no samples";
    }
    if (target.statistic().name().equals("std") && summary.count() < 2) {
      return what + " needs 2 samples, the run has " + summary.count();
    }
    return what + " was not computed";
  }

  private static TargetVerdict noData(Target target, long count, String reason) {
    return new TargetVerdict(target, null, Result.NO_DATA, null, count, reason);
  }

  private static boolean isMet(Target target, double measured) {
    double limit = target.value();
    return switch (target.op()) {
      case LESS -> measured < limit;
      case AT_MOST -> measured <= limit;
      case GREATER -> measured > limit;
      case AT_LEAST -> measured >= limit;
      case BETWEEN -> measured >= limit && measured <= upper(target);
    };
  }

  /**
   * The distance to the limit as a share of it, positive inside; of the nearer bound for {@code
   * between}; {@code null} if the limit is 0.
   */
  private static @Nullable Double margin(Target target, double measured) {
    double above = measured - target.value();
    return switch (target.op()) {
      case LESS, AT_MOST -> share(-above, target.value());
      case GREATER, AT_LEAST -> share(above, target.value());
      case BETWEEN -> {
        double below = upper(target) - measured;
        yield above <= below ? share(above, target.value()) : share(below, upper(target));
      }
    };
  }

  private static @Nullable Double share(double distance, double limit) {
    // Adding 0.0 turns the -0.0 of a measured value that equals the limit into 0.0.
    return limit == 0 ? null : distance / Math.abs(limit) + 0.0;
  }

  private static double upper(Target target) {
    return target.upper() == null ? target.value() : target.upper();
  }
}
