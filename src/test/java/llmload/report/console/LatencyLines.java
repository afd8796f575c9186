package llmload.report.console;

import static llmload.report.console.ConsoleReportWriter.COLUMNS;
import static llmload.report.console.ConsoleReportWriter.LINES_OF_ONE_KIND;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.MetricSummary;
import llmload.model.RunMeasurements;
import llmload.report.Figures;
import llmload.report.ForeignText;
import org.jspecify.annotations.Nullable;

/**
 * The latencies and rates that a reader looks for first: of all generation requests together, or,
 * where there are none, of each sort of request.
 */
final class LatencyLines {
  private static final List<String> LATENCIES = List.of("ttft", "itl", "tpot", "e2e");
  private static final String E2E = "e2e";
  private static final String RATE = "requests_per_second";

  private LatencyLines() {}

  static List<String> of(RunMeasurements run) {
    Map<String, MetricSummary> all = run.metrics().getOrDefault(RunMeasurements.ALL, Map.of());
    Map<String, Map<String, MetricSummary>> sorts = run.metrics();
    return isMeasured(all) || sorts.values().stream().noneMatch(LatencyLines::isMeasured)
        ? together(all)
        : apart(sorts);
  }

  private static boolean isMeasured(Map<String, MetricSummary> metrics) {
    MetricSummary e2e = metrics.get(E2E);
    return e2e != null && e2e.notMeasured() == null;
  }

  private static List<String> together(Map<String, MetricSummary> all) {
    List<String> lines = new ArrayList<>();
    lines.add(head(""));
    for (String id : LATENCIES) {
      MetricSummary summary = all.get(id);
      if (summary == null) {
        lines.add(ConsoleReportWriter.line(id, "not measured"));
      } else if (summary.notMeasured() != null) {
        String reason = ForeignText.line(summary.notMeasured(), COLUMNS);
        lines.add(ConsoleReportWriter.line(id, "not measured: " + reason));
      } else {
        lines.add(row(id, summary));
      }
    }
    lines.add(
        ConsoleReportWriter.line(
            "throughput", value("output_tokens_per_second", all) + ", " + value(RATE, all)));
    return lines;
  }

  /** Health checks, lists of models and searches generate nothing; they are timed as a whole. */
  private static List<String> apart(Map<String, Map<String, MetricSummary>> sorts) {
    List<String> lines = new ArrayList<>(List.of(head("e2e of")));
    List<String> rates = new ArrayList<>();
    int left = 0;
    for (var sort : sorts.entrySet()) {
      MetricSummary e2e = sort.getValue().get(E2E);
      if (e2e == null || e2e.notMeasured() != null) {
        continue;
      }
      if (rates.size() == LINES_OF_ONE_KIND) {
        left++;
        continue;
      }
      String name = ForeignText.name(sort.getKey());
      lines.add(row(name, e2e));
      rates.add(name + " " + value(RATE, sort.getValue()));
    }
    if (left > 0) {
      lines.add(ConsoleReportWriter.line("", "and " + left + " more"));
    }
    lines.add(ConsoleReportWriter.line("throughput", String.join(", ", rates)));
    return lines;
  }

  private static String head(String label) {
    return ConsoleReportWriter.row(label, "n", "mean", "p50", "p95", "p99");
  }

  private static String row(String label, MetricSummary summary) {
    return ConsoleReportWriter.row(
        label,
        Figures.count(summary.count()),
        with(summary.mean(), summary),
        with(summary.percentiles().get("p50"), summary),
        with(summary.percentiles().get("p95"), summary),
        with(summary.percentiles().get("p99"), summary));
  }

  private static String value(String id, Map<String, MetricSummary> metrics) {
    MetricSummary summary = metrics.get(id);
    return summary == null || summary.value() == null
        ? id + " not measured"
        : with(summary.value(), summary);
  }

  private static String with(@Nullable Double value, MetricSummary summary) {
    return value == null
        ? Figures.ABSENT
        : Figures.of(value) + " " + ForeignText.line(summary.unit(), 12);
  }
}
