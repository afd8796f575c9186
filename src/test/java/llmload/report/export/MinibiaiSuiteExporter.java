package llmload.report.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import llmload.metrics.SuiteResults;
import llmload.model.RequestRecord;
import llmload.model.RunReport;
import llmload.model.TelemetrySample;
import llmload.report.files.ReportFiles;
import llmload.report.html.HtmlReportWriter;
import org.jspecify.annotations.Nullable;

/**
 * The files of mini-biai-1's suite, in its folders: {@code output/reports}, {@code
 * output/monitoring_data}, {@code output/stress_test_results}, {@code baseline}. Times in names are
 * UTC.
 *
 * <p>The settings {@code suite.outputDir} and {@code suite.output} name a folder and a file that
 * get copies.
 */
final class MinibiaiSuiteExporter implements Exporter {
  static final String ID = "minibiai-suite";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    SuiteResults results = new SuiteResults(report.manifest().settings());
    records.forEachRequest(results::add);
    records.forEachSample(results::add);
    results.finish();
    Map<String, String> settings = report.manifest().settings();
    Map<String, @Nullable Object> whole = new MinibiaiSuiteResult(report, results).whole();
    Map<String, @Nullable Object> summary = new MinibiaiSuiteResult(report, results).summary();
    String type = settings.getOrDefault("suite.type", "quick");
    Instant ended = ended(report);
    String stamp = STAMP.format(ended);
    Path reports = Files.createDirectories(folder.resolve("output/reports"));
    json(reports.resolve("comprehensive_benchmark_" + stamp + ".json"), whole);
    json(reports.resolve(type + "_summary.json"), summary);
    if (!"false".equals(settings.get("suite.html"))) {
      html(report, reports, "benchmark_report_" + stamp + ".html");
    }
    Path monitoring = Files.createDirectories(folder.resolve("output/monitoring_data"));
    MonitoringIntervals intervals =
        new MonitoringIntervals(report.measurements().series(), results);
    records.forEachRequest(intervals::add);
    json(
        monitoring.resolve("monitoring_export_" + ended.getEpochSecond() + ".json"),
        new MinibiaiMonitoring(report, results, intervals).document());
    if (!results.levels().isEmpty()) {
      Path stress = Files.createDirectories(folder.resolve("output/stress_test_results"));
      new MinibiaiStressExporter().write(report, new Levels(records), stress);
    }
    // What a later run's --baseline-file takes.
    Path baseline = Files.createDirectories(folder.resolve("baseline"));
    json(baseline.resolve("baseline_config.json"), whole);
    copy(settings, folder, whole);
  }

  private static Instant ended(RunReport report) {
    Instant ended = report.manifest().endedAt();
    return ended == null ? report.manifest().startedAt() : ended;
  }

  private static void json(Path file, Map<String, @Nullable Object> document) throws IOException {
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), document);
  }

  /** Our own report under the suite's name. */
  private static void html(RunReport report, Path folder, String name) throws IOException {
    HtmlReportWriter writer = new HtmlReportWriter();
    ReportFiles.write(writer, report, folder);
    Files.move(
        folder.resolve(writer.fileName()),
        folder.resolve(name),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(
      Map<String, String> settings, Path folder, Map<String, @Nullable Object> whole)
      throws IOException {
    String output = settings.get("suite.output");
    if (output != null) {
      Path file = Path.of(output).toAbsolutePath();
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      json(file, whole);
    }
    String directory = settings.get("suite.outputDir");
    if (directory == null) {
      return;
    }
    Path to = Path.of(directory).toAbsolutePath();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(folder.relativize(file).toString());
        Path parent = copy.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** The journal with the requests of the stress part alone. */
  private record Levels(JournalRecords all) implements JournalRecords {
    @Override
    public void forEachRequest(Consumer<RequestRecord> sink) {
      all.forEachRequest(
          request -> {
            if (request.request().startsWith(SuiteResults.LEVEL)) {
              sink.accept(request);
            }
          });
    }

    @Override
    public void forEachSample(Consumer<TelemetrySample> sink) {
      all.forEachSample(sink);
    }
  }

  /** An object of the file; its fields keep their order. */
  static Map<String, @Nullable Object> object() {
    return new LinkedHashMap<>();
  }
}
