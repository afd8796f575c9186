package llmload.grading;

import llmload.model.Comparison;
import llmload.model.CoreMetric;
import llmload.model.Interval;
import llmload.model.Metric.Better;
import llmload.model.MetricSummary;
import llmload.model.Regression;
import llmload.model.Statistic;
import org.jspecify.annotations.Nullable;

/** One statistic of two runs, judged by its change and the two confidence intervals. */
final class IntervalRow {
  /** Half a percentage point of a share of requests. */
  private static final double SHARE_LIMIT = 0.005;

  private final CoreMetric metric;
  private final Statistic statistic;
  private final MetricSummary was;
  private final MetricSummary is;
  private final @Nullable Interval wasInterval;
  private final @Nullable Interval isInterval;
  private final Change change;

  IntervalRow(CoreMetric metric, Statistic statistic, MetricSummary was, MetricSummary is) {
    this.metric = metric;
    this.statistic = statistic;
    this.was = was;
    this.is = is;
    this.wasInterval = was.ci95().get(statistic.name());
    this.isInterval = is.ci95().get(statistic.name());
    this.change = new Change(was.statistic(statistic), is.statistic(statistic));
  }

  /** The row; {@code null} if neither run has the number, or neither can tell its tail. */
  @Nullable Comparison in(String scope) {
    Double from = was.statistic(statistic);
    Double to = is.statistic(statistic);
    boolean nothing = from == null && to == null;
    if (nothing || (isTail() && wasInterval == null && isInterval == null)) {
      return null;
    }
    Comparison row =
        new Comparison(
            scope,
            metric.id(),
            statistic.name(),
            metric.unit(),
            from,
            to,
            wasInterval,
            isInterval,
            change.ratio(),
            isShare() ? "0.5 points" : NumberText.of(limitPercent()) + " %",
            Regression.OK,
            null,
            null);
    return judged(row);
  }

  private Comparison judged(Comparison row) {
    String why = change.whyNone();
    if (!change.isWhole()) {
      return row.judged(Regression.NOT_COMPARABLE, null, missing());
    }
    if (wasInterval == null || isInterval == null) {
      return row.judged(Regression.INCONCLUSIVE, null, tooShort());
    }
    if (why != null && !isShare()) {
      return row.judged(Regression.NOT_COMPARABLE, null, why);
    }
    Regression direction = direction();
    boolean overlap =
        wasInterval.low() <= isInterval.high() && isInterval.low() <= wasInterval.high();
    return direction != Regression.OK && overlap
        ? row.judged(
            Regression.INCONCLUSIVE,
            null,
            "beyond the limit, but the two runs' confidence intervals overlap")
        : row.judged(direction, null, null);
  }

  /** Where the change is beyond the limit: worse or better; OK for neither. */
  private Regression direction() {
    boolean up;
    boolean down;
    if (isShare()) {
      Double difference = change.difference();
      up = difference != null && difference > SHARE_LIMIT;
      down = difference != null && difference < -SHARE_LIMIT;
    } else {
      up = change.isAbove(limitPercent());
      down = change.isBelow(-limitPercent());
    }
    if (!up && !down) {
      return Regression.OK;
    }
    return up == (metric.better() == Better.LOWER) ? Regression.REGRESSION : Regression.IMPROVED;
  }

  private boolean isTail() {
    return statistic.name().equals("p95") || statistic.name().equals("p99");
  }

  private boolean isShare() {
    return metric.unit().equals("ratio");
  }

  private double limitPercent() {
    return switch (statistic.name()) {
      case "p95" -> 10;
      case "p99" -> 15;
      default -> 5;
    };
  }

  private String missing() {
    String why = was.statistic(statistic) == null ? was.notMeasured() : is.notMeasured();
    return change.whyNone() + (why == null ? "" : ": " + why);
  }

  private String tooShort() {
    return "too short for a confidence interval: "
        + was.count()
        + " samples in the baseline, "
        + is.count()
        + " in the run";
  }
}
