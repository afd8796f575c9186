package llmload.report.markdown;

import java.util.List;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Difference.Effect;
import llmload.model.Regression;
import llmload.report.ComparisonText;

/** The section on the baseline. */
final class MarkdownComparison {
  /** The head of the table that {@link #rows} fill. */
  static final String HEAD =
      "| | metric | baseline | now | change | limit |\n|---|---|---:|---:|---:|---|";

  private static final int SENTENCES = 10;

  private MarkdownComparison() {}

  static void head(BaselineComparison comparison, Page page) {
    page.line("");
    page.line("### Baseline");
    page.line("");
    page.line(
        "**"
            + comparison.regression().name().replace('_', ' ')
            + "** against "
            + MarkdownText.name(ComparisonText.baseline(comparison)));
    page.line("");
    comparison.reasons().stream()
        .limit(SENTENCES)
        .forEach(reason -> page.line("- " + MarkdownText.message(reason)));
    comparison.differences().stream()
        .filter(difference -> difference.effect() != Effect.NOTE)
        .limit(SENTENCES)
        .forEach(
            difference ->
                page.line(
                    "- differs: "
                        + MarkdownText.message(ComparisonText.difference(difference))
                        + " ("
                        + ComparisonText.effect(difference)
                        + ")"));
    page.line("");
  }

  /** The rows of the table, what is worse first. */
  static List<String> rows(BaselineComparison comparison) {
    return comparison.rows().stream()
        .sorted((a, b) -> Integer.compare(urgency(a), urgency(b)))
        .map(MarkdownComparison::row)
        .toList();
  }

  private static int urgency(Comparison row) {
    return row.verdict() == Regression.REGRESSION ? 0 : 1;
  }

  private static String row(Comparison row) {
    String scope = row.scope().equals("all") ? "" : " (" + MarkdownText.name(row.scope()) + ")";
    return "| "
        + ComparisonText.verdict(row)
        + (row.reason() == null ? "" : ": " + MarkdownText.message(row.reason()))
        + " | "
        + MarkdownText.name(ComparisonText.subject(row))
        + scope
        + " | "
        + MarkdownText.name(ComparisonText.baseline(row))
        + " | "
        + MarkdownText.name(ComparisonText.current(row))
        + " | "
        + MarkdownText.name(ComparisonText.change(row))
        + " | "
        + MarkdownText.name(row.limit())
        + " |";
  }
}
