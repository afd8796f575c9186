package llmload.report.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import llmload.model.MetricSummary;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/**
 * agent-memory's {@code benchmark_results.json}: {@code metadata}, and {@code results} by name of
 * the test.
 *
 * <p>One run measures a part of the suite; the fields of other parts are {@code null}. Where the
 * setting {@code benchmarkOutput} names a file, the results go there too and those of earlier runs
 * that this one did not measure are kept, so that several runs make one file. Its MB are 2^20
 * bytes, as in that suite's code.
 */
final class AgentMemoryExporter implements Exporter {
  private static final String FILE = "benchmark_results.json";
  private static final String RESULTS = "results";

  /** What holds numbers of several simulations; all else is of one. */
  private static final List<String> GATHERED = List.of("suite", "template");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  @Override
  public String id() {
    return "agent-memory";
  }

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    ObjectNode file = MAPPER.createObjectNode();
    file.set("metadata", metadata(report.manifest()));
    ObjectNode results = new AgentMemoryResults(report).all(modelLoadSeconds(records));
    results.set("template", template(report));
    file.set(RESULTS, results);
    Files.writeString(folder.resolve(FILE), MAPPER.writeValueAsString(file) + "\n");
    String further = report.manifest().settings().getOrDefault("benchmarkOutput", "");
    if (!further.isBlank()) {
      keep(file, Path.of(further).toAbsolutePath());
    }
  }

  /** What the server's metrics tell of loading its weights, which no client can see. */
  private static @Nullable Double modelLoadSeconds(JournalRecords records) {
    AtomicReference<Double> told = new AtomicReference<>();
    records.forEachSample(
        sample -> {
          Double seconds = sample.values().get(TelemetryId.MODEL_LOAD_SECONDS.id());
          if (sample.source().equals("server") && seconds != null) {
            told.set(seconds);
          }
        });
    return told.get();
  }

  private static ObjectNode metadata(RunManifest manifest) {
    Instant at = manifest.startedAt();
    ObjectNode metadata = MAPPER.createObjectNode();
    metadata.put("timestamp", at.toEpochMilli() / 1e3);
    metadata.put("date", DATE.format(at));
    metadata.put("run_id", manifest.runId());
    metadata.put("model", manifest.target().model());
    metadata.put("engine", manifest.target().engine());
    metadata.put("server", manifest.target().baseUrl());
    ObjectNode hardware = metadata.putObject("environment");
    manifest.environment().forEach(hardware::put);
    ObjectNode config = metadata.putObject("config");
    manifest.settings().forEach(config::put);
    return metadata;
  }

  /** Every metric that is one number, in the document's form for a test of one's own. */
  private static ObjectNode template(RunReport report) {
    ObjectNode template = MAPPER.createObjectNode();
    RunMeasurements run = report.measurements();
    run.metrics()
        .forEach(
            (scope, metrics) ->
                metrics.forEach(
                    (metric, summary) -> {
                      Double value = summary.value();
                      if (value != null) {
                        template.set(scope + "." + metric, record(summary, value, run));
                      }
                    }));
    return template;
  }

  private static ObjectNode record(MetricSummary summary, double value, RunMeasurements run) {
    return MAPPER
        .createObjectNode()
        .put("value", value)
        .put("elapsed_seconds", run.durationSeconds())
        .put("units", summary.unit());
  }

  /** Lays these results over those that a file has; what is null here stays as it was there. */
  private static void keep(ObjectNode fresh, Path file) throws IOException {
    ObjectNode kept = fresh.deepCopy();
    if (Files.exists(file)) {
      JsonNode earlier = earlier(file);
      ObjectNode results = (ObjectNode) kept.path(RESULTS);
      fill(results, earlier);
      for (String gathered : GATHERED) {
        if (results.path(gathered) instanceof ObjectNode object) {
          fill(object, earlier.path(gathered));
        }
      }
    }
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(written, MAPPER.writeValueAsString(kept) + "\n");
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void fill(ObjectNode fresh, JsonNode earlier) {
    earlier
        .properties()
        .forEach(
            entry -> {
              if (!fresh.hasNonNull(entry.getKey())) {
                fresh.set(entry.getKey(), entry.getValue());
              }
            });
  }

  private static JsonNode earlier(Path file) throws IOException {
    JsonNode results;
    try {
      results = MAPPER.readTree(Files.readString(file)).path(RESULTS);
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + ": Expecting results of earlier runs, or no file. Found: no JSON.", e);
    }
    if (!results.isObject()) {
      throw new IOException(
          file + ": Expecting results of earlier runs, or no file. Found: no object 'results'.");
    }
    return results;
  }
}
