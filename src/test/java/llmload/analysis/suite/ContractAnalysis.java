package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.metrics.ContractVerdict;
import llmload.metrics.ServerFigures;
import llmload.metrics.ServerReadings;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResourceMetric;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.SuiteResult;
import llmload.model.Tags;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * What a contract run comes to: each workload by sagellm-benchmark's own formulas, whether prompts
 * and answers had their declared lengths, the limits kept, and servers side by side.
 */
final class ContractAnalysis implements SuiteAnalysis {
  private static final String NO_USAGE = "no answer said how much of its prompt was cached";
  private static final String NO_READING = "no reading of the server tells it";

  /** From 21 samples on, sorted[int(n × 0.95)] is not the largest. */
  private static final int ENOUGH_FOR_P95 = 21;

  private final RunManifest manifest;
  private final Map<String, ContractPart> parts = new LinkedHashMap<>();
  private final ContractPart whole = new ContractPart("", RunMeasurements.ALL, "");
  private final ServerReadings readings = new ServerReadings();

  ContractAnalysis(RunManifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public void accept(RequestRecord request) {
    if (request.phase() == Phase.WARMUP) {
      return;
    }
    parts
        .computeIfAbsent(
            request.request(),
            scope ->
                new ContractPart(
                    request.tags().getOrDefault(Tags.ENDPOINT, ""),
                    scope,
                    request.tags().getOrDefault(Tags.WORKLOAD, scope)))
        .add(request);
    whole.add(request);
  }

  @Override
  public void accept(TelemetrySample sample) {
    readings.add(sample);
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    List<ContractPart> all = parts.values().stream().toList();
    ContractTables tables =
        new ContractTables(
            manifest.settings().getOrDefault("contract.year", ""),
            manifest.targets(),
            part -> part.tally().document(figures(part), anchorSeconds()));
    List<ResultTable> shown = new ArrayList<>();
    shown.add(tables.workloads(all));
    shown.add(tables.fields(all));
    shown.add(tables.lengths(all));
    shown.add(tables.contract(all, whole));
    if ("batch".equals(manifest.settings().get("contract.traffic"))) {
      shown.add(tables.batches(all));
    }
    ContractEndpoints endpoints = new ContractEndpoints(all);
    if (endpoints.areSeveral()) {
      shown.add(endpoints.table());
    }
    return new SuiteResult(manifest.plan().kind(), metrics(all), shown, remarks(all, tables));
  }

  private ServerFigures figures(ContractPart part) {
    // One server's readings say nothing of another's.
    boolean onlyOne = parts.values().stream().allMatch(p -> p.endpoint().isEmpty());
    return onlyOne ? readings.during(part.tally()) : ServerFigures.NONE;
  }

  private double anchorSeconds() {
    return manifest.startedAt().toEpochMilli() / 1e3;
  }

  private Map<String, Map<String, MetricSummary>> metrics(List<ContractPart> all) {
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    metrics.put(RunMeasurements.ALL, metrics(whole));
    all.forEach(part -> metrics.put(part.scope(), metrics(part)));
    return metrics;
  }

  private Map<String, MetricSummary> metrics(ContractPart part) {
    Map<String, @Nullable Number> fields = part.tally().document(figures(part), anchorSeconds());
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    long count = part.tally().requestCount();
    put(metrics, ResourceMetric.PEAK_MEMORY, fields.get("peak_mem_mb"), count, NO_READING);
    put(metrics, ResourceMetric.PREFIX_HIT_RATE, fields.get("prefix_hit_rate"), count, NO_USAGE);
    put(
        metrics,
        ResourceMetric.SPEC_ACCEPT_RATE,
        fields.get("spec_accept_rate"),
        count,
        NO_READING);
    return metrics;
  }

  private static void put(
      Map<String, MetricSummary> metrics,
      Metric metric,
      @Nullable Number value,
      long count,
      String reason) {
    metrics.put(
        metric.id(),
        value == null
            ? MetricSummary.absent(metric.unit(), reason)
            : MetricSummary.ofValue(metric.unit(), value.doubleValue(), count));
  }

  private List<String> remarks(List<ContractPart> all, ContractTables tables) {
    List<String> remarks = new ArrayList<>();
    ContractVerdict verdict = tables.verdict(whole);
    if (verdict.passed() != null) {
      remarks.add("Contract " + verdict.version() + ", all workloads. " + verdict.summary());
    }
    List<String> few = new ArrayList<>();
    for (ContractPart part : all) {
      remarks.addAll(part.remarks());
      if (part.tally().requestCount() < ENOUGH_FOR_P95) {
        few.add(part.scope() + " " + part.tally().requestCount());
      }
    }
    if (!few.isEmpty()) {
      remarks.add(
          "n too small: with fewer than "
              + ENOUGH_FOR_P95
              + " requests p95 and p99 are the largest value and say no more than that ("
              + String.join(", ", few)
              + ").");
    }
    return remarks;
  }
}
