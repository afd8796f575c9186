package llmload.report.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.model.ResultTable;
import llmload.model.RunReport;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/** The {@code results} of agent-memory's file, out of the tables of a run's suite. */
final class AgentMemoryResults {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final double MILLI = 1e3;
  private static final double KIBI = 1024;

  private final List<Map<String, @Nullable Object>> groups;
  private final List<Map<String, @Nullable Object>> caches;
  private final List<Map<String, @Nullable Object>> steps;
  private final List<Map<String, @Nullable Object>> models;

  AgentMemoryResults(RunReport report) {
    SuiteResult suite = report.suite();
    groups = rows(suite, "throughput_comparison");
    caches = rows(suite, "cache_by_size");
    steps = rows(suite, "memory_scaling");
    models = rows(suite, "memory_model");
  }

  private static List<Map<String, @Nullable Object>> rows(@Nullable SuiteResult suite, String id) {
    if (suite == null) {
      return List.of();
    }
    Optional<ResultTable> found =
        suite.tables().stream().filter(table -> table.id().equals(id)).findFirst();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    found.ifPresent(
        table ->
            table
                .rows()
                .forEach(
                    cells -> {
                      Map<String, @Nullable Object> row = new LinkedHashMap<>();
                      for (int i = 0; i < cells.size(); i++) {
                        row.put(table.columns().get(i).name(), cells.get(i));
                      }
                      rows.add(row);
                    }));
    return rows;
  }

  /**
   * Everything.
   *
   * @param modelLoadSeconds how long the server took to load its weights; {@code null} if nobody
   *     tells
   */
  ObjectNode all(@Nullable Double modelLoadSeconds) {
    ObjectNode results = MAPPER.createObjectNode();
    results.set("sequential_1_agent", sequential());
    results.set("batched_3_agents", batched(3));
    results.set("batched_5_agents", batched(5));
    results.set("throughput_comparison", comparison());
    results.set("cache_save_time_by_size", bySize("save", "_tokens"));
    results.set("cache_load_time_by_size", bySize("load", "_tokens"));
    results.set("cache_load_by_size", bySize("load", ""));
    results.set("resume_generation_speed", resumed());
    results.set("cold_vs_cache_comparison", coldAgainstCache());
    results.set("memory_scaling", scaling());
    results.set("block_padding_overhead", padding());
    results.set("cache_vs_model_memory", cacheAgainstModel());
    results.set("actual_vs_theoretical_memory", actualAgainstTheory());
    results.set("suite", suite(modelLoadSeconds));
    return results;
  }

  private @Nullable Map<String, @Nullable Object> group(int agents) {
    return groups.stream()
        .filter(row -> Integer.valueOf(agents).equals(row.get("agents")))
        .findFirst()
        .orElse(null);
  }

  private JsonNode sequential() {
    Map<String, @Nullable Object> row = group(1);
    return row == null ? NODES.nullNode() : speed(row).set("num_requests", node(row, "requests"));
  }

  private JsonNode batched(int agents) {
    Map<String, @Nullable Object> row = group(agents);
    return row == null
        ? NODES.nullNode()
        : speed(row).put("num_agents", agents).set("total_requests", node(row, "requests"));
  }

  private static ObjectNode speed(Map<String, @Nullable Object> row) {
    ObjectNode speed = MAPPER.createObjectNode();
    speed.set("tokens_per_second", node(row, "tokens_per_second"));
    speed.set("total_tokens", node(row, "total_tokens"));
    speed.set("elapsed_seconds", node(row, "elapsed"));
    return speed;
  }

  private JsonNode comparison() {
    if (groups.isEmpty()) {
      return NODES.nullNode();
    }
    ObjectNode comparison = MAPPER.createObjectNode();
    comparison.set("sequential_tokens_per_sec", node(group(1), "tokens_per_second"));
    comparison.set("batched_3_tokens_per_sec", node(group(3), "tokens_per_second"));
    comparison.set("batched_5_tokens_per_sec", node(group(5), "tokens_per_second"));
    comparison.set("speedup_3_agents", node(group(3), "speedup"));
    comparison.set("speedup_5_agents", node(group(5), "speedup"));
    return comparison;
  }

  private JsonNode bySize(String column, String suffix) {
    if (caches.isEmpty()) {
      return NODES.nullNode();
    }
    ObjectNode sizes = MAPPER.createObjectNode();
    caches.forEach(row -> sizes.set(row.get("cache_tokens") + suffix, node(row, column)));
    return sizes;
  }

  /** The smallest size, as that suite takes its first. */
  private JsonNode resumed() {
    if (caches.isEmpty()) {
      return NODES.nullNode();
    }
    Map<String, @Nullable Object> first = caches.get(0);
    ObjectNode resumed = MAPPER.createObjectNode();
    resumed.set("latency_ms", node(first, "resumed_e2e"));
    resumed.set("tokens_generated", node(first, "resumed_tokens"));
    resumed.set("cached_context_tokens", node(first, "cached_tokens"));
    return resumed;
  }

