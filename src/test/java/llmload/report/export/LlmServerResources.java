package llmload.report.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * The resources that llm-server's guide promises, from the telemetry of a run.
 *
 * <p>Processor, memory and network are those of the machine that the collectors ran on. How full
 * the server's connection pool is, nobody tells.
 */
final class LlmServerResources {
  private static final String HOST = "host";
  private static final String SERVER = "server";

  /** A counter's or gauge's readings of one label set. */
  private static final class Readings {
    private double first;
    private double last;
    private double most = Double.NEGATIVE_INFINITY;
    private double sum;
    private long count;

    private void add(double value) {
      first = count == 0 ? value : first;
      last = value;
      most = Math.max(most, value);
      sum += value;
      count++;
    }
  }

  private final Map<String, Map<Map<String, String>, Readings>> readings = new HashMap<>();

  /** Takes one sample, in the journal's order. */
  void accept(TelemetrySample sample) {
    boolean known = sample.source().equals(HOST) || sample.source().equals(SERVER);
    if (!known || sample.labels().containsKey("core")) {
      return;
    }
    sample
        .values()
        .forEach(
            (name, value) ->
                readings
                    .computeIfAbsent(sample.source() + " " + name, key -> new HashMap<>())
                    .computeIfAbsent(sample.labels(), key -> new Readings())
                    .add(value));
  }

  /** One line each, with the number or {@link LlmServerText#ABSENT}. */
  List<String> lines() {
    Double hits = growth(SERVER + " prefix_hit_tokens");
    Double looked = growth(SERVER + " prefix_queried_tokens");
    return List.of(
        "CPU utilization (ratio): " + number(mean(HOST + " cpu_busy_ratio")),
        "Memory usage, most (bytes): " + number(most(HOST + " memory_used_bytes")),
        "Network received (bytes): " + number(growth(HOST + " network_received_bytes")),
        "Network sent (bytes): " + number(growth(HOST + " network_sent_bytes")),
        "Connection pool usage: " + LlmServerText.ABSENT,
        "Model initialization time (s): " + number(most(SERVER + " model_load_seconds")),
        "Cache hit rate (ratio): "
            + number(
                hits == null || looked == null || looked == 0
                    ? null
                    : Double.valueOf(hits / looked)));
  }

  private static String number(@Nullable Double value) {
    return LlmServerText.number(value);
  }

  private @Nullable Double mean(String name) {
    double sum = 0;
    long count = 0;
    for (Readings one : of(name)) {
      sum += one.sum;
      count += one.count;
    }
    return count == 0 ? null : Double.valueOf(sum / count);
  }

  private @Nullable Double most(String name) {
    return folded(name, Math::max, false);
  }

  /** What a counter grew by, over all label sets; {@code null} if it fell or was read once. */
  private @Nullable Double growth(String name) {
    for (Readings one : of(name)) {
      if (one.count < 2 || one.last < one.first) {
        return null;
      }
    }
    return folded(name, Double::sum, true);
  }

  private @Nullable Double folded(String name, BinaryOperator<Double> join, boolean growth) {
    return of(name).stream()
        .map(one -> growth ? one.last - one.first : one.most)
        .reduce(join)
        .orElse(null);
  }

  private List<Readings> of(String name) {
    return List.copyOf(readings.getOrDefault(name, Map.of()).values());
  }
}
