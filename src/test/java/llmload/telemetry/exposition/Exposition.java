package llmload.telemetry.exposition;

import java.util.List;
import java.util.Map;

/**
 * What an exporter said at one moment.
 *
 * @param series each series once, in the exporter's order; of one told twice, the last
 * @param types the word of each {@code # TYPE} line by family; exporters are often wrong about it
 * @param badLineCount lines that are neither sample nor comment, all skipped
 * @param duplicateCount samples of series that had been told before
 */
public record Exposition(
    List<Series> series, Map<String, String> types, int badLineCount, int duplicateCount) {
  /** Copies both. */
  public Exposition {
    series = List.copyOf(series);
    types = Map.copyOf(types);
  }

  /** An exposition made of series alone. */
  public static Exposition of(List<Series> series) {
    return new Exposition(series, Map.of(), 0, 0);
  }
}
