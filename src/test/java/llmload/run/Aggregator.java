package llmload.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import llmload.analysis.Definitions;
import llmload.analysis.RunAnalysis;
import llmload.analysis.SuiteAverages;
import llmload.analysis.alerts.Alert;
import llmload.analysis.alerts.AlertReport;
import llmload.analysis.alerts.AlertSettings;
import llmload.analysis.alerts.AlertWindows;
import llmload.analysis.suite.SuiteAnalyses;
import llmload.analysis.suite.SuiteAnalysis;
import llmload.analysis.telemetry.TelemetryAnalysis;
import llmload.config.ConfigException;
import llmload.grading.GradedRun;
import llmload.grading.Grading;
import llmload.grading.Snapshots;
import llmload.journal.JournalReader;
import llmload.journal.JournalSummary;
import llmload.journal.ManifestFile;
import llmload.journal.RunJournal;
import llmload.model.BaselineComparison;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.RunSnapshot;
import llmload.model.ServerPlace;
import llmload.model.SuiteResult;
import llmload.model.TelemetrySample;
import llmload.report.export.Exporters;
import llmload.report.export.JournalRecords;
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
        run.manifest.with(run.measurements.telemetry().warnings()),
        run.measurements,
        graded.targets(),
        graded.verdict(),
        run.suiteAndAlerts(graded, choice == null ? null : choice.baseline()),
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
    Optional<SuiteAnalysis> suite = SuiteAnalyses.of(manifest);
    SuiteAverages averages = new SuiteAverages();
    TelemetryAnalysis telemetry = new TelemetryAnalysis(manifest);
    Optional<AlertWindows> alerts =
        AlertSettings.of(manifest.settings())
            .map(
                settings ->
                    new AlertWindows(settings.window().toNanos(), ServerPlace.of(manifest)));
    JournalReader.readSamples(
        folder,
        sample -> {
          analysis.accept(sample);
          telemetry.accept(sample);
          suite.ifPresent(parts -> parts.accept(sample));
          alerts.ifPresent(windows -> windows.accept(sample));
        });
    JournalSummary journal =
        JournalReader.read(
            folder,
            request -> {
              analysis.accept(request);
              telemetry.accept(request);
              averages.accept(request);
              suite.ifPresent(parts -> parts.accept(request));
              alerts.ifPresent(windows -> windows.accept(request));
            });
    RunMeasurements measurements =
        telemetry.into(analysis.finish(journal.footer(), journal.rowCount(), journal.tornCount()));
    SuiteResult result = suite.isPresent() ? suite.get().finish(measurements) : null;
    if (result != null) {
      measurements = measurements.with(result.metrics());
    }
    return new Measured(
        manifest,
        measurements,
        suite.orElse(null),
        result,
        averages.numbers(),
        alerts.orElse(null));
  }

  /** A run that is measured and not yet judged. */
  private record Measured(
      RunManifest manifest,
      RunMeasurements measurements,
      @Nullable SuiteAnalysis analysis,
      @Nullable SuiteResult suite,
      Map<String, Double> suiteAverages,
      @Nullable AlertWindows alerts) {

    /** Once: the windows are used up. */
    @Nullable SuiteResult suiteAndAlerts(GradedRun graded, @Nullable RunSnapshot baseline) {
      SuiteResult judged = assessed(graded);
      if (alerts == null) {
        return judged;
      }
      List<Alert> raised =
          AlertReport.alerts(
              AlertSettings.of(manifest.settings()).orElseThrow(),
              alerts,
              AlertReport.speedOf(baseline));
      return AlertReport.beside(manifest.plan().kind(), judged, raised, ServerPlace.of(manifest));
    }

    private @Nullable SuiteResult assessed(GradedRun graded) {
      return analysis == null || suite == null
          ? suite
          : analysis.assess(suite, graded.targets(), graded.verdict());
    }

    RunSnapshot snapshot(GradedRun graded) {
      return Snapshots.of(manifest, measurements, suiteAverages, graded.verdict().validity());
    }
  }

  /** Aggregates and writes every report file of the run. */
  public static RunReport aggregateAndWrite(Path folder) {
    RunReport report = aggregate(folder);
    try {
      write(report, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing the report into " + folder, e);
    }
    return report;
  }

  /**
   * Writes every report file and every export that the run asked for.
   *
   * @throws IOException if one could not be written; the others are
   */
  static void write(RunReport report, Path folder) throws IOException {
    IOException failure = null;
    try {
      ReportFiles.writeAll(report, folder);
    } catch (IOException e) {
      failure = e;
    }
    try {
      Exporters.writeAll(report, new RunRecords(folder), folder);
    } catch (IOException e) {
      if (failure != null) {
        e.addSuppressed(failure);
      }
      failure = e;
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The journal of a run's folder. */
  private record RunRecords(Path folder) implements JournalRecords {
    @Override
    public void forEachRequest(Consumer<RequestRecord> sink) {
      var unused = JournalReader.read(folder, sink);
    }

    @Override
    public void forEachSample(Consumer<TelemetrySample> sink) {
      var unused = JournalReader.readSamples(folder, sink);
    }
  }
}
