package llmload.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One server's averages over its rows, as sagellm-benchmark compares servers: each row (a workload)
 * counts once, whatever its number of requests. Not safe for use by several threads.
 */
public final class EndpointAverages {
  private static final List<String> FIELDS =
      List.of("avg_ttft_ms", "avg_tbt_ms", "avg_throughput_tps");

  private final Map<String, IndexedSamples> samples = new LinkedHashMap<>();
  private int rowCount;

  /** Averages of nothing yet. */
  public EndpointAverages() {
    FIELDS.forEach(field -> samples.put(field, new IndexedSamples()));
  }

  /** The averages over {@code rows}, each the fields of a workload. */
  public static EndpointAverages of(Iterable<? extends Map<String, @Nullable Number>> rows) {
    EndpointAverages averages = new EndpointAverages();
    rows.forEach(averages::add);
    return averages;
  }

  /** Takes a row; a field that was not measured is left out of its average. */
  private void add(Map<String, @Nullable Number> row) {
    rowCount++;
    samples.forEach(
        (field, values) -> {
          Number value = row.get(field);
          if (value != null) {
            values.add(value.doubleValue());
          }
        });
  }

  /** The rows taken. */
  public int rowCount() {
    return rowCount;
  }

  /** The averages by field; {@code null} where no row has the field. */
  public Map<String, @Nullable Double> averages() {
    Map<String, @Nullable Double> averages = new LinkedHashMap<>();
    samples.forEach((field, values) -> averages.put(field, values.mean()));
    return averages;
  }

  /** This one's averages minus those of {@code baseline}: {@code ttft_ms}, {@code tbt_ms} ... */
  public Map<String, @Nullable Double> minus(EndpointAverages baseline) {
    Map<String, @Nullable Double> deltas = new LinkedHashMap<>();
    Map<String, @Nullable Double> theirs = baseline.averages();
    averages()
        .forEach(
            (field, mine) -> {
              Double other = theirs.get(field);
              deltas.put(
                  field.substring("avg_".length()),
                  mine == null || other == null ? null : Double.valueOf(mine - other));
            });
    return deltas;
  }
}
