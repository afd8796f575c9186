package llmload.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counters of llm-server's {@code GET /metrics}, cumulative since its process began.
 *
 * <p>A field that is missing or no number is left out. Fields that its code never fills (time to
 * first token, time per token, cost, batches) are not read at all, so that their constant 0 is not
 * taken for a measurement.
 */
public final class LlmServerMetrics {
  private LlmServerMetrics() {}

  /**
   * One reading: the server's as a whole, a provider's or a model's.
   *
   * @param labels what it is of: empty, {@code provider} or {@code model}
   * @param counters the counters by name
   */
  public record Reading(Map<String, String> labels, Map<String, Double> counters) {}

  /** The readings of a body; empty if it is no such body. */
  public static List<Reading> parse(String json) {
    JsonNode root;
    try {
      root = Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return List.of();
    }
    List<Reading> readings = new ArrayList<>();
    JsonNode requests = root.path("requests");
    add(readings, Map.of(), requests, Map.of("total", "requestCount"));
    root.at("/llm/providers")
        .properties()
        .forEach(
            provider ->
                add(
                    readings,
                    Map.of("provider", provider.getKey()),
                    provider.getValue(),
                    Map.of(
                        "requests",
                        "requestCount",
                        "input_tokens",
                        "inputTokens",
                        "output_tokens",
                        "outputTokens")));
    root.at("/llm/models")
        .properties()
        .forEach(model -> model(model.getKey(), model.getValue()).ifPresent(readings::add));
    return List.copyOf(readings);
  }

  private static Optional<Reading> model(String name, JsonNode node) {
    List<Reading> one = new ArrayList<>();
    add(
        one,
        Map.of("model", name),
        node,
        Map.of(
            "requests",
            "requestCount",
            "input_tokens",
            "inputTokens",
            "output_tokens",
            "outputTokens",
            "structured_success",
            "structuredSuccessCount",
            "structured_failures",
            "structuredFailureCount",
            "rate_limits",
            "rateLimitCount"));
    double errors = 0;
    for (JsonNode count : node.path("errors")) {
      errors += count.asDouble(0);
    }
    if (one.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Double> counters = new LinkedHashMap<>(one.get(0).counters());
    if (node.path("errors").isObject()) {
      counters.put("errorCount", errors);
    }
    return Optional.of(new Reading(Map.of("model", name), counters));
  }

  private static void add(
      List<Reading> readings,
      Map<String, String> labels,
      JsonNode node,
      Map<String, String> namesByField) {
    Map<String, Double> counters = new LinkedHashMap<>();
    namesByField.forEach(
        (field, name) -> {
          if (node.path(field).isNumber()) {
            counters.put(name, node.path(field).doubleValue());
          }
        });
    if (!counters.isEmpty()) {
      readings.add(new Reading(labels, counters));
    }
  }
}
