package llmload.app;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.model.CoreMetric;
import llmload.model.MetricSummary;
import llmload.model.RunReport;
import org.jspecify.annotations.Nullable;

/** Where the time of an agent's request goes: a few short streamed requests, one at a time. */
final class LatencyTrace {
  static final String NAME = "Agent Latency Trace";

  private static final String TEST = "streaming_short";
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final List<CoreMetric> STEPS =
      List.of(
          CoreMetric.CONNECT,
          CoreMetric.TIME_TO_HEADERS,
          CoreMetric.TIME_TO_FIRST_BYTE,
          CoreMetric.TTFT,
          CoreMetric.TPOT,
          CoreMetric.E2E,
          CoreMetric.E2E_TERMINATED,
          CoreMetric.E2E_PER_OUTPUT_TOKEN);

  private LatencyTrace() {}

  /**
   * Traces requests to that server.
   *
   * @param settings where runs go, and whatever else holds for them
   * @param baseUrl its URL; {@code null} for the embedded server
   */
  static InfrastructureResult of(TokenSpeed settings, @Nullable String baseUrl)
      throws IOException, InterruptedException {
    TokenSpeed suite =
        settings
            .with("token_speed.only", TEST)
            .with("token_speed.repetitions", "5")
            .with("token_speed.maxTokens", "64")
            .with("targets", "none");
    try {
      return of((baseUrl == null ? suite : suite.with("baseUrl", baseUrl)).runAll());
    } catch (ConfigException e) {
      return InfrastructureResult.failed(NAME, String.join(" ", e.problems()));
    }
  }

  /** The trace that a report tells. */
  static InfrastructureResult of(RunReport report) {
    Map<String, MetricSummary> metrics =
        report.measurements().metrics().getOrDefault(TEST, Map.of());
    Map<String, Object> steps = new LinkedHashMap<>();
    for (CoreMetric step : STEPS) {
      Double mean = mean(metrics, step);
      if (mean != null) {
        steps.put(step.id() + "_ms", mean);
      }
    }
    long okCount = report.measurements().counts().okCount();
    long failedCount = report.measurements().counts().failedCount();
    Double whole = sum(metrics, CoreMetric.E2E_TERMINATED);
    Double input = sum(metrics, CoreMetric.INPUT_TOKENS);
    Double output = sum(metrics, CoreMetric.OUTPUT_TOKENS);
    return new InfrastructureResult(
        NAME,
        whole == null ? null : Double.valueOf(whole / MILLIS_PER_SECOND),
        okCount,
        input == null || output == null ? null : Long.valueOf(Math.round(input + output)),
        input == null ? null : Long.valueOf(Math.round(input)),
        output == null ? null : Long.valueOf(Math.round(output)),
        okCount > 0 && failedCount == 0,
        failedCount == 0 && okCount > 0 ? null : error(report),
        steps,
        report.manifest().target().model());
  }

  private static String error(RunReport report) {
    return report.measurements().errors().stream()
        .findFirst()
        .map(example -> String.valueOf(example.message()))
        .orElse("no request ended");
  }

  private static @Nullable Double mean(Map<String, MetricSummary> metrics, CoreMetric metric) {
    MetricSummary summary = metrics.get(metric.id());
    return summary == null ? null : summary.mean();
  }

  private static @Nullable Double sum(Map<String, MetricSummary> metrics, CoreMetric metric) {
    MetricSummary summary = metrics.get(metric.id());
    return summary == null || summary.mean() == null
        ? null
        : Double.valueOf(summary.mean() * summary.count());
  }
}
