package llmload.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was watched beside the requests, and what it comes to; its metrics stand among all metrics
 * of the scope {@code all}.
 *
 * @param intervalSeconds time between two looks, as it was set
 * @param mostGapSeconds samples further apart cover no time between them
 * @param leastCoverageRatio an integral over less of the window is not measured
 * @param origins what each metric that was measured is made of, in words, by its id
 * @param tables sources, slow intervals, the slowest requests, resources over the window
 * @param series numbers over the run's intervals, beside the requests'
 * @param remarks what a reader should know of these numbers
 * @param warnings what a reader of the whole report should know
 * @param restarts servers that began anew in the window, one sentence each
 * @param slow the seconds in which the run was slow, and by what
 */
public record TelemetryReport(
    double intervalSeconds,
    double mostGapSeconds,
    double leastCoverageRatio,
    Map<String, String> origins,
    List<ResultTable> tables,
    List<TelemetrySeries> series,
    List<String> remarks,
    List<String> warnings,
    List<String> restarts,
    SlowTime slow) {
  /** Nothing was watched. */
  public static final TelemetryReport NONE =
      new TelemetryReport(
          1, 3, 0.95, Map.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** Copies the map and the lists. */
  public TelemetryReport {
    origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
    tables = List.copyOf(tables);
    series = List.copyOf(series);
    remarks = List.copyOf(remarks);
    warnings = List.copyOf(warnings);
    restarts = List.copyOf(restarts);
  }

  /** What was watched beside a run in which nothing was slow. */
  public TelemetryReport(
      double intervalSeconds,
      double mostGapSeconds,
      double leastCoverageRatio,
      Map<String, String> origins,
      List<ResultTable> tables,
      List<TelemetrySeries> series,
      List<String> remarks,
      List<String> warnings,
      List<String> restarts) {
    this(
        intervalSeconds,
        mostGapSeconds,
        leastCoverageRatio,
        origins,
        tables,
        series,
        remarks,
        warnings,
        restarts,
        SlowTime.NONE);
  }

  /** The same with the seconds in which the run was slow. */
  public TelemetryReport with(SlowTime seconds) {
    return new TelemetryReport(
        intervalSeconds,
        mostGapSeconds,
        leastCoverageRatio,
        origins,
        tables,
        series,
        remarks,
        warnings,
        restarts,
        seconds);
  }
}