  private JsonNode coldAgainstCache() {
    if (caches.isEmpty()) {
      return NODES.nullNode();
    }
    Map<String, @Nullable Object> first = caches.get(0);
    ObjectNode comparison = MAPPER.createObjectNode();
    comparison.set("cold_start_ms", node(first, "cold_ttft"));
    comparison.set("cache_resume_ms", node(first, "resume"));
    comparison.set("speedup", node(first, "speedup"));
    return comparison;
  }

  private JsonNode scaling() {
    if (steps.isEmpty()) {
      return NODES.nullNode();
    }
    ArrayNode scaling = MAPPER.createArrayNode();
    for (Map<String, @Nullable Object> step : steps) {
      ObjectNode one = scaling.addObject();
      one.set("num_agents", node(step, "sessions"));
      one.set("memory_mb", node(step, "total_memory"));
      one.set("total_memory_mb", node(step, "total_memory"));
      one.set("cache_memory_mb", node(step, "cache_memory"));
      one.set("memory_per_agent_mb", node(step, "memory_per_session"));
    }
    return scaling;
  }

  private @Nullable Map<String, @Nullable Object> lastStep() {
    return steps.isEmpty() ? null : steps.get(steps.size() - 1);
  }

  private JsonNode padding() {
    Map<String, @Nullable Object> last = lastStep();
    if (last == null) {
      return NODES.nullNode();
    }
    ObjectNode padding = MAPPER.createObjectNode();
    Number ratio = number(last, "padding_overhead");
    padding.put(
        "note",
        ratio == null
            ? "not measured: the block size or the sessions' tokens are not known"
            : "padding of the last blocks ÷ tokens, measured");
    padding.set("agents_tested", node(last, "sessions"));
    padding.put("target_overhead_pct", 20);
    padding.set("overhead_pct", percent(ratio));
    return padding;
  }

  private JsonNode cacheAgainstModel() {
    Map<String, @Nullable Object> last = lastStep();
    if (last == null || models.isEmpty()) {
      return NODES.nullNode();
    }
    ObjectNode ratio = MAPPER.createObjectNode();
    ratio.set("model_memory_mb", node(models.get(0), "model_memory"));
    ratio.set("cache_memory_mb", node(last, "cache_memory"));
    ratio.set("total_memory_mb", node(last, "total_memory"));
    ratio.set("cache_model_ratio", node(models.get(0), "cache_model_ratio"));
    ratio.set("num_agents", node(last, "sessions"));
    return ratio;
  }

  private JsonNode actualAgainstTheory() {
    Map<String, @Nullable Object> last = lastStep();
    if (last == null) {
      return NODES.nullNode();
    }
    Number tokens = number(last, "tokens");
    Number sessions = number(last, "sessions");
    ObjectNode theory = MAPPER.createObjectNode();
    theory.set("actual_cache_mb", node(last, "cache_memory"));
    theory.set("theoretical_kv_mb", node(last, "theoretical_memory"));
    // The formula counts whole blocks: nothing else is added to it.
    theory.set("theoretical_overhead_mb", NODES.nullNode());
    theory.set("theoretical_total_mb", node(last, "theoretical_memory"));
    theory.set("variance_pct", percent(number(last, "memory_overhead")));
    theory.set("num_agents", node(last, "sessions"));
    theory.set(
        "tokens_per_agent",
        tokens == null || sessions == null
            ? NODES.nullNode()
            : NODES.numberNode(tokens.doubleValue() / sessions.doubleValue()));
    return theory;
  }

  private JsonNode suite(@Nullable Double modelLoadSeconds) {
    Map<String, @Nullable Object> cache = caches.isEmpty() ? null : caches.get(0);
    Map<String, @Nullable Object> group = groups.isEmpty() ? null : groups.get(groups.size() - 1);
    ObjectNode suite = MAPPER.createObjectNode();
    suite.put("model_load_time_sec", modelLoadSeconds);
    suite.set("cache_save_time_ms", node(cache, "save"));
    suite.set("cache_load_time_ms", node(cache, "load"));
    suite.set("generation_with_cache_sec", scaled(number(cache, "resumed_e2e"), 1 / MILLI));
    suite.set("throughput_tokens_per_sec", node(group, "tokens_per_second"));
    suite.set("memory_usage_gb", scaled(number(lastStep(), "total_memory"), 1 / KIBI));
    return suite;
  }

  private static JsonNode percent(@Nullable Number ratio) {
    return scaled(ratio, 100);
  }

  private static JsonNode scaled(@Nullable Number value, double factor) {
    return value == null ? NODES.nullNode() : NODES.numberNode(value.doubleValue() * factor);
  }

  private static @Nullable Number number(
      @Nullable Map<String, @Nullable Object> row, String column) {
    return row != null && row.get(column) instanceof Number number ? number : null;
  }

  private static JsonNode node(@Nullable Map<String, @Nullable Object> row, String column) {
    Object value = row == null ? null : row.get(column);
    return value == null ? NullNode.getInstance() : MAPPER.valueToTree(value);
  }
}
