package llmload.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.model.SeriesPoint;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;

/**
 * The run's intervals with the latencies of their requests beside their telemetry, in as many rows
 * as people read: of a longer run neighbours share a row, which has the largest p99 of each latency
 * and the mean of each number of telemetry.
 */
public final class SecondsText {
  private final List<SeriesPoint> points;
  private final List<TelemetrySeries> watched;

  private SecondsText(RunMeasurements run) {
    this.points = run.series();
    this.watched =
        run.telemetry().series().stream()
            .filter(series -> series.values().size() == run.series().size())
            .toList();
  }

  /** That table; it has no row where nothing was watched. */
  public static ResultTable table(RunMeasurements run) {
    return new SecondsText(run).table();
  }

  private ResultTable table() {
    int joined = Math.max(1, (points.size() + SuiteText.MOST_ROWS - 1) / SuiteText.MOST_ROWS);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int from = 0; from < points.size() && !watched.isEmpty(); from += joined) {
      rows.add(row(from, Math.min(points.size(), from + joined)));
    }
    List<ResultTable.Column> columns =
        new ArrayList<>(ResultTable.columns("from", "s", "ttft p99", "ms", "itl p99", "ms"));
    watched.forEach(series -> columns.add(new ResultTable.Column(series.id(), series.unit())));
    String title = "Telemetry beside the seconds";
    return new ResultTable(
        "seconds", joined == 1 ? title : title + ", " + joined + " intervals a row", columns, rows);
  }

  private List<@Nullable Object> row(int from, int to) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(points.get(from).startSeconds());
    row.add(most(from, to, SeriesPoint::ttftP99Millis));
    row.add(most(from, to, SeriesPoint::itlP99Millis));
    for (TelemetrySeries series : watched) {
      double sum = 0;
      int known = 0;
      for (Double value : series.values().subList(from, to)) {
        sum += value == null ? 0 : value;
        known += value == null ? 0 : 1;
      }
      row.add(known == 0 ? null : Double.valueOf(sum / known));
    }
    return row;
  }

  private @Nullable Double most(int from, int to, Function<SeriesPoint, @Nullable Double> value) {
    return points.subList(from, to).stream()
        .map(value)
        .filter(Objects::nonNull)
        .max(Double::compare)
        .orElse(null);
  }
}
