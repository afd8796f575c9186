package llmload.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import llmload.analysis.Definitions;
import llmload.analysis.RunAnalysis;
import llmload.config.ConfigException;
import llmload.grading.GradedRun;
import llmload.grading.Grading;
import llmload.journal.JournalReader;
import llmload.journal.JournalSummary;
import llmload.journal.ManifestFile;
import llmload.journal.RunJournal;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.report.files.ReportFiles;

/** Makes a report of a run's folder: the same from the same journal, whenever and wherever. */
public final class Aggregator {
  private Aggregator() {}

  /**
   * Reads, analyses and grades.
   *
   * @throws ConfigException if the folder holds no run
   */
  public static RunReport aggregate(Path folder) {
    for (String name : new String[] {ManifestFile.NAME, RunJournal.REQUESTS_FILE}) {
      if (!Files.isRegularFile(folder.resolve(name))) {
        throw new ConfigException(
            folder + ": Expecting a run's folder. Found: no " + name + " in it.");
      }
    }
    RunManifest manifest = ManifestFile.read(folder);
    RunAnalysis analysis = new RunAnalysis(manifest);
    JournalReader.readSamples(folder, analysis::accept);
    JournalSummary journal = JournalReader.read(folder, analysis::accept);
    RunMeasurements measurements =
        analysis.finish(journal.footer(), journal.rowCount(), journal.tornCount());
    GradedRun graded = Grading.grade(manifest, measurements);
    return new RunReport(
        manifest, measurements, graded.targets(), graded.verdict(), Definitions.all());
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
