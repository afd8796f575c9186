package llmload.report.export.sagellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import llmload.metrics.ServerFigures;
import llmload.model.RunManifest;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;

/**
 * A workload's entry for the suite's leaderboard. What a run cannot know of a server from outside,
 * its hardware, precision or commit, is {@code null}.
 */
final class LeaderboardEntry {
  private final RunManifest manifest;
  private final WorkloadRow row;
  private final Map<String, @Nullable Number> fields;

  LeaderboardEntry(RunManifest manifest, WorkloadRow row, ServerFigures server) {
    this.manifest = manifest;
    this.row = row;
    this.fields = row.document(manifest, server);
  }

  ObjectNode node() {
    TargetServer target = manifest.target();
    ObjectNode node = Nodes.object();
    String id = manifest.runId() + "/" + row.endpoint() + "/" + row.workload();
    node.put("entry_id", UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString());
    node.put("engine", target.engine());
    node.put("engine_version", target.serverVersion());
    nulls(node, "sagellm_version", "config_type");
    nulls(
        node.putObject("hardware"),
        "vendor",
        "chip_model",
        "chip_count",
        "interconnect",
        "chips_per_node",
        "intra_node_interconnect",
        "memory_per_chip_gb",
        "total_memory_gb");
    ObjectNode model = node.putObject("model");
    model.put("name", target.model());
    nulls(model, "parameters", "precision", "quantization");
    node.set("workload", workload());
    node.set("metrics", metrics());
    nulls(node, "cluster");
    node.set("versions", versions());
    node.set("environment", environment());
    node.set("kv_cache_config", cache());
    node.set("metadata", metadata());
    return node;
  }

  private static void nulls(ObjectNode node, String... names) {
    for (String name : names) {
      node.putNull(name);
    }
  }

  private ObjectNode workload() {
    ObjectNode node = Nodes.object();
    node.put("input_length", row.inputTokens());
    node.put("output_length", row.outputTokens());
    // A request holds one prompt; only the set perf declares how many make a batch.
    node.put("batch_size", row.kind().equals("perf") ? row.concurrencyCount() : Long.valueOf(1));
    node.put("concurrent_requests", row.concurrencyCount());
    return node.put("dataset", "synthetic");
  }

  private ObjectNode metrics() {
    ObjectNode node = Nodes.object();
    Nodes.put(node, "ttft_ms", fields.get("avg_ttft_ms"));
    Nodes.put(node, "tbt_ms", fields.get("avg_tbt_ms"));
    Nodes.put(node, "tpot_ms", fields.get("avg_tpot_ms"));
    Nodes.put(node, "throughput_tps", fields.get("avg_throughput_tps"));
    for (String name :
        new String[] {
          "peak_mem_mb",
          "error_rate",
          "prefix_hit_rate",
          "kv_used_tokens",
          "kv_used_bytes",
          "evict_count",
          "evict_ms",
          "spec_accept_rate"
        }) {
      Nodes.put(node, name, fields.get(name));
    }
    return node;
  }

  private ObjectNode versions() {
    ObjectNode node = Nodes.object();
    for (String name : new String[] {"llmload", "gatling", "java"}) {
      node.put(name, manifest.environment().get(name));
    }
    return node;
  }

  /** The embedded server runs where the injector does; of another's machine nothing is known. */
  private ObjectNode environment() {
    ObjectNode node = Nodes.object();
    boolean here = manifest.target().engine() != null;
    node.put("os", here ? manifest.environment().get("os") : null);
    nulls(
        node,
        "python_version",
        "pytorch_version",
        "cuda_version",
        "cann_version",
        "driver_version");
    return node;
  }

  private ObjectNode cache() {
    ObjectNode node = Nodes.object();
    nulls(node, "enabled", "eviction_policy");
    // Only the simulated engine takes a budget; another server's own is not known.
    boolean taken = "simulated".equals(manifest.target().engine());
    String budget = taken ? manifest.settings().get("contract.kvBudget") : null;
    node.put("budget_tokens", budget == null ? null : Long.valueOf(budget));
    nulls(node, "prefix_cache_enabled");
    return node;
  }

  private ObjectNode metadata() {
    TargetServer target = manifest.target();
    ObjectNode node = Nodes.object();
    node.put("submitted_at", manifest.startedAt().toString());
    nulls(node, "submitter");
    node.put("data_source", "llmload");
    node.put("engine", target.engine());
    node.put("engine_version", target.serverVersion());
    node.put("reproducible_cmd", command());
    nulls(node, "git_commit", "release_date", "changelog_url", "notes");
    return node.put("verified", false);
  }

  /** The settings in force as a command line; secrets are not among them. */
  private String command() {
    StringBuilder command =
        new StringBuilder("mvn gatling:test -Dgatling.simulationClass=")
            .append(manifest.simulation());
    new TreeMap<>(manifest.settings())
        .forEach(
            (key, value) -> {
              if (!key.equals("results") && !key.equals("runId") && !key.equals("profile")) {
                command.append(" '-Dllm.").append(key).append('=');
                command.append(value.replace("'", "'\\''")).append('\'');
              }
            });
    return command.toString();
  }
}
