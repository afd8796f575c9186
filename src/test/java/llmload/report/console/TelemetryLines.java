package llmload.report.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.MetricSummary;
import llmload.model.ResourceMetric;
import llmload.model.RunMeasurements;
import llmload.report.Figures;
import org.jspecify.annotations.Nullable;

/** The numbers of telemetry that people look for, as a line of a terminal. */
final class TelemetryLines {
  private final Map<String, MetricSummary> metrics;
  private final List<String> words = new ArrayList<>();

  private TelemetryLines(Map<String, MetricSummary> metrics) {
    this.metrics = metrics;
  }

  static List<String> of(RunMeasurements run) {
    TelemetryLines lines =
        new TelemetryLines(run.metrics().getOrDefault(RunMeasurements.ALL, Map.of()));
    lines.value("energy", ResourceMetric.ENERGY.id());
    lines.value("or", ResourceMetric.ENERGY_PER_OUTPUT_TOKEN.id());
    lines.most("queue", ResourceMetric.QUEUE_DEPTH);
    lines.most("batch", ResourceMetric.RUNNING_BATCH);
    lines.most("KV cache", ResourceMetric.KV_USED_RATIO);
    lines.value("prefix hits", ResourceMetric.PREFIX_HIT_RATE.id());
    lines.value("memory", ResourceMetric.PEAK_MEMORY.id());
    lines.most("server", ResourceMetric.SERVER_CPU);
    return lines.words.isEmpty()
        ? List.of()
        : List.of(ConsoleReportWriter.line("telemetry", String.join(", ", lines.words)));
  }

  private void value(String name, String id) {
    MetricSummary summary = metrics.get(id);
    add(name, summary, summary == null ? null : summary.value());
  }

  private void most(String name, ResourceMetric id) {
    MetricSummary summary = metrics.get(id.id());
    add(name + " at most", summary, summary == null ? null : summary.max());
  }

  private void add(String name, @Nullable MetricSummary summary, @Nullable Double value) {
    if (summary != null && value != null) {
      words.add(
          summary.unit().equals("ratio")
              ? name + " " + Figures.percent(value)
              : name + " " + Figures.of(value) + " " + summary.unit());
    }
  }
}
