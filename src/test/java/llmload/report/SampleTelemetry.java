package llmload.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.MetricSummary;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.model.SlowTime;
import llmload.model.TelemetryReport;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;

/** Made-up telemetry for {@link SampleRunReports}. */
final class SampleTelemetry {
  private SampleTelemetry() {}

  /** Two GPUs and a server over {@code run}'s intervals, with a gap of five of them. */
  static RunMeasurements beside(RunMeasurements run) {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    metrics.put("energy", MetricSummary.ofValue("J", 73_809.84, 2));
    metrics.put("energy_per_output_token", MetricSummary.ofValue("J/tok", 0.8147, 2));
    metrics.put("prefix_hit_rate", MetricSummary.ofValue("ratio", 0.5, 60));
    metrics.put(
        "queue_depth",
        new MetricSummary("req", 60, null, 0.0, 1.25, null, Map.of(), 7.0, Map.of(), null));
    metrics.put(
        "eviction_time", MetricSummary.absent("ms", "not exposed by vllm (eviction_seconds)"));
    List<@Nullable Double> power = new ArrayList<>();
    List<@Nullable Double> queue = new ArrayList<>();
    for (int i = 0; i < run.series().size(); i++) {
      boolean gap = i >= 20 && i < 25;
      power.add(gap ? null : Double.valueOf(1_200 + 30 * Math.sin(i)));
      queue.add(gap ? null : Double.valueOf(i % 8));
    }
    TelemetryReport telemetry =
        new TelemetryReport(
            1,
            3,
            0.95,
            Map.of(
                "energy",
                "energy_joules of dcgm",
                "prefix_hit_rate",
                "prefix_hit_tokens ÷ prefix_queried_tokens of vllm"),
            tables("r17", "server http://gpu-7.example:8000", "TIMEOUT: no whole answer"),
            List.of(
                new TelemetrySeries("power", "GPU power", "power", "W", power),
                new TelemetrySeries(
                    "queue_depth", "Server queue and batch", "waiting", "req", queue)),
            List.of("Energy is that of the GPUs alone, 2 of 2 measured."),
            List.of(),
            List.of(),
            new SlowTime(
                4,
                60,
                List.of(
                    stretch(12, 2, 4.5, "server queue", "waiting 9, usually 0.5"),
                    stretch(31, 1, 3, "throttled GPU", "for 80 % of it, usually 0"),
                    stretch(40.5, 1, 2.5, "unattributed", "nothing unusual in queue"),
                    stretch(50, 1, 2, "no telemetry", "no sample of this time"))));
    return run.with(Map.of(RunMeasurements.ALL, metrics), telemetry);
  }

  /** Telemetry that quotes {@code text} wherever somebody else's words can stand. */
  static RunMeasurements hostile(RunMeasurements run, String text) {
    return run.with(
        Map.of(RunMeasurements.ALL, Map.of("energy", MetricSummary.absent("J", text))),
        new TelemetryReport(
            1,
            3,
            0.95,
            Map.of("energy", text),
            tables(text, text, text),
            List.of(),
            List.of(text),
            List.of(text),
            List.of(text),
            new SlowTime(1, 60, List.of(stretch(12, 1, 4.5, text, text)))));
  }

  private static SlowTime.Stretch stretch(
      double startSeconds, int intervalCount, double worstRatio, String cause, String because) {
    return new SlowTime.Stretch(
        startSeconds,
        startSeconds + intervalCount,
        intervalCount,
        List.of("ttft"),
        worstRatio,
        cause,
        because);
  }

  private static List<ResultTable> tables(String request, String source, String reason) {
    return List.of(
        new ResultTable(
            "sources",
            "What was watched",
            ResultTable.columns("source", "", "taken", "looks", "missed_most", ""),
            List.of(Arrays.asList(source, 57L, reason))),
        new ResultTable(
            "slow_intervals",
            "Slow intervals, and what made them slow",
            ResultTable.columns(
                "start", "s", "slow_in", "", "because", "", "waiting", "req", "clock", "MHz"),
            List.of(
                Arrays.asList(12.0, "ttft", reason, 9.0, null),
                Arrays.asList(31.0, "itl", reason, null, null))),
        new ResultTable(
            "slowest",
            "The slowest requests, and what held them up",
            ResultTable.columns("id", "", "e2e", "ms", "cause", "", "explained", "ms"),
            List.of(Arrays.asList(request, 4_120.5, "server queue", null))),
        new ResultTable(
            "slowest_failed",
            "The failed requests that lasted longest, and what held them up",
            ResultTable.columns("id", "", "outcome", "", "lasted", "ms", "cause", ""),
            List.of(Arrays.asList(request, "IDLE_TIMEOUT", 10_120.5, "stall in the stream"))),
        new ResultTable(
            "resources",
            "Everything that was read, over the measured window",
            ResultTable.columns("source", "", "of", "", "name", "", "growth", ""),
            List.of(Arrays.asList("gpu", source, "energy_joules", 37_917.0))));
  }
}
