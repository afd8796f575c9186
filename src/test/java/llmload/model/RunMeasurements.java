package llmload.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a journal says, before anybody judges it.
 *
 * @param durationSeconds first measured request sent → last one ended; 0 if there was none
 * @param counts the requests
 * @param countsByRequest the same, by request name
 * @param metrics by scope ({@code all}, then each request name), then by metric id
 * @param shapes how the samples of the headline latencies are spread, by scope, then by metric id;
 *     only what was measured
 * @param failedStreamTtft TTFT of streams that failed later; they are in no other metric
 * @param injector the injector's own health
 * @param series the measured window in equal intervals, at most 600; its edges may be up to half an
 *     interval shorter or longer
 * @param errors failures by kind, most frequent first
 * @param flags how many measured answers carried each flag
 * @param tokenSources how many measured answers were counted by whom
 * @param journalRequestCounts OK and failed measured requests by name that ended before Gatling
 *     stopped, to lay beside Gatling's own
 * @param footer the journal's last line; {@code null} if there is none
 * @param telemetry what was watched beside the requests
 */
public record RunMeasurements(
    double durationSeconds,
    RunCounts counts,
    Map<String, RunCounts> countsByRequest,
    Map<String, Map<String, MetricSummary>> metrics,
    Map<String, Map<String, DistributionShape>> shapes,
    MetricSummary failedStreamTtft,
    InjectorHealth injector,
    List<SeriesPoint> series,
    List<ErrorExample> errors,
    Map<Flag, Long> flags,
    Map<TokenCountSource, Long> tokenSources,
    Map<String, GatlingCount> journalRequestCounts,
    @Nullable JournalFooter footer,
    TelemetryReport telemetry) {

  /** Measurements of a run beside which nothing was watched. */
  public RunMeasurements(
      double durationSeconds,
      RunCounts counts,
      Map<String, RunCounts> countsByRequest,
      Map<String, Map<String, MetricSummary>> metrics,
      Map<String, Map<String, DistributionShape>> shapes,
      MetricSummary failedStreamTtft,
      InjectorHealth injector,
      List<SeriesPoint> series,
      List<ErrorExample> errors,
      Map<Flag, Long> flags,
      Map<TokenCountSource, Long> tokenSources,
      Map<String, GatlingCount> journalRequestCounts,
      @Nullable JournalFooter footer) {
    this(
        durationSeconds,
        counts,
        countsByRequest,
        metrics,
        shapes,
        failedStreamTtft,
        injector,
        series,
        errors,
        flags,
        tokenSources,
        journalRequestCounts,
        footer,
        TelemetryReport.NONE);
  }

  /** The scope of all generation requests. */
  public static final String ALL = "all";

  /** The same with further metrics, by scope and id. */
  public RunMeasurements with(Map<String, Map<String, MetricSummary>> further) {
    return with(further, telemetry);
  }

  /** The same with further metrics, by scope and id, and with what was watched. */
  public RunMeasurements with(
      Map<String, Map<String, MetricSummary>> further, TelemetryReport watched) {
    Map<String, Map<String, MetricSummary>> merged = new LinkedHashMap<>(metrics);
    further.forEach(
        (scope, summaries) -> {
          Map<String, MetricSummary> all =
              new LinkedHashMap<>(merged.getOrDefault(scope, Map.of()));
          all.putAll(summaries);
          merged.put(scope, Collections.unmodifiableMap(all));
        });
    return new RunMeasurements(
        durationSeconds,
        counts,
        countsByRequest,
        Collections.unmodifiableMap(merged),
        shapes,
        failedStreamTtft,
        injector,
        series,
        errors,
        flags,
        tokenSources,
        journalRequestCounts,
        footer,
        watched);
  }
}
