package llmload.report.markdown;

import java.util.List;
import java.util.stream.Collectors;
import llmload.model.ResultTable;
import llmload.model.SuiteResult;
import llmload.report.SuiteText;
import org.jspecify.annotations.Nullable;

/** A suite's own results as Markdown. */
final class SuiteSection {
  private static final int MOST_REMARKS = 20;

  private SuiteSection() {}

  static void into(Page page, @Nullable SuiteResult suite) {
    if (suite == null) {
      return;
    }
    suite.tables().forEach(table -> into(page, table));
    if (!suite.remarks().isEmpty()) {
      page.line("");
    }
    suite.remarks().stream()
        .limit(MOST_REMARKS)
        .forEach(remark -> page.line("- " + MarkdownText.message(remark)));
  }

  /** One table under its title. */
  static void into(Page page, ResultTable table) {
    page.line("");
    page.line("### " + MarkdownText.name(table.title()));
    page.line("");
    page.line(head(table));
    rows(table).forEach(page::line);
  }

  /** The line of a table's heads, and the one below. */
  static String head(ResultTable table) {
    return row(SuiteText.heads(table)) + "\n" + "|---".repeat(table.columns().size()) + "|";
  }

  /** A line for each row that is shown. */
  static List<String> rows(ResultTable table) {
    return SuiteText.rows(table).stream().map(SuiteSection::row).toList();
  }

  private static String row(List<String> cells) {
    return cells.stream().map(MarkdownText::name).collect(Collectors.joining(" | ", "| ", " |"));
  }
}
