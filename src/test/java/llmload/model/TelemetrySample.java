package llmload.model;

import java.util.Map;

/**
 * One reading of one source: one line of {@code telemetry.jsonl}.
 *
 * @param source who was read, for example {@code injector}
 * @param atNanos when, since the run's anchor
 * @param values the numbers, by a name that ends in their unit; what was not measured is left out
 * @param labels words that tell readings of one source apart
 */
public record TelemetrySample(
    String source, long atNanos, Map<String, Double> values, Map<String, String> labels) {

  /** Copies both maps. */
  public TelemetrySample {
    values = Map.copyOf(values);
    labels = Map.copyOf(labels);
  }
}
