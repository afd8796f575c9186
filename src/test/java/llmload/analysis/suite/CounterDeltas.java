package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmload.model.ResultTable;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * What a server's cumulative counters grew by, from one reading to the next.
 *
 * <p>A counter that a reading does not have yet is taken for 0 there, since such servers list a
 * model with its first request; one that falls began anew, and what it grew by is not known.
 */
public final class CounterDeltas {
  /** The source of the readings. */
  public static final String SOURCE = "llm-server";

  /** Of whom, then which counter, then when: the value. */
  private final Map<String, Map<String, TreeMap<Long, Double>>> readings = new TreeMap<>();

  private final TreeMap<Long, Boolean> moments = new TreeMap<>();

  /** Takes one sample; those of other sources are passed over. */
  public void accept(TelemetrySample sample) {
    if (!sample.source().equals(SOURCE)) {
      return;
    }
    moments.put(sample.atNanos(), true);
    String model = sample.labels().get("model");
    String provider = sample.labels().get("provider");
    String whose = model != null ? model : provider == null ? "server" : provider;
    sample
        .values()
        .forEach(
            (name, value) ->
                readings
                    .computeIfAbsent(whose, key -> new TreeMap<>())
                    .computeIfAbsent(name, key -> new TreeMap<>())
                    .put(sample.atNanos(), value));
  }

  /** What a counter grew by between readings, {@code null} where it fell. */
  List<@Nullable Double> steps(String whose, String counter) {
    TreeMap<Long, Double> values = readings.getOrDefault(whose, Map.of()).get(counter);
    List<@Nullable Double> steps = new ArrayList<>();
    if (values == null) {
      return steps;
    }
    Double before = null;
    for (Long moment : moments.keySet()) {
      double now = values.getOrDefault(moment, before == null ? 0 : before);
      if (before != null) {
        steps.add(now < before ? null : Double.valueOf(now - before));
      }
      before = now;
    }
    return steps;
  }

  /** What a counter grew by from the first reading to the last; {@code null} if not known. */
  public @Nullable Double total(String whose, String counter) {
    List<@Nullable Double> steps = steps(whose, counter);
    if (steps.isEmpty()) {
      return null;
    }
    double sum = 0;
    for (Double step : steps) {
      if (step == null) {
        return null;
      }
      sum += step;
    }
    return sum;
  }

  /** Every counter's growth. */
  public ResultTable table() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    readings.forEach(
        (whose, counters) ->
            counters
                .keySet()
                .forEach(
                    counter -> {
                      List<@Nullable Object> row = new ArrayList<>();
                      row.add(whose);
                      row.add(counter);
                      row.add(total(whose, counter));
                      rows.add(row);
                    }));
    return new ResultTable(
        "server_counters",
        "The server's own counters, by how much they grew; warm-up included",
        ResultTable.columns("of", "", "counter", "", "growth", ""),
        rows);
  }

  /** Whether anything was read. */
  public boolean isEmpty() {
    return readings.isEmpty();
  }
}
