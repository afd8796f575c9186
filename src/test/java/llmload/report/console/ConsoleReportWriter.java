package llmload.report.console;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import llmload.model.InjectorHealth;
import llmload.model.Outcome;
import llmload.model.RunCounts;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.TargetVerdict;
import llmload.report.Figures;
import llmload.report.ForeignText;
import llmload.report.Headline;
import llmload.report.ReportWriter;
import llmload.report.TargetText;
import org.jspecify.annotations.Nullable;

/** The report as about twenty lines of ASCII for a terminal or a CI log: the verdict first. */
public final class ConsoleReportWriter implements ReportWriter {
  static final int LINES_OF_ONE_KIND = 5;
  static final int COLUMNS = 160;

  private final @Nullable Path folder;

  /** A writer that points to no file: where the report lies is not known. */
  public ConsoleReportWriter() {
    this.folder = null;
  }

  /** A writer that points to the report in {@code folder}. */
  public ConsoleReportWriter(Path folder) {
    this.folder = folder;
  }

  @Override
  public String format() {
    return "console";
  }

  @Override
  public String fileName() {
    return "report.txt";
  }

  @Override
  public void write(RunReport report, Writer out) throws IOException {
    List<String> lines = new ArrayList<>();
    verdict(report, lines);
    targets(report, lines);
    lines.addAll(SuiteLines.of(report.suite()));
    if (report.comparison() != null) {
      lines.addAll(ConsoleComparison.brief(report.comparison()));
    }
    lines.addAll(LatencyLines.of(report.measurements()));
    requests(report.measurements(), lines);
    errors(report.measurements(), lines);
    injector(report.measurements().injector(), lines);
    lines.addAll(TelemetryLines.of(report.measurements()));
    lines.addAll(SlowLines.of(report.measurements().telemetry().slow()));
    if (folder != null) {
      String file = folder.resolve("report.html").toString();
      lines.add(line("report", ForeignText.line(file, 2 * COLUMNS)));
    }
    for (String line : lines) {
      out.write(ForeignText.ascii(line));
      out.write('\n');
    }
    out.flush();
  }

  private static void verdict(RunReport report, List<String> lines) {
    Headline headline = Headline.of(report);
    lines.add(
        "%s (exit code %s): %s"
            .formatted(headline.word(), report.verdict().exitCode(), headline.sentence()));
    sentences("failed", report.verdict().failures(), lines);
    sentences("validity", report.verdict().validityReasons(), lines);
    sentences("warning", report.manifest().warnings(), lines);
  }

  private static void sentences(String label, List<String> sentences, List<String> lines) {
    sentences.stream()
        .limit(LINES_OF_ONE_KIND)
        .forEach(sentence -> lines.add(line(label, ForeignText.line(sentence, 2 * COLUMNS))));
    if (sentences.size() > LINES_OF_ONE_KIND) {
      lines.add(line(label, "and " + (sentences.size() - LINES_OF_ONE_KIND) + " more"));
    }
  }

  private static void targets(RunReport report, List<String> lines) {
    List<String> unmet =
        report.targets().stream()
            .filter(verdict -> verdict.target().graded())
            .filter(verdict -> verdict.result() != TargetVerdict.Result.MET)
            .map(ConsoleReportWriter::target)
            .toList();
    sentences("target", unmet, lines);
  }

  private static String target(TargetVerdict verdict) {
    String what =
        verdict.result()
            + " "
            + TargetText.subject(verdict.target())
            + " "
            + TargetText.limit(verdict.target())
            + " ("
            + ForeignText.name(verdict.target().scope())
            + ")";
    return verdict.reason() == null
        ? what + ": measured " + TargetText.measured(verdict)
        : what + ": " + verdict.reason();
  }

  private static void requests(RunMeasurements run, List<String> lines) {
    RunCounts counts = run.counts();
    lines.add(
        line(
            "requests",
            "%s started in %s: %s ok, %s failed, %s incomplete; %s dropped, %s warm-up"
                .formatted(
                    Figures.count(counts.startedCount()),
                    Figures.duration(run.durationSeconds()),
                    Figures.count(counts.okCount()),
                    Figures.count(counts.failedCount()),
                    Figures.count(counts.incompleteCount()),
                    counts.droppedCount() == null
                        ? "unknown"
                        : Figures.count(counts.droppedCount()),
                    Figures.count(counts.warmupCount()))));
  }

  private static void errors(RunMeasurements run, List<String> lines) {
    String classes =
        run.counts().byClass().entrySet().stream()
            .filter(entry -> entry.getKey() != Outcome.OK)
            .sorted(Map.Entry.<Outcome, Long>comparingByValue().reversed())
            .map(entry -> entry.getKey() + " " + Figures.count(entry.getValue()))
            .collect(Collectors.joining(", "));
    if (classes.isEmpty()) {
      return;
    }
    String example =
        run.errors().isEmpty() ? "" : ForeignText.line(run.errors().get(0).message(), 80);
    lines.add(line("errors", classes + (example.isEmpty() ? "" : "; first: " + example)));
  }

  private static void injector(InjectorHealth health, List<String> lines) {
    lines.add(
        line(
            "injector",
            "send lag p99 %s, event loop at most %s late, GC pause at most %s, %s cores"
                .formatted(
                    millis(health.sendLagP99Millis()),
                    millis(health.eventLoopLagMaxMillis()),
                    millis(health.gcPauseMaxMillis()),
                    Figures.of(health.cpuCores()))));
  }

  private static String millis(@Nullable Double value) {
    return value == null ? "not measured" : Figures.of(value) + " ms";
  }

  static String line(String label, String text) {
    return String.format(Locale.ROOT, "  %-10s %s", label, text);
  }

  static String row(String label, String... cells) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "  %-10s", label));
    for (String cell : cells) {
      row.append(String.format(Locale.ROOT, " %14s", cell));
    }
    return row.toString();
  }
}
