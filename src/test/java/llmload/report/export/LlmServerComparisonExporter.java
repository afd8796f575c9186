package llmload.report.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.SuiteResult;
import llmload.model.Tags;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code structured_vs_unstructured_<time>/} of llm-server's comparison: {@code
 * results.csv}, {@code schema_registration.log} and {@code console.log}.
 *
 * <p>The CSV has one row for each request that was sent, none repeated. Tokens are the request's
 * own, not running totals. {@code Total Requests} and {@code Average Duration (s)} are of the row's
 * model, case and endpoint; a failed request counts and has no latency.
 */
final class LlmServerComparisonExporter implements Exporter {
  /** The header, as the comparison writes it. */
  static final String HEADER =
      "Model,Test Case,Endpoint,Latency (s),Input Tokens,Output Tokens,Total Requests,"
          + "Average Duration (s)";

  private static final String REGISTRATION = "schema_registration";
  private static final Map<String, String> CASES =
      Map.of(
          "simple", "Simple JSON Object",
          "nested", "Nested JSON Object",
          "array", "Array of Objects");

  @Override
  public String id() {
    return "llm-server-comparison";
  }

  /** One row's cell of the comparison. */
  private record Cell(String model, String testCase, String endpoint) {}

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    RunManifest manifest = report.manifest();
    List<RequestRecord> halves = new ArrayList<>();
    List<RequestRecord> registrations = new ArrayList<>();
    records.forEachRequest(
        request -> {
          if (request.phase() != Phase.MEASURE) {
            return;
          }
          if (request.tags().containsKey("pair")) {
            halves.add(request);
          } else if (request.request().equals(REGISTRATION)) {
            registrations.add(request);
          }
        });
    halves.sort(Comparator.comparingLong(RequestRecord::sentNanos));
    registrations.sort(Comparator.comparingLong(RequestRecord::sentNanos));
    Path own =
        Files.createDirectories(
            folder.resolve("structured_vs_unstructured_" + LlmServerText.stamp(report)));
    Files.write(own.resolve("results.csv"), csv(manifest, halves));
    Files.write(own.resolve("schema_registration.log"), registration(manifest, registrations));
    LlmServerResources resources = new LlmServerResources();
    records.forEachSample(resources::accept);
    List<String> console = new ArrayList<>(console(report, halves));
    console.add("");
    console.add("Resources");
    console.addAll(resources.lines());
    Files.write(own.resolve("console.log"), console);
  }

  private static Cell cell(RunManifest manifest, RequestRecord request) {
    Map<String, String> tags = request.tags();
    String model = tags.getOrDefault("model", "");
    String shape = tags.getOrDefault("case", "");
    return new Cell(
        model.isEmpty() ? LlmServerText.model(manifest) : model,
        CASES.getOrDefault(shape, shape),
        "structured".equals(tags.get("half")) ? "Structured" : "Unstructured");
  }

  private static List<String> csv(RunManifest manifest, List<RequestRecord> halves) {
    Map<Cell, List<RequestRecord>> cells = new LinkedHashMap<>();
    for (RequestRecord half : halves) {
      cells.computeIfAbsent(cell(manifest, half), key -> new ArrayList<>()).add(half);
    }
    List<String> lines = new ArrayList<>();
    lines.add(HEADER);
    cells.forEach(
        (cell, requests) -> {
          List<RequestRecord> ok = requests.stream().filter(r -> r.outcome().isOk()).toList();
          double busy = ok.stream().mapToDouble(LlmServerText::latencySeconds).sum();
          String average = ok.isEmpty() ? "" : LlmServerText.seconds(busy / ok.size());
          for (RequestRecord request : requests) {
            boolean good = request.outcome().isOk();
            lines.add(
                String.join(
                    ",",
                    LlmServerText.csv(cell.model()),
                    cell.testCase(),
                    cell.endpoint(),
                    good ? LlmServerText.seconds(LlmServerText.latencySeconds(request)) : "",
                    good ? text(request.usage().inputTokens()) : "",
                    good ? text(request.usage().outputTokens()) : "",
                    Integer.toString(requests.size()),
                    average));
          }
        });
    return lines;
  }

  private static String text(@Nullable Integer count) {
    return count == null ? "" : count.toString();
  }

  private static List<String> registration(
      RunManifest manifest, List<RequestRecord> registrations) {
    if (registrations.isEmpty()) {
      return List.of(
          "The dialect "
              + manifest.target().dialect()
              + " keeps no schemas: each request carried its own.");
    }
    return registrations.stream()
        .map(
            request ->
                "%s schema %s: %s, status %s, %s s"
                    .formatted(
                        LlmServerText.moment(manifest, request.sentNanos()),
                        request.tags().getOrDefault("schema", LlmServerText.ABSENT),
                        request.outcome().isOk()
                            ? "id " + request.tags().get(Tags.CHECK_PREFIX + "reply")
                            : "not registered (" + request.message() + ")",
                        request.status(),
                        LlmServerText.seconds(LlmServerText.latencySeconds(request))))
        .toList();
  }

  private static List<String> console(RunReport report, List<RequestRecord> halves) {
    RunManifest manifest = report.manifest();
    List<String> lines = new ArrayList<>();
    Map<Cell, List<RequestRecord>> cells = new LinkedHashMap<>();
    for (RequestRecord half : halves) {
      Cell cell = cell(manifest, half);
      cells.computeIfAbsent(cell, key -> new ArrayList<>()).add(half);
      lines.add(
          "%s %s, %s, %s: %s in %s s"
              .formatted(
                  LlmServerText.moment(manifest, half.sentNanos()),
                  cell.model(),
                  cell.testCase(),
                  cell.endpoint(),
                  half.outcome(),
                  LlmServerText.seconds(LlmServerText.latencySeconds(half))));
    }
    lines.add("");
    lines.add("Summary of Results");
    cells.forEach(
        (cell, requests) -> {
          lines.add("");
          lines.add(
              "Scenario: %s, %s, %s".formatted(cell.testCase(), cell.endpoint(), cell.model()));
          lines.addAll(LlmServerText.summary(requests));
        });
    lines.add("");
    lines.add("Final Metrics");
    lines.add(LlmServerText.countersJson(report));
    SuiteResult suite = report.suite();
    if (suite != null) {
      lines.add("");
      lines.addAll(suite.remarks());
    }
    return lines;
  }
}
