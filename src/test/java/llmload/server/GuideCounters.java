package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What llm-server's {@code /metrics} tells, counted since the process began.
 *
 * <p>What this server cannot measure (time to first token of an answer in one piece, cost, batches)
 * is left out. Any thread.
 */
final class GuideCounters {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_NAMES = 1_000;
  private static final double NANOS = 1e9;

  private final Map<String, Long> byPath = new TreeMap<>();
  private final Map<String, Long> byMethod = new TreeMap<>();
  private final Map<String, Long> byStatus = new TreeMap<>();
  private final Map<String, ModelCounts> byModel = new HashMap<>();
  private long total;
  private double durationSeconds;

  private static final class ModelCounts {
    private final Map<String, Long> errors = new TreeMap<>();
    private long requests;
    private long inputTokens;
    private long outputTokens;
    private long structuredOk;
    private long structuredFailed;
    private double durationSeconds;
  }

  /** The moment at which a request begins, for {@link #answered}. */
  long begin() {
    return System.nanoTime();
  }

  /** A response is about to be sent. */
  synchronized void answered(String method, String path, int status, long beganNanos) {
    total++;
    durationSeconds += (System.nanoTime() - beganNanos) / NANOS;
    byPath.merge(kept(byPath, route(path)), 1L, Long::sum);
    byMethod.merge(kept(byMethod, method), 1L, Long::sum);
    byStatus.merge(Integer.toString(status), 1L, Long::sum);
  }

  /** Clients choose these names: a limit keeps them from filling the heap. */
  private static String kept(Map<String, ?> counts, String name) {
    return counts.size() < MAX_NAMES || counts.containsKey(name) ? name : "other";
  }

  /** The ids of schemas would make a counter each. */
  private static String route(String path) {
    return path.startsWith(GuideRoutes.PREFIX + "schemas/")
        ? GuideRoutes.PREFIX + "schemas/{schema_id}"
        : path;
  }

  /** A response to a request for text is about to be sent. */
  synchronized void generated(GuideRequests.Ask ask, int status, byte[] body, long beganNanos) {
    ModelCounts counts =
        byModel.computeIfAbsent(kept(byModel, ask.model()), name -> new ModelCounts());
    counts.requests++;
    counts.durationSeconds += (System.nanoTime() - beganNanos) / NANOS;
    boolean ok = status == 200;
    if (ask.structured()) {
      counts.structuredOk += ok ? 1 : 0;
      counts.structuredFailed += ok ? 0 : 1;
    }
    if (!ok) {
      counts.errors.merge("HTTP " + status, 1L, Long::sum);
      return;
    }
    JsonNode usage = GuideAnswers.tree(body).path("usage");
    counts.inputTokens += usage.path("prompt_tokens").asLong();
    counts.outputTokens += usage.path("completion_tokens").asLong();
  }

  /** All counters. */
  synchronized ObjectNode json() {
    ObjectNode root = MAPPER.createObjectNode();
    ObjectNode requests = root.putObject("requests");
    requests.put("total", total);
    requests.set("by_path", MAPPER.valueToTree(byPath));
    requests.set("by_method", MAPPER.valueToTree(byMethod));
    requests.set("by_status", MAPPER.valueToTree(byStatus));
    requests.put("average_duration", total == 0 ? 0 : durationSeconds / total);
    ObjectNode llm = root.putObject("llm");
    ObjectNode provider = llm.putObject("providers").putObject(GuideRequests.PROVIDER);
    provider.put("requests", sum(counts -> counts.requests));
    provider.put("input_tokens", sum(counts -> counts.inputTokens));
    provider.put("output_tokens", sum(counts -> counts.outputTokens));
    ObjectNode models = llm.putObject("models");
    byModel.forEach(
        (name, counts) -> {
          ObjectNode model = models.putObject(GuideRequests.PROVIDER + ":" + name);
          model.put("requests", counts.requests);
          model.put("input_tokens", counts.inputTokens);
          model.put("output_tokens", counts.outputTokens);
          model
              .putObject("timing")
              .putObject("total")
              .put("average", counts.durationSeconds / counts.requests);
          model.put("structured_success", counts.structuredOk);
          model.put("structured_failures", counts.structuredFailed);
          model.set("errors", MAPPER.valueToTree(counts.errors));
        });
    return root;
  }

  private long sum(ToLongFunction<ModelCounts> part) {
    return byModel.values().stream().mapToLong(part).sum();
  }
}
