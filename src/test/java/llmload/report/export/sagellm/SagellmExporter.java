package llmload.report.export.sagellm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import llmload.metrics.ContractTally;
import llmload.metrics.EndpointAverages;
import llmload.metrics.ServerFigures;
import llmload.metrics.ServerReadings;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.Tags;
import llmload.report.export.Exporter;
import llmload.report.export.JournalRecords;
import org.jspecify.annotations.Nullable;

/**
 * The files of sagellm-benchmark: {@code <workload>_metrics.json} of its document, {@code
 * benchmark_summary.json}, {@code REPORT.md}, {@code <workload>_leaderboard.json}, and in {@code
 * outputs} the tree of its newer code. Of several servers each gets a folder of its label, and
 * {@code comparison.json} lays them side by side.
 */
public final class SagellmExporter implements Exporter {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Override
  public String id() {
    return "sagellm";
  }

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    Map<String, WorkloadRow> rows = new LinkedHashMap<>();
    records.forEachRequest(request -> add(rows, request));
    ServerReadings readings = new ServerReadings();
    records.forEachSample(readings::add);
    Map<String, List<WorkloadRow>> byEndpoint = new LinkedHashMap<>();
    rows.values()
        .forEach(
            row -> byEndpoint.computeIfAbsent(row.endpoint(), label -> new ArrayList<>()).add(row));
    RunManifest manifest = report.manifest();
    for (Map.Entry<String, List<WorkloadRow>> endpoint : byEndpoint.entrySet()) {
      boolean only = endpoint.getKey().isEmpty();
      Path into = only ? folder : Files.createDirectories(folder.resolve(endpoint.getKey()));
      Map<WorkloadRow, ServerFigures> figures = new LinkedHashMap<>();
      for (WorkloadRow row : endpoint.getValue()) {
        figures.put(row, only ? readings.during(row.tally()) : ServerFigures.NONE);
      }
      writeWorkloads(manifest, figures, into);
    }
    if (byEndpoint.size() > 1) {
      Nodes.write(folder.resolve("comparison.json"), comparison(manifest, byEndpoint));
    }
  }

  private static void add(Map<String, WorkloadRow> rows, RequestRecord request) {
    if (request.phase() == Phase.WARMUP) {
      return;
    }
    Map<String, String> tags = request.tags();
    rows.computeIfAbsent(
            request.request(),
            name ->
                new WorkloadRow(
                    tags.getOrDefault(Tags.ENDPOINT, ""),
                    fileName(tags.getOrDefault(Tags.WORKLOAD, name)),
                    tags.getOrDefault(Tags.WORKLOAD_KIND, ""),
                    number(tags.get(Tags.WANTED_INPUT_TOKENS)),
                    number(tags.get(Tags.WANTED_OUTPUT_TOKENS)),
                    number(tags.get(Tags.CONCURRENCY)),
                    new ContractTally(true)))
        .tally()
        .add(request);
  }

  private static @Nullable Long number(@Nullable String text) {
    return text == null || !text.matches("\\d{1,9}") ? null : Long.valueOf(text);
  }

  /** A name as part of a path: whatever could leave the folder becomes a dash. */
  private static String fileName(@Nullable String name) {
    String safe = name == null ? "" : name.replaceAll("[^A-Za-z0-9._-]", "-");
    return safe.isEmpty() || safe.startsWith(".") ? "unnamed" + safe : safe;
  }

  private static void writeWorkloads(
      RunManifest manifest, Map<WorkloadRow, ServerFigures> figures, Path folder)
      throws IOException {
    ObjectNode workloads = Nodes.object();
    long ok = 0;
    long failed = 0;
    for (Map.Entry<WorkloadRow, ServerFigures> entry : figures.entrySet()) {
      WorkloadRow row = entry.getKey();
      Map<String, @Nullable Number> fields = row.document(manifest, entry.getValue());
      ObjectNode flat = Nodes.numbers(fields);
      Nodes.write(folder.resolve(row.workload() + "_metrics.json"), flat);
      Nodes.write(
          folder.resolve(row.workload() + "_leaderboard.json"),
          new LeaderboardEntry(manifest, row, entry.getValue()).node());
      writeTree(manifest, row, entry.getValue(), folder);
      workloads.set(row.workload(), flat);
      ok += flat.path("successful_requests").asLong();
      failed += flat.path("failed_requests").asLong();
    }
    ObjectNode summary = Nodes.object();
    summary.set("workloads", workloads);
    summary
        .putObject("overall")
        .put("total_workloads", figures.size())
        .put("total_requests", ok + failed)
        .put("successful_requests", ok)
        .put("failed_requests", failed);
    Nodes.write(folder.resolve("benchmark_summary.json"), summary);
    Files.writeString(folder.resolve("REPORT.md"), new MarkdownSummary(manifest, figures).text());
    List<WorkloadRow> perf =
        figures.keySet().stream().filter(row -> row.kind().equals("perf")).toList();
    if (!perf.isEmpty()) {
      Nodes.write(
          folder.resolve("perf_results.json"), new PerfResults(manifest, figures, perf).node());
    }
  }

  /** The newer form: a folder a workload, its metrics wrapped beside the contract. */
  private static void writeTree(
      RunManifest manifest, WorkloadRow row, ServerFigures server, Path folder) throws IOException {
    String engine = manifest.target().engine();
    String backend = engine == null ? manifest.target().dialect() : engine;
    Path into =
        Files.createDirectories(
            folder
                .resolve("outputs")
                .resolve(fileName(backend))
                .resolve(fileName(manifest.target().model()))
                .resolve(row.workload() + "_" + DAY.format(manifest.startedAt()) + "_001"));
    ObjectNode wrapped = Nodes.object();
    wrapped.set("metrics", Nodes.numbers(row.current(manifest, server)));
    wrapped.set("contract", Nodes.contract(row.verdict(manifest, server)));
    Nodes.write(into.resolve(row.workload() + "_metrics.json"), wrapped);
    ObjectNode config = Nodes.object();
    config.put("run_id", manifest.runId());
    config.put("timestamp", manifest.startedAt().toString());
    config.put("backend", backend);
    config.put("model", manifest.target().model());
    config.putNull("model_path");
    config.put("workload", row.workload());
    config.put("dataset", "synthetic");
    config.put("num_samples", row.tally().requestCount());
    config.putObject("versions").put("llmload", manifest.environment().get("llmload"));
    Nodes.write(into.resolve("config.json"), config);
  }

  private static ObjectNode comparison(
      RunManifest manifest, Map<String, List<WorkloadRow>> byEndpoint) {
    ObjectNode node = Nodes.object();
    node.put("model", manifest.target().model());
    Map<String, String> urls = urls(manifest);
    EndpointAverages baseline = null;
    ArrayNode targets = Nodes.object().arrayNode();
    Set<Long> batchSizes = new TreeSet<>();
    for (Map.Entry<String, List<WorkloadRow>> endpoint : byEndpoint.entrySet()) {
      EndpointAverages own =
          EndpointAverages.of(
              endpoint.getValue().stream()
                  .map(row -> row.document(manifest, ServerFigures.NONE))
                  .toList());
      if (baseline == null) {
        baseline = own;
        node.put("baseline", endpoint.getKey());
      }
      endpoint.getValue().stream()
          .map(WorkloadRow::concurrencyCount)
          .filter(size -> size != null)
          .forEach(batchSizes::add);
      ObjectNode target = targets.addObject();
      target.put("label", endpoint.getKey());
      target.put("url", urls.get(endpoint.getKey()));
      target.put("rows", own.rowCount());
      own.averages().forEach((field, value) -> Nodes.put(target, field, value));
      target.set("delta_vs_baseline", Nodes.numbers(own.minus(baseline)));
    }
    ArrayNode sizes = node.putArray("batch_sizes");
    batchSizes.forEach(sizes::add);
    node.set("targets", targets);
    return node;
  }

  /** The servers' URLs by label, from the setting {@code endpoints}. */
  private static Map<String, String> urls(RunManifest manifest) {
    Map<String, String> urls = new LinkedHashMap<>();
    for (String part : manifest.settings().getOrDefault("endpoints", "").split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        String rest = part.substring(equals + 1).strip();
        int at = rest.indexOf("@http");
        urls.put(part.substring(0, equals).strip(), at < 0 ? rest : rest.substring(at + 1));
      }
    }
    return urls;
  }
}
