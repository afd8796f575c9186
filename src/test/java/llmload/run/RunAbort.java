package llmload.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import llmload.analysis.Definitions;
import llmload.analysis.RunAnalysis;
import llmload.model.Grade;
import llmload.model.LoadPlan;
import llmload.model.Regression;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.TargetServer;
import llmload.model.Validity;
import llmload.model.Verdict;
import llmload.report.files.ReportFiles;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run that could not begin: one line a problem, a report that says so, an exit code.
 */
final class RunAbort {
  private RunAbort() {}

  /** Where a run's folder is there already, and which server the run was meant for. */
  record Begun(Path folder, TargetServer target) {}

  /**
   * Ends the JVM; never returns, the result is for the caller's {@code throw}.
   *
   * @param begun what there is of the run already; {@code null} if its settings are no good
   */
  static RuntimeException exit(
      int code, List<String> problems, Class<?> simulation, @Nullable Begun begun) {
    problems.forEach(problem -> System.err.println("llmload: " + problem));
    if (begun != null) {
      try {
        ReportFiles.writeAll(report(code, problems, begun, simulation), begun.folder());
      } catch (IOException | RuntimeException e) {
        System.err.println("llmload: the report could not be written: " + e);
      }
    }
    System.err.flush();
    Runtime.getRuntime().halt(code);
    return new IllegalStateException("halted");
  }

  private static RunReport report(
      int code, List<String> problems, Begun begun, Class<?> simulation) {
    RunManifest manifest =
        new RunManifest(
            String.valueOf(begun.folder().getFileName()),
            simulation.getName(),
            Instant.now(),
            null,
            null,
            begun.target(),
            new LoadPlan("none", "closed", null, null, null, null, null, false, null),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            null,
            List.of());
    Verdict verdict =
        new Verdict(
            Validity.NO_DATA, problems, Grade.NOT_GRADED, 0, 0, Regression.NONE, code, problems);
    return new RunReport(
        manifest,
        new RunAnalysis(manifest).finish(null, 0, 0),
        List.of(),
        verdict,
        null,
        Definitions.all(),
        null);
  }
}
