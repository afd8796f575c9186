package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * One number of a run beside the baseline's.
 *
 * @param scope the requests it is about; a suite's whole result is {@code all}
 * @param metric the metric's id, or the suite's own key
 * @param statistic the statistic compared, {@link Statistic#name()}
 * @param unit the unit of both numbers and intervals
 * @param baseline the baseline's number; {@code null} if it has none
 * @param current the run's number; {@code null} if it has none
 * @param baselineInterval the 95 % confidence interval of the first; {@code null} if there is none
 * @param currentInterval the same of the second
 * @param changeRatio (current − baseline) ÷ baseline; {@code null} where that is no number
 * @param limit the smallest change for the worse that counts, in words
 * @param verdict what it comes to
 * @param status the same in the suite's own word; {@code null} if it has none
 * @param reason why there is no clear answer, or what the answer does not say by itself
 */
public record Comparison(
    String scope,
    String metric,
    String statistic,
    String unit,
    @Nullable Double baseline,
    @Nullable Double current,
    @Nullable Interval baselineInterval,
    @Nullable Interval currentInterval,
    @Nullable Double changeRatio,
    String limit,
    Regression verdict,
    @Nullable String status,
    @Nullable String reason) {

  /** Whether one of the two runs has the number and the other does not. */
  public boolean isOneSided() {
    return (baseline == null) != (current == null);
  }

  /** The same numbers with another outcome. */
  public Comparison judged(
      Regression newVerdict, @Nullable String newStatus, @Nullable String newReason) {
    return new Comparison(
        scope,
        metric,
        statistic,
        unit,
        baseline,
        current,
        baselineInterval,
        currentInterval,
        changeRatio,
        limit,
        newVerdict,
        newStatus,
        newReason);
  }
}
