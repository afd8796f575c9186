package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.metrics.PartTally;
import llmload.metrics.SuiteResults;
import llmload.model.Grade;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import llmload.model.ResourceMetric;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.ServerPlace;
import llmload.model.SuiteResult;
import llmload.model.TargetVerdict;
import llmload.model.TelemetrySample;
import llmload.model.Verdict;

/**
 * mini-biai-1's suite: throughput by prompt length and batch size, search, growing concurrency,
 * what the machines did meanwhile, and its overall assessment with recommendations.
 */
final class BenchmarkSuiteAnalysis implements SuiteAnalysis {
  /** The suite's word. */
  static final String SUITE = "suite";

  private final RunManifest manifest;
  private final SuiteResults results;

  BenchmarkSuiteAnalysis(RunManifest manifest) {
    this.manifest = manifest;
    this.results = new SuiteResults(manifest.settings());
  }

  @Override
  public void accept(RequestRecord request) {
    results.add(request);
  }

  @Override
  public void accept(TelemetrySample sample) {
    results.add(sample);
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    results.finish();
    boolean energy = !"false".equals(manifest.settings().get("suite.energy"));
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    if (!results.throughput().isEmpty()) {
      metrics.put(SuiteResults.THROUGHPUT, metrics(results.throughput()));
    }
    List<ResultTable> tables = new ArrayList<>(new BenchmarkSuiteTables(results, energy).all());
    return new SuiteResult(SUITE, metrics, tables, List.of());
  }

  private Map<String, MetricSummary> metrics(PartTally part) {
    String why = ServerPlace.of(manifest).whyNotJudged();
    OptionalDouble memory =
        why != null || part.isEmpty()
            ? OptionalDouble.empty()
            : results.resources().memoryPeakRatio(part.firstSentNanos(), part.lastEndNanos());
    Metric metric = ResourceMetric.HOST_MEMORY_PEAK;
    return Map.of(
        metric.id(),
        memory.isPresent()
            ? MetricSummary.ofValue(metric.unit(), memory.getAsDouble(), part.okCount())
            : MetricSummary.absent(
                metric.unit(), why == null ? "no sample of this machine's memory" : why));
  }

  /** The first remark is the grade, the others are recommendations. */
  @Override
  public SuiteResult assess(SuiteResult result, List<TargetVerdict> targets, Verdict verdict) {
    List<String> advice = Recommendations.of(targets);
    List<String> remarks = new ArrayList<>();
    String grade = word(verdict.grade());
    remarks.add(
        verdict.grade() == Grade.NOT_GRADED
            ? "Not graded: no target could be judged."
            : "%s: %d of %d targets met."
                .formatted(grade, verdict.targetsMet(), verdict.targetsTotal()));
    remarks.addAll(advice);
    List<ResultTable> tables = new ArrayList<>(result.tables());
    tables.add(
        new ResultTable(
            "overall_assessment",
            "Overall assessment",
            ResultTable.columns("performance_grade", "", "targets_met", "", "total_targets", ""),
            List.of(List.of(grade, verdict.targetsMet(), verdict.targetsTotal()))));
    return new SuiteResult(result.suite(), result.metrics(), tables, remarks);
  }

  /** The suite's own word, as its document prints it. */
  private static String word(Grade grade) {
    return switch (grade) {
      case EXCELLENT -> "Excellent";
      case GOOD -> "Good";
      case ACCEPTABLE -> "Acceptable";
      case POOR -> "Poor";
      case NOT_GRADED -> "Not graded";
    };
  }
}
