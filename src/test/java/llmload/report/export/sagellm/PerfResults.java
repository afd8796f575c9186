package llmload.report.export.sagellm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import llmload.metrics.EndpointAverages;
import llmload.metrics.ServerFigures;
import llmload.model.RunManifest;
import org.jspecify.annotations.Nullable;

/**
 * {@code perf_results.json}: a row for each scenario and batch size of the set {@code perf}.
 *
 * @param manifest the run
 * @param figures what the server tells of each row's time
 * @param rows the rows
 */
record PerfResults(
    RunManifest manifest, Map<WorkloadRow, ServerFigures> figures, List<WorkloadRow> rows) {

  ObjectNode node() {
    String model = manifest.target().model();
    boolean simulated = "simulated".equals(manifest.target().engine());
    ObjectNode node = Nodes.object();
    node.put("kind", "e2e");
    node.put("simulate", simulated);
    node.putArray("models").add(model);
    ArrayNode sizes = node.putArray("batch_sizes");
    TreeSet<Long> ascending = new TreeSet<>();
    rows.stream()
        .map(WorkloadRow::concurrencyCount)
        .filter(size -> size != null)
        .forEach(ascending::add);
    ascending.forEach(sizes::add);
    // No server tells the precision of its weights.
    node.putArray("precisions");
    ObjectNode summary = node.putObject("summary");
    summary.put("total_rows", rows.size());
    EndpointAverages.of(
            rows.stream().map(row -> row.document(manifest, ServerFigures.NONE)).toList())
        .averages()
        .forEach((field, value) -> Nodes.put(summary, field, value));
    ArrayNode all = node.putArray("rows");
    rows.forEach(row -> all.add(row(row, model, simulated)));
    return node;
  }

  private ObjectNode row(WorkloadRow row, @Nullable String model, boolean simulated) {
    Map<String, @Nullable Number> fields =
        row.current(manifest, figures.getOrDefault(row, ServerFigures.NONE));
    ObjectNode node = Nodes.object();
    node.put("model", model);
    node.put("effective_model", model);
    node.putNull("precision");
    node.put("scenario", row.workload());
    node.put("batch_size", row.concurrencyCount());
    Nodes.put(node, "ttft_ms", fields.get("avg_ttft_ms"));
    Nodes.put(node, "tbt_ms", fields.get("avg_tbt_ms"));
    Nodes.put(node, "throughput_tps", fields.get("avg_throughput_tps"));
    Nodes.put(node, "latency_p50_ms", fields.get("p50_e2el_ms"));
    Nodes.put(node, "latency_p95_ms", fields.get("p95_e2el_ms"));
    Nodes.put(node, "latency_p99_ms", fields.get("p99_e2el_ms"));
    Nodes.put(node, "memory_mb", fields.get("peak_mem_mb"));
    node.put("mode", simulated ? "simulate" : "live");
    Nodes.put(node, "successful_requests", fields.get("successful_requests"));
    Nodes.put(node, "failed_requests", fields.get("failed_requests"));
    return node;
  }
}
