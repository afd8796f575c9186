package llmload.report;

import java.util.ArrayList;
import java.util.List;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Difference;
import llmload.model.Interval;
import llmload.model.RunSnapshot;
import org.jspecify.annotations.Nullable;

/** A comparison with a baseline in words. */
public final class ComparisonText {
  private static final int COMMIT_CHARACTERS = 12;

  private ComparisonText() {}

  /** What the run was held against and how, for example {@code main (run a, policy llmload)}. */
  public static String baseline(BaselineComparison comparison) {
    RunSnapshot baseline = comparison.baseline();
    List<String> facts = new ArrayList<>();
    if (baseline.runId() != null) {
      facts.add("run " + ForeignText.name(baseline.runId()));
    }
    if (baseline.updatedAt() != null) {
      facts.add("kept " + baseline.updatedAt());
    }
    if (baseline.gitCommit() != null) {
      String commit = ForeignText.name(baseline.gitCommit());
      facts.add("commit " + commit.substring(0, Math.min(commit.length(), COMMIT_CHARACTERS)));
    }
    if (!baseline.format().equals(RunSnapshot.LLMLOAD)) {
      facts.add("format " + ForeignText.name(baseline.format()));
    }
    if (baseline.simulated()) {
      facts.add("simulated");
    }
    facts.add("policy " + comparison.policy());
    return ForeignText.name(baseline.name()) + " (" + String.join(", ", facts) + ")";
  }

  /** What is compared, {@code ttft p50}; a number without a statistic has none to show. */
  public static String subject(Comparison row) {
    String metric = ForeignText.name(row.metric());
    return row.statistic().equals("value") ? metric : metric + " " + row.statistic();
  }

  /** The baseline's number with its unit. */
  public static String baseline(Comparison row) {
    return number(row.baseline(), row.current(), row.unit());
  }

  /** The run's number with its unit. */
  public static String current(Comparison row) {
    return number(row.current(), row.baseline(), row.unit());
  }

  /** With enough digits to look as unlike the other number as it is. */
  private static String number(@Nullable Double value, @Nullable Double other, String unit) {
    if (value == null) {
      return Figures.ABSENT;
    }
    String digits = other == null ? Figures.of(value) : Figures.against(value, other);
    return digits + " " + ForeignText.line(unit, 12);
  }

  /** A 95 % confidence interval, {@code 1.2 to 3.4}; empty if there is none. */
  public static String interval(@Nullable Interval interval) {
    return interval == null
        ? ""
        : Figures.of(interval.low()) + " to " + Figures.of(interval.high());
  }

  /** The change in percent; in points where a share of requests has no relative one. */
  public static String change(Comparison row) {
    Double was = row.baseline();
    Double is = row.current();
    if (row.changeRatio() == null && was != null && is != null && row.unit().equals("ratio")) {
      return Figures.signedPercent(is - was).replace(" %", " points");
    }
    return Figures.signedPercent(row.changeRatio());
  }

  /** The outcome in words, with the suite's own. */
  public static String verdict(Comparison row) {
    String word = row.verdict().name().replace('_', ' ');
    return row.status() == null ? word : word + " (" + row.status() + ")";
  }

  /** One difference as a sentence, {@code users: 4 in the baseline, 8 now}. */
  public static String difference(Difference difference) {
    return ForeignText.name(difference.what())
        + ": "
        + ForeignText.name(difference.baseline())
        + " in the baseline, "
        + ForeignText.name(difference.current())
        + " now";
  }

  /** What a difference means, in a word or two. */
  public static String effect(Difference difference) {
    return switch (difference.effect()) {
      case NOTE -> "note";
      case WARNING -> "warning: other work was asked for";
      case OTHER_TIMES -> "times mean something else";
      case NOTHING_COMPARABLE -> "nothing is comparable";
    };
  }
}
