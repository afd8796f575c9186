package llmload.run;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.journal.ManifestFile;
import llmload.model.ExitCode;
import llmload.model.GatlingCount;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.protocol.internal.GatlingLog;
import llmload.report.console.ConsoleReportWriter;
import org.jspecify.annotations.Nullable;

/**
 * The last step of a run: Gatling's report copied, its counts kept, our report written and shown.
 */
final class RunFinish {
  private final Path root;
  private final Path folder;
  private final Class<?> simulation;
  private final RunManifest begun;

  RunFinish(Path root, Path folder, Class<?> simulation, RunManifest begun) {
    this.root = root;
    this.folder = folder;
    this.simulation = simulation;
    this.begun = begun;
  }

  /**
   * Writes everything; returns the exit code.
   *
   * @param early whether a signal or a crash ended the run, so that Gatling wrote no report
   */
  int write(boolean early, @Nullable Instant endedAt, long endedNanos) {
    List<String> warnings = new ArrayList<>(begun.warnings());
    Optional<Path> gatling =
        GatlingFolder.find(root, simulation.getSimpleName(), begun.startedAt());
    gatling.ifPresent(run -> copy(run, warnings));
    Map<String, GatlingCount> counts = early ? null : counts(gatling, warnings);
    boolean written = writeManifest(ended(endedAt, endedNanos, counts, warnings));
    RunReport report = Aggregator.aggregate(folder);
    written &= writeReport(report);
    show(report);
    int exitCode = report.verdict().exitCode();
    return written || exitCode != ExitCode.PASS ? exitCode : ExitCode.INTERNAL;
  }

  private RunManifest ended(
      @Nullable Instant endedAt,
      long endedNanos,
      @Nullable Map<String, GatlingCount> counts,
      List<String> warnings) {
    return new RunManifest(
        begun.runId(),
        begun.simulation(),
        begun.startedAt(),
        endedAt,
        endedNanos,
        begun.target(),
        begun.plan(),
        begun.targets(),
        begun.failOn(),
        begun.validityLimits(),
        begun.settings(),
        begun.environment(),
        counts,
        warnings);
  }

  /** A full disk must not keep the verdict from the console. */
  private boolean writeManifest(RunManifest manifest) {
    try {
      ManifestFile.write(folder, manifest);
      return true;
    } catch (RuntimeException e) {
      System.out.println("llmload: " + e.getMessage());
      return false;
    }
  }

  private boolean writeReport(RunReport report) {
    try {
      Aggregator.write(report, folder);
      return true;
    } catch (IOException e) {
      System.out.println("llmload: " + e.getMessage());
      return false;
    }
  }

  private void copy(Path gatlingRun, List<String> warnings) {
    try {
      RunFolder.copyGatling(gatlingRun, folder);
    } catch (RuntimeException e) {
      warnings.add("Gatling's own report could not be copied: " + e.getMessage());
    }
  }

  private static @Nullable Map<String, GatlingCount> counts(
      Optional<Path> gatling, List<String> warnings) {
    if (gatling.isEmpty()) {
      warnings.add("Gatling's own report was not found.");
      return null;
    }
    try {
      Path run = gatling.get();
      return GatlingLog.read(run.resolve("..").normalize(), run.getFileName().toString());
    } catch (RuntimeException e) {
      warnings.add("Gatling's simulation.log could not be read: " + e);
      return null;
    }
  }

  private void show(RunReport report) {
    StringWriter text = new StringWriter();
    try {
      new ConsoleReportWriter(relative(folder)).write(report, text);
    } catch (IOException e) {
      text.append("llmload: ").append(String.valueOf(e));
    }
    System.out.println(text);
    if (Files.isDirectory(folder.resolve("gatling"))) {
      System.out.println("Gatling's own: " + relative(folder.resolve("gatling/index.html")));
    }
  }

  private Path relative(Path path) {
    return path.startsWith(root) ? root.relativize(path) : path;
  }
}
