package llmload.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import llmload.analysis.Definitions;
import llmload.analysis.RunAnalysis;
import llmload.analysis.SuiteAverages;
import llmload.config.ConfigException;
import llmload.grading.GradedRun;
import llmload.grading.Grading;
import llmload.grading.Snapshots;
import llmload.journal.JournalReader;
import llmload.journal.JournalSummary;
import llmload.journal.ManifestFile;
import llmload.journal.RunJournal;
import llmload.model.BaselineComparison;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.RunSnapshot;
import llmload.report.files.ReportFiles;
import org.jspecify.annotations.Nullable;

/** Makes a report of a run's folder: the same from the same journal, whenever and wherever. */
public final class Aggregator {
  private Aggregator() {}

  /**
   * Reads, analyses and grades, and holds the run against the baseline that it was made with.
   *
   * @throws ConfigException if the folder holds no run
   */
  public static RunReport aggregate(Path folder) {
    Measured run = measure(folder);
    return report(run, BaselineChoice.of(run.manifest, folder).orElse(null));
  }

  /**
   * The same against another baseline, whatever the run was made with.
   *
   * @throws ConfigException if the folder holds no run
   */
  public static RunReport aggregate(Path folder, BaselineChoice choice) {
    return report(measure(folder), choice);
  }

  /**
   * The run as one side of a comparison.
   *
   * @throws ConfigException if the folder holds no run
   */
  public static RunSnapshot snapshot(Path folder) {
    Measured run = measure(folder);
    return run.snapshot(Grading.grade(run.manifest, run.measurements));
  }

  private static RunReport report(Measured run, @Nullable BaselineChoice choice) {
    GradedRun graded = Grading.grade(run.manifest, run.measurements);
    BaselineComparison comparison = null;
    if (choice != null) {
      comparison = choice.compare(run.snapshot(graded));
      graded = Grading.grade(run.manifest, run.measurements, comparison);
    }
    return new RunReport(
        run.manifest,
        run.measurements,
        graded.targets(),
        graded.verdict(),
        Definitions.all(),
        comparison);
  }

  private static Measured measure(Path folder) {
    for (String name : new String[] {ManifestFile.NAME, RunJournal.REQUESTS_FILE}) {
      if (!Files.isRegularFile(folder.resolve(name))) {
        throw new ConfigException(
            folder + ": Expecting a run's folder. Found: no " + name + " in it.");
      }
    }
    RunManifest manifest = ManifestFile.read(folder);
    RunAnalysis analysis = new RunAnalysis(manifest);
    SuiteAverages averages = new SuiteAverages();
    JournalReader.readSamples(folder, analysis::accept);
    JournalSummary journal =
        JournalReader.read(
            folder,
            request -> {
              analysis.accept(request);
              averages.accept(request);
            });
    RunMeasurements measurements =
        analysis.finish(journal.footer(), journal.rowCount(), journal.tornCount());
    return new Measured(manifest, measurements, averages.numbers());
  }

  /** A run that is measured and not yet judged. */
  private record Measured(
      RunManifest manifest, RunMeasurements measurements, Map<String, Double> suiteAverages) {

    RunSnapshot snapshot(GradedRun graded) {
      return Snapshots.of(manifest, measurements, suiteAverages, graded.verdict().validity());
    }
  }

  /** Aggregates and writes every report file of the run. */
  public static RunReport aggregateAndWrite(Path folder) {
    RunReport report = aggregate(folder);
    try {
      ReportFiles.writeAll(report, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing the report into " + folder, e);
    }
    return report;
  }
}
