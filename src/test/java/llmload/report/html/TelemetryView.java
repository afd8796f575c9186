package llmload.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.report.ForeignText;
import llmload.report.TelemetryText;

/** What was watched beside the requests, as text. */
final class TelemetryView {
  private TelemetryView() {}

  static void into(Map<String, Object> view, RunMeasurements run) {
    List<SuiteView.Table> shown = new ArrayList<>();
    List<SuiteView.Table> folded = new ArrayList<>();
    ResultTable figures = TelemetryText.figures(run);
    if (!figures.rows().isEmpty()) {
      shown.add(SuiteView.table(figures));
    }
    for (ResultTable table : TelemetryText.tables(run)) {
      boolean all = table.id().equals("resources");
      (all ? folded : shown).add(SuiteView.table(table));
    }
    List<PageView.Entry> absent = new ArrayList<>();
    TelemetryText.absent(run)
        .forEach(
            (ids, reason) ->
                absent.add(
                    new PageView.Entry(ForeignText.message(ids), ForeignText.message(reason))));
    view.put("telemetryTables", shown);
    view.put("telemetryFolded", folded);
    view.put("telemetryAbsent", absent);
    view.put(
        "telemetryRemarks", run.telemetry().remarks().stream().map(ForeignText::message).toList());
  }
}
