package llmload.grading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmload.model.Comparison;
import llmload.model.Regression;
import llmload.model.RunSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * sagellm-benchmark's rule: three averages, each {@code warning} when worse by more than 5 %,
 * {@code critical} by more than 10 %, both strictly; a baseline of 0 counts as no change; names in
 * the allow-list become {@code expected-change}; the whole is the worst of all. There critical ends
 * with exit code 2; here it is a regression, whose exit code is 3, and a warning fails nothing.
 */
final class SagellmRules {
  private static final String THROUGHPUT = "avg_throughput_tps";

  /** The averages compared; of the last, lower is worse. */
  static final List<String> METRICS = List.of("avg_ttft_ms", "avg_tbt_ms", THROUGHPUT);

  private static final double WARNING_PERCENT = 5;
  private static final double CRITICAL_PERCENT = 10;
  private static final String LIMIT = "worse by > 10 %, warning > 5 %";

  private SagellmRules() {}

  static ComparedNumbers compare(RunSnapshot baseline, RunSnapshot current, Set<String> allowed) {
    List<Comparison> rows = new ArrayList<>();
    Map<String, Object> metrics = new LinkedHashMap<>();
    Status worst = Status.ACCEPTABLE;
    for (String metric : METRICS) {
      Change change = Change.of(metric, baseline, current);
      boolean higherIsWorse = !metric.equals(THROUGHPUT);
      String unit = higherIsWorse ? "ms" : "tok/s";
      Comparison row = change.row(metric, "mean", unit, LIMIT, Regression.OK);
      if (!change.isWhole()) {
        rows.add(row);
        continue;
      }
      boolean expected = allowed.contains(metric);
      Status found = Status.of(change, higherIsWorse);
      boolean excused = expected && found != Status.ACCEPTABLE;
      String word = excused ? "expected-change" : found.word();
      rows.add(
          row.judged(
              excused ? Regression.OK : found.regression(), word, note(change, found, excused)));
      metrics.put(metric, part(row, change, higherIsWorse, word, expected));
      worst = excused || found.compareTo(worst) < 0 ? worst : found;
    }
    Map<String, Object> result = new LinkedHashMap<>();
    if (!metrics.isEmpty()) {
      result.put("overall_status", worst.word());
      result.put("warning_threshold_pct", WARNING_PERCENT);
      result.put("critical_threshold_pct", CRITICAL_PERCENT);
      result.put("metrics", metrics);
    }
    return new ComparedNumbers(rows, result);
  }

  private static @Nullable String note(Change change, Status found, boolean excused) {
    if (excused) {
      return found.word() + ", which was announced as an expected change";
    }
    if (!change.hasPercent()) {
      return "the baseline is 0, which counts as no change";
    }
    return found == Status.WARNING ? "a warning, which fails nothing" : null;
  }

  private static Map<String, Object> part(
      Comparison row, Change change, boolean higherIsWorse, String word, boolean expected) {
    Map<String, Object> part = new LinkedHashMap<>();
    if (row.baseline() != null && row.current() != null) {
      part.put("baseline", row.baseline());
      part.put("current", row.current());
    }
    Double percent = change.percent();
    double worse = percent == null ? 0 : higherIsWorse ? percent : -percent;
    // A minus before 0 would be noise.
    part.put("regression_pct", worse == 0 ? 0.0 : worse);
    part.put("status", word);
    part.put("direction", higherIsWorse ? "higher_is_worse" : "lower_is_worse");
    part.put("expected_change", expected);
    return part;
  }

  /** The suite's words, from good to bad. */
  private enum Status {
    ACCEPTABLE,
    WARNING,
    CRITICAL;

    static Status of(Change change, boolean higherIsWorse) {
      if (isWorse(change, higherIsWorse, CRITICAL_PERCENT)) {
        return CRITICAL;
      }
      return isWorse(change, higherIsWorse, WARNING_PERCENT) ? WARNING : ACCEPTABLE;
    }

    private static boolean isWorse(Change change, boolean higherIsWorse, double percent) {
      return higherIsWorse ? change.isAbove(percent) : change.isBelow(-percent);
    }

    String word() {
      return switch (this) {
        case ACCEPTABLE -> "acceptable";
        case WARNING -> "warning";
        case CRITICAL -> "critical";
      };
    }

    Regression regression() {
      return this == CRITICAL ? Regression.REGRESSION : Regression.OK;
    }
  }
}
