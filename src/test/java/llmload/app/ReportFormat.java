package llmload.app;

import java.nio.file.Path;
import llmload.report.ReportWriter;
import llmload.report.console.ConsoleReportWriter;
import llmload.report.html.HtmlReportWriter;
import llmload.report.json.JsonReportWriter;
import llmload.report.junit.JunitReportWriter;
import llmload.report.markdown.MarkdownReportWriter;

/** The formats of a report, by the word used on the command line. */
enum ReportFormat {
  HTML,
  JSON,
  MARKDOWN,
  JUNIT,
  CONSOLE;

  /** The writer of this format, for a run in {@code folder}. */
  ReportWriter writer(Path folder) {
    return switch (this) {
      case HTML -> new HtmlReportWriter();
      case JSON -> new JsonReportWriter();
      case MARKDOWN -> new MarkdownReportWriter();
      case JUNIT -> new JunitReportWriter();
      case CONSOLE -> new ConsoleReportWriter(folder);
    };
  }
}
