package llmload.analysis.suite;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import llmload.analysis.RunAnalysis;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.SuiteResult;
import llmload.model.TargetServer;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** A suite's result of given records, and its numbers by name. */
final class SuiteFixture {
  private final SuiteResult result;

  private SuiteFixture(SuiteResult result) {
    this.result = result;
  }

  /** Analyses what a run of that workload left. */
  static SuiteFixture of(
      String workload,
      Map<String, String> settings,
      List<RequestRecord> requests,
      List<TelemetrySample> samples) {
    RunManifest manifest = manifest(workload, settings);
    SuiteAnalysis analysis = SuiteAnalyses.of(manifest).orElseThrow();
    samples.forEach(analysis::accept);
    requests.forEach(analysis::accept);
    return new SuiteFixture(analysis.finish(new RunAnalysis(manifest).finish(null, 0, 0)));
  }

  private static RunManifest manifest(String workload, Map<String, String> settings) {
    return new RunManifest(
        "run",
        "llmload.simulations.LoadSimulation",
        Instant.parse("2026-01-01T00:00:00Z"),
        null,
        null,
        new TargetServer("http://gpu:8000", "openai-chat", "own-model", null, null),
        new LoadPlan(workload, "closed", 1, null, null, 1L, null, true, 1L),
        List.of(),
        List.of(),
        Map.of(),
        settings,
        Map.of(),
        null,
        List.of());
  }

  /** A look at the server's process. */
  static TelemetrySample resident(double atSeconds, double mebibytes) {
    return new TelemetrySample(
        "process",
        Math.round(atSeconds * 1e9),
        Map.of("rss_bytes", mebibytes * 1_048_576),
        Map.of("pid", "4711"));
  }

  /** Looks at the server's process that were in vain. */
  static TelemetrySample missed(String message) {
    return new TelemetrySample(
        "telemetry",
        0,
        Map.of("missed_count", 3.0),
        Map.of("of", "process", "reason", "NOT_AVAILABLE", "message", message));
  }

  /** A metric of a scope. */
  MetricSummary metric(String scope, String id) {
    return there(result.metrics().getOrDefault(scope, Map.of()).get(id), scope + " " + id);
  }

  /** The number of a metric that is one. */
  double value(String scope, String id) {
    return there(metric(scope, id).value(), scope + " " + id);
  }

  /** A cell of a table. */
  @Nullable Object cell(String table, int row, String column) {
    ResultTable found =
        result.tables().stream().filter(t -> t.id().equals(table)).findFirst().orElseThrow();
    List<String> names = found.columns().stream().map(ResultTable.Column::name).toList();
    return found.rows().get(row).get(names.indexOf(column));
  }

  /** A number of a table. */
  double number(String table, int row, String column) {
    Number number = cell(table, row, column) instanceof Number found ? found : null;
    return there(number, table + " " + row + " " + column).doubleValue();
  }

  private <T> T there(@Nullable T value, String what) {
    if (value == null) {
      throw new AssertionError(what + ": Expecting a value. Found: none in " + result);
    }
    return value;
  }

  /** What is remarked. */
  List<String> remarks() {
    return result.remarks();
  }
}
