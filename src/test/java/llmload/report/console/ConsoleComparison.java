package llmload.report.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Difference;
import llmload.model.Difference.Effect;
import llmload.model.Regression;
import llmload.report.ComparisonText;
import llmload.report.ForeignText;

/** A comparison with a baseline as lines for a terminal. */
public final class ConsoleComparison {
  private static final int COLUMNS = 160;
  private static final int SHOWN = 5;

  private ConsoleComparison() {}

  /** Every number and every difference. */
  public static String whole(BaselineComparison comparison) {
    List<String> lines = new ArrayList<>();
    head(comparison, lines);
    comparison
        .differences()
        .forEach(difference -> lines.add(line("differs", difference(difference))));
    if (!comparison.rows().isEmpty()) {
      lines.add(row("metric", "baseline", "now", "change", "limit", "outcome"));
    }
    for (Comparison row : comparison.rows()) {
      lines.add(
          row(
              ComparisonText.subject(row) + scope(row),
              ComparisonText.baseline(row),
              ComparisonText.current(row),
              ComparisonText.change(row),
              row.limit(),
              ComparisonText.verdict(row) + (row.reason() == null ? "" : ": " + row.reason())));
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(
        line ->
            text.append(ForeignText.ascii(line.stripTrailing())).append(System.lineSeparator()));
    return text.toString();
  }

  /** The outcome, what is not alike, and the rows that are not OK: a few lines. */
  static List<String> brief(BaselineComparison comparison) {
    List<String> lines = new ArrayList<>();
    head(comparison, lines);
    comparison.differences().stream()
        .filter(difference -> difference.effect() == Effect.WARNING)
        .limit(SHOWN)
        .forEach(difference -> lines.add(line("differs", difference(difference))));
    List<Comparison> telling =
        comparison.rows().stream()
            .filter(row -> row.verdict() != Regression.OK || row.status() != null)
            .sorted((a, b) -> Integer.compare(urgency(a), urgency(b)))
            .toList();
    telling.stream().limit(SHOWN).forEach(row -> lines.add(line("compared", sentence(row))));
    if (telling.size() > SHOWN) {
      lines.add(line("compared", "and " + (telling.size() - SHOWN) + " more"));
    }
    return lines;
  }

  private static void head(BaselineComparison comparison, List<String> lines) {
    lines.add(
        line(
            "baseline",
            comparison.regression().name().replace('_', ' ')
                + " against "
                + ComparisonText.baseline(comparison)));
    comparison.reasons().forEach(reason -> lines.add(line("", reason)));
  }

  private static int urgency(Comparison row) {
    return switch (row.verdict()) {
      case REGRESSION -> 0;
      case NOT_COMPARABLE -> 1;
      case INCONCLUSIVE -> 2;
      case IMPROVED -> 3;
      case OK, NONE -> 4;
    };
  }

  private static String sentence(Comparison row) {
    return ComparisonText.verdict(row)
        + " "
        + ComparisonText.subject(row)
        + scope(row)
        + ": "
        + ComparisonText.baseline(row)
        + " -> "
        + ComparisonText.current(row)
        + ", "
        + ComparisonText.change(row)
        + (row.reason() == null ? "" : ", " + row.reason());
  }

  private static String scope(Comparison row) {
    return row.scope().equals("all") ? "" : " (" + ForeignText.name(row.scope()) + ")";
  }

  private static String difference(Difference difference) {
    return ComparisonText.difference(difference) + " (" + ComparisonText.effect(difference) + ")";
  }

  private static String line(String label, String text) {
    return String.format(Locale.ROOT, "  %-10s %s", label, ForeignText.line(text, 2 * COLUMNS));
  }

  private static String row(String metric, String... cells) {
    return String.format(
        Locale.ROOT,
        "  %-38s %14s %14s %12s  %-30s %s",
        metric,
        cells[0],
        cells[1],
        cells[2],
        cells[3],
        cells[4]);
  }
}
