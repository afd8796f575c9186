package llmload.grading;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.CoreMetric;
import llmload.model.Difference;
import llmload.model.Difference.Effect;
import llmload.model.Regression;
import llmload.model.RunSnapshot;
import llmload.model.Validity;
import org.jspecify.annotations.Nullable;

/**
 * Holds a run against a baseline: first whether the two can be compared at all, then the policy's
 * rules. Where there is nothing to compare the outcome is {@code NOT_COMPARABLE}, never a pass.
 */
public final class BaselineJudge {
  /** What means the same whether answers are streamed or not. */
  private static final Set<String> NO_TIMES =
      Set.of(
          CoreMetric.OUTPUT_TOKENS_PER_SECOND.id(),
          CoreMetric.REQUESTS_PER_SECOND.id(),
          CoreMetric.ERROR_RATE.id(),
          CoreMetric.SCHEMA_COMPLIANCE.id());

  private BaselineJudge() {}

  /**
   * Compares.
   *
   * @param allow metrics that may be worse: an expected change
   * @throws llmload.config.ConfigException if {@code allow} names what the policy does not compare
   */
  public static BaselineComparison compare(
      RunSnapshot baseline, RunSnapshot current, ComparisonPolicy policy, List<String> allow) {
    Set<String> allowed = policy.allowed(allow);
    List<Difference> differences = WorkloadConditions.differences(baseline, current);
    List<String> reasons = obstacles(baseline, current, differences);
    ComparedNumbers numbers = policy.compare(baseline, current, allowed);
    boolean otherTimes =
        differences.stream().anyMatch(difference -> difference.effect() == Effect.OTHER_TIMES);
    List<Comparison> rows = new ArrayList<>();
    boolean spoiled = !reasons.isEmpty();
    for (Comparison row : numbers.rows()) {
      boolean other = otherTimes && !NO_TIMES.contains(row.metric());
      spoiled |= other;
      rows.add(judged(row, reasons, other, allowed));
    }
    Regression regression = overall(rows, reasons);
    if (regression == Regression.NOT_COMPARABLE && reasons.isEmpty()) {
      reasons.add(nothing(rows, baseline, policy));
    }
    return new BaselineComparison(
        baseline,
        policy.id(),
        regression,
        reasons,
        differences,
        rows,
        spoiled ? Map.of() : numbers.suiteResult());
  }

  /** Why nothing at all can be compared. */
  private static List<String> obstacles(
      RunSnapshot baseline, RunSnapshot current, List<Difference> differences) {
    List<String> reasons = new ArrayList<>();
    Validity was = baseline.validity();
    Validity is = current.validity();
    if (isZero(baseline.okCount())) {
      reasons.add("Nothing succeeded in the baseline.");
    } else if (was != null && !was.isUsable()) {
      reasons.add("The baseline is " + was + ": its numbers cannot be believed.");
    }
    if (isZero(current.okCount())) {
      reasons.add("Nothing succeeded in the run.");
    } else if (is != null && !is.isUsable()) {
      reasons.add("The run is " + is + ": its numbers cannot be believed.");
    }
    for (Difference difference : differences) {
      if (difference.effect() == Effect.NOTHING_COMPARABLE) {
        reasons.add(
            "The runs measured different things: "
                + difference.what()
                + " "
                + difference.baseline()
                + " in the baseline, "
                + difference.current()
                + " in the run.");
      }
    }
    return reasons;
  }

  private static boolean isZero(@Nullable Long count) {
    return count != null && count == 0;
  }

  private static Comparison judged(
      Comparison row, List<String> reasons, boolean otherTimes, Set<String> allowed) {
    if (row.verdict() == Regression.NOT_COMPARABLE) {
      return row;
    }
    if (!reasons.isEmpty()) {
      return row.judged(Regression.NOT_COMPARABLE, null, "the runs cannot be compared");
    }
    if (otherTimes) {
      return row.judged(
          Regression.NOT_COMPARABLE, null, "it means another time where answers are not streamed");
    }
    boolean excused = row.verdict() == Regression.REGRESSION && allowed.contains(row.metric());
    return excused
        ? row.judged(
            Regression.OK, "expected-change", "worse, which was announced as an expected change")
        : row;
  }

  /**
   * The worst of the rows. A number that only one of the runs has is not passed over; one that
   * neither has says nothing.
   */
  private static Regression overall(List<Comparison> rows, List<String> reasons) {
    if (!reasons.isEmpty()) {
      return Regression.NOT_COMPARABLE;
    }
    List<Regression> verdicts =
        rows.stream()
            .filter(row -> row.baseline() != null || row.current() != null)
            .map(Comparison::verdict)
            .toList();
    for (Regression worst :
        List.of(
            Regression.REGRESSION,
            Regression.NOT_COMPARABLE,
            Regression.INCONCLUSIVE,
            Regression.IMPROVED,
            Regression.OK)) {
      if (verdicts.contains(worst)) {
        return worst;
      }
    }
    return Regression.NOT_COMPARABLE;
  }

  private static String nothing(
      List<Comparison> rows, RunSnapshot baseline, ComparisonPolicy policy) {
    for (Comparison row : rows) {
      boolean counts = row.baseline() != null || row.current() != null;
      if (counts && row.verdict() == Regression.NOT_COMPARABLE) {
        return row.metric() + " cannot be compared: " + row.reason() + ".";
      }
    }
    String named =
        baseline.format().equals(policy.id())
            ? ""
            : " The baseline is of the format " + baseline.format() + ".";
    return "Neither the baseline nor the run has a number that the policy "
        + policy.id()
        + " compares."
        + named;
  }
}
