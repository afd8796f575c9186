package llmload.run.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import llmload.model.RunSnapshot;
import org.jspecify.annotations.Nullable;

/** The result files of other suites as baselines: the few numbers that each of them compares. */
final class SuiteTree {
  private static final List<String> AVERAGES =
      List.of("avg_ttft_ms", "avg_tbt_ms", "avg_throughput_tps");
  private static final int DEEPEST = 3;

  private SuiteTree() {}

  /** The baseline; {@code null} if {@code root} is none of these files. */
  static @Nullable RunSnapshot read(JsonNode root, String name) {
    if (root.isEmpty()) {
      return snapshot(name, "empty", root, null, Map.of());
    }
    if (root.path("results").isArray()) {
      return pyagent(root, name);
    }
    JsonNode biai =
        nearest(root, node -> node.has("token_throughput") || node.has("retrieval_performance"));
    if (biai != null) {
      return minibiai(root, biai, name);
    }
    if (root.path("benchmarks").isObject() && root.path("benchmarks").isEmpty()) {
      return snapshot(name, "minibiai", root, null, Map.of());
    }
    return sagellm(root, name);
  }

  /** PyAgent: the mean of {@code tokens_per_second} of {@code results[]} that succeeded. */
  private static RunSnapshot pyagent(JsonNode root, String name) {
    List<JsonNode> good = new ArrayList<>();
    for (JsonNode result : root.path("results")) {
      if (result.path("success").asBoolean(false)) {
        good.add(result);
      }
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    put(numbers, "avg_tps", mean(good, "tokens_per_second"));
    return snapshot(name, "pyagent", root, (long) good.size(), numbers);
  }

  /**
   * mini-biai-1: its two results may lie at the top, under {@code benchmarks}, or one deeper, as
   * its suite and its command line save them; the nearest to the top counts.
   */
  private static RunSnapshot minibiai(JsonNode root, JsonNode biai, String name) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    put(numbers, "tok_s", deep(biai.path("token_throughput"), "tokens_per_second"));
    put(numbers, "p95_ms", deep(biai.path("retrieval_performance"), "p95_ms"));
    return snapshot(name, "minibiai", root, null, numbers);
  }

  /** sagellm-benchmark: a {@code summary}, else the averages of {@code rows[]}, else metrics. */
  private static @Nullable RunSnapshot sagellm(JsonNode root, String name) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (JsonNode place : List.of(root.path("summary"), root.path("metrics"), root)) {
      if (AVERAGES.stream().anyMatch(place::has)) {
        AVERAGES.forEach(key -> put(numbers, key, number(place.path(key))));
        return snapshot(name, "sagellm", root, successes(place), numbers);
      }
    }
    if (root.path("rows").isArray()) {
      List<JsonNode> good = new ArrayList<>();
      for (JsonNode row : root.path("rows")) {
        Long ok = successes(row);
        if (ok == null || ok > 0) {
          good.add(row);
        }
      }
      for (String key : AVERAGES) {
        put(numbers, key, mean(good, key.substring("avg_".length())));
      }
      return snapshot(name, "sagellm", root, good.isEmpty() ? 0L : null, numbers);
    }
    boolean bare = root.path("summary").isObject() || root.path("metrics").isObject();
    return bare ? snapshot(name, "sagellm", root, null, numbers) : null;
  }

  private static @Nullable Long successes(JsonNode node) {
    JsonNode count = node.path("successful_requests");
    return count.isIntegralNumber() ? count.asLong() : null;
  }

  private static RunSnapshot snapshot(
      String name,
      String format,
      JsonNode root,
      @Nullable Long okCount,
      Map<String, Double> numbers) {
    return new RunSnapshot(
        name,
        format,
        null,
        null,
        null,
        null,
        isSimulated(root),
        null,
        okCount,
        Map.of(),
        Map.of(),
        numbers);
  }

  private static boolean isSimulated(JsonNode root) {
    for (JsonNode place : List.of(root, root.path("metadata"), root.path("summary"))) {
      if (place.path("simulate").asBoolean(false) || place.path("simulated").asBoolean(false)) {
        return true;
      }
    }
    for (JsonNode row : root.path("rows")) {
      if (row.path("mode").asText().startsWith("simulat")) {
        return true;
      }
    }
    return false;
  }

  /** The number of that key in {@code node} or in an object below it. */
  private static OptionalDouble deep(JsonNode node, String key) {
    JsonNode place = nearest(node, candidate -> candidate.path(key).isNumber());
    return place == null ? OptionalDouble.empty() : number(place.path(key));
  }

  /** The object nearest to the top that fits, in the order of the file. */
  private static @Nullable JsonNode nearest(JsonNode root, Predicate<JsonNode> fits) {
    List<JsonNode> level = List.of(root);
    for (int depth = 0; depth <= DEEPEST; depth++) {
      List<JsonNode> below = new ArrayList<>();
      for (JsonNode node : level) {
        if (!node.isObject()) {
          continue;
        }
        if (fits.test(node)) {
          return node;
        }
        node.forEach(below::add);
      }
      level = below;
    }
    return null;
  }

  private static OptionalDouble mean(List<JsonNode> nodes, String key) {
    return nodes.stream()
        .map(node -> node.path(key))
        .map(SuiteTree::number)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .average();
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() && Double.isFinite(node.asDouble())
        ? OptionalDouble.of(node.asDouble())
        : OptionalDouble.empty();
  }

  private static void put(Map<String, Double> numbers, String key, OptionalDouble value) {
    if (value.isPresent()) {
      numbers.put(key, value.getAsDouble());
    }
  }
}
