package llmload.telemetry.exposition;

import java.util.List;

/**
 * What an exporter said at one moment.
 *
 * @param series each series once, in the exporter's order; of one told twice, the last
 * @param badLineCount lines that are neither sample nor comment, all skipped
 * @param duplicateCount samples of series that had been told before
 */
public record Exposition(List<Series> series, int badLineCount, int duplicateCount) {
  /** Copies the series. */
  public Exposition {
    series = List.copyOf(series);
  }

  /** An exposition made of series alone. */
  public static Exposition of(List<Series> series) {
    return new Exposition(series, 0, 0);
  }
}
