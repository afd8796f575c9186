package llmload.grading;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Regression;
import org.jspecify.annotations.Nullable;

/** Why a comparison fails a run, in one line. */
final class RegressionLine {
  private static final int SHOWN = 3;

  private RegressionLine() {}

  /** The line; {@code null} if the comparison fails nothing. */
  static @Nullable String of(BaselineComparison comparison) {
    String name = comparison.baseline().name();
    if (comparison.regression() == Regression.NOT_COMPARABLE) {
      return "not comparable with the baseline "
          + name
          + ": "
          + comparison.reasons().stream().findFirst().orElse("nothing could be compared.");
    }
    if (comparison.regression() != Regression.REGRESSION) {
      return null;
    }
    List<Comparison> worse = comparison.rows(Regression.REGRESSION);
    String shown =
        worse.stream().limit(SHOWN).map(RegressionLine::row).collect(Collectors.joining("; "));
    int more = worse.size() - SHOWN;
    return "regression against the baseline "
        + name
        + ": "
        + shown
        + (more > 0 ? "; and " + more + " more" : "");
  }

  private static String row(Comparison row) {
    double was = Objects.requireNonNullElse(row.baseline(), Double.NaN);
    double is = Objects.requireNonNullElse(row.current(), Double.NaN);
    String statistic = row.statistic().equals("value") ? "" : " " + row.statistic();
    Double change = row.changeRatio();
    String percent = change == null ? "" : String.format(Locale.ROOT, " (%+.1f %%)", change * 100);
    return row.metric()
        + statistic
        + " "
        + NumberText.of(was)
        + " -> "
        + NumberText.of(is)
        + " "
        + row.unit()
        + percent;
  }
}
