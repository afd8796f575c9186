package llmload.report.export.sagellm;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import llmload.metrics.ContractVerdict;
import llmload.metrics.ServerFigures;
import llmload.model.RunManifest;
import llmload.report.ForeignText;
import org.jspecify.annotations.Nullable;

/** {@code REPORT.md}: overall statistics, each workload's details, the contract, a conclusion. */
final class MarkdownSummary {
  private static final String ABSENT = "not measured";

  private final RunManifest manifest;
  private final Map<WorkloadRow, Map<String, @Nullable Number>> fields = new LinkedHashMap<>();
  private final Map<WorkloadRow, ContractVerdict> verdicts = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  MarkdownSummary(RunManifest manifest, Map<WorkloadRow, ServerFigures> figures) {
    this.manifest = manifest;
    figures.forEach(
        (row, server) -> {
          fields.put(row, row.document(manifest, server));
          verdicts.put(row, row.verdict(manifest, server));
        });
  }

  String text() {
    text.setLength(0);
    line("# Benchmark report");
    line("");
    line("- Run: " + code(manifest.runId()) + ", " + manifest.startedAt());
    line("- Server: " + code(manifest.target().baseUrl()) + ", model " + model());
    overall();
    table();
    fields.forEach(this::details);
    conclusion();
    return text.toString();
  }

  private String model() {
    return manifest.target().model() == null ? "not named" : code(manifest.target().model());
  }

  private void overall() {
    long total = sum("total_requests");
    long ok = sum("successful_requests");
    line("");
    line("## Overall Statistics");
    line("");
    line("- Workloads: " + fields.size());
    line("- Requests: " + total + ", of which " + (total - ok) + " failed");
    line(
        "- Success rate: "
            + (total == 0 ? ABSENT : String.format(Locale.ROOT, "%.2f %%", 100.0 * ok / total)));
    best("Best TTFT", "avg_ttft_ms", "ms", Comparator.naturalOrder());
    best("Best throughput", "avg_throughput_tps", "tok/s", Comparator.reverseOrder());
    best("Highest memory", "peak_mem_mb", "MB", Comparator.reverseOrder());
  }

  private long sum(String field) {
    return fields.values().stream()
        .map(values -> values.get(field))
        .mapToLong(value -> value == null ? 0 : value.longValue())
        .sum();
  }

  private void best(String what, String field, String unit, Comparator<Double> order) {
    Optional<Map.Entry<Double, WorkloadRow>> best =
        fields.entrySet().stream()
            .filter(entry -> entry.getValue().get(field) != null)
            .map(entry -> Map.entry(value(entry.getValue(), field), entry.getKey()))
            .min(Map.Entry.comparingByKey(order));
    line(
        "- "
            + what
            + ": "
            + best.map(b -> number(b.getKey()) + " " + unit + " (" + b.getValue().workload() + ")")
                .orElse(ABSENT));
  }

  private static double value(Map<String, @Nullable Number> values, String field) {
    Number value = values.get(field);
    return value == null ? Double.NaN : value.doubleValue();
  }

  private void table() {
    line("");
    line("## Workload Details");
    line("");
    line(
        "| Workload | Requests | Errors | Avg TTFT (ms) | Avg TBT (ms) | Throughput (tok/s)"
            + " | Peak Mem (MB) |");
    line("|---|---|---|---|---|---|---|");
    fields.forEach(
        (row, values) ->
            line(
                "| "
                    + String.join(
                        " | ",
                        row.workload(),
                        show(values, "total_requests"),
                        show(values, "failed_requests"),
                        show(values, "avg_ttft_ms"),
                        show(values, "avg_tbt_ms"),
                        show(values, "avg_throughput_tps"),
                        show(values, "peak_mem_mb"))
                    + " |"));
  }

  private void details(WorkloadRow row, Map<String, @Nullable Number> values) {
    line("");
    line("### " + row.workload());
    line("");
    values.forEach((field, value) -> line("- " + field + ": " + show(values, field)));
    if (row.tally().requestCount() < 21) {
      line("- n too small: of fewer than 21 requests p95 and p99 are the largest value");
    }
    ContractVerdict verdict = verdicts.get(row);
    if (verdict != null && verdict.passed() != null) {
      line("- contract " + verdict.version() + ": " + verdict.summary());
      verdict.lines().forEach(limit -> line("  - " + limit.detail()));
    }
  }

  private void conclusion() {
    line("");
    line("## Conclusion");
    line("");
    verdicts.forEach(
        (row, verdict) ->
            line(
                "- "
                    + row.workload()
                    + ": "
                    + (verdict.passed() == null ? verdict.summary() : passed(verdict))));
  }

  private static String passed(ContractVerdict verdict) {
    return "contract " + verdict.version() + ". " + verdict.summary();
  }

  private static String show(Map<String, @Nullable Number> values, String field) {
    Number value = values.get(field);
    if (value == null) {
      return ABSENT;
    }
    return value instanceof Long ? value.toString() : number(value.doubleValue());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** A foreign name as code, which nothing in it can end. */
  private static String code(@Nullable String name) {
    return "`" + ForeignText.name(name).replace('`', '\'') + "`";
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
