package llmload.report.markdown;

import java.util.List;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.report.TelemetryText;

/** What was watched beside the requests as Markdown. */
final class TelemetrySection {
  private TelemetrySection() {}

  static void into(Page page, RunMeasurements run) {
    ResultTable figures = TelemetryText.figures(run);
    if (!figures.rows().isEmpty()) {
      SuiteSection.into(page, figures);
    }
    for (String id : List.of("slowest", "sources", "clocks")) {
      ResultTable table = TelemetryText.table(run, id);
      if (table != null) {
        SuiteSection.into(page, table);
      }
    }
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
}
