package llmload.report.markdown;

import java.util.List;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.report.SecondsText;
import llmload.report.TelemetryText;

/** What was watched beside the requests as Markdown. */
final class TelemetrySection {
  private TelemetrySection() {}

  static void into(Page page, RunMeasurements run) {
    ResultTable figures = TelemetryText.figures(run);
    if (!figures.rows().isEmpty()) {
      SuiteSection.into(page, figures);
    }
    tables(List.of("slow_intervals", "slowest", "slowest_failed"), page, run);
    ResultTable seconds = SecondsText.table(run);
    if (!seconds.rows().isEmpty()) {
      List<String> rows = SuiteSection.rows(seconds);
      page.line("");
      page.fold(MarkdownText.name(seconds.title()), SuiteSection.head(seconds), rows, rows.size());
    }
    tables(List.of("sources", "clocks"), page, run);
    page.line("");
    TelemetryText.absent(run)
        .forEach(
            (ids, reason) ->
                page.line(
                    "- not measured: "
                        + MarkdownText.message(ids)
                        + ": "
                        + MarkdownText.message(reason)));
    run.telemetry().remarks().forEach(remark -> page.line("- " + MarkdownText.message(remark)));
  }

  private static void tables(List<String> ids, Page page, RunMeasurements run) {
    for (String id : ids) {
      ResultTable table = TelemetryText.table(run, id);
      if (table != null) {
        SuiteSection.into(page, table);
      }
    }
  }
}
