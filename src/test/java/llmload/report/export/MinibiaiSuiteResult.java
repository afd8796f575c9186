package llmload.report.export;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import llmload.config.DurationParser;
import llmload.metrics.Distribution;
import llmload.metrics.PartTally;
import llmload.metrics.ResourceUse;
import llmload.metrics.SpikeRate;
import llmload.metrics.SuiteResults;
import llmload.model.BaselineComparison;
import llmload.model.CoreMetric;
import llmload.model.Grade;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.SuiteResult;
import llmload.model.TargetVerdict;
import org.jspecify.annotations.Nullable;

/**
 * The results of mini-biai-1's suite by its own fields. Its {@code p50_ms} and the like of token
 * throughput are of the time to first token, which is what it judges by them; percentiles are
 * NumPy's. What was not measured is {@code null}.
 */
final class MinibiaiSuiteResult {
  private static final double PERCENT = 100;
  private static final double MIB = 1024.0 * 1024.0;
  private static final double GIB = MIB * 1024;
  private static final double MILLIS = 1000;

  private final RunReport report;
  private final SuiteResults results;
  private final RunManifest manifest;
  private final Map<String, String> settings;

  MinibiaiSuiteResult(RunReport report, SuiteResults results) {
    this.report = report;
    this.results = results;
    this.manifest = report.manifest();
    this.settings = manifest.settings();
  }

  /** The file {@code comprehensive_benchmark_<time>.json}. */
  Map<String, @Nullable Object> whole() {
    Map<String, @Nullable Object> root = MinibiaiSuiteExporter.object();
    Instant ended = manifest.endedAt();
    root.put("timestamp", (ended == null ? manifest.startedAt() : ended).toString());
    root.put("config", config());
    root.put("system_info", system());
    root.put("benchmarks", benchmarks());
    root.put("stress_test", results.levels().isEmpty() ? null : stress());
    root.put("regression_analysis", regression());
    root.put("overall_assessment", assessment());
    root.put("error", error());
    return root;
  }

  /** The file {@code <type>_summary.json}, whose fields depend on the run type. */
  Map<String, @Nullable Object> summary() {
    String type = settings.getOrDefault("suite.type", "quick");
    Map<String, @Nullable Object> root = MinibiaiSuiteExporter.object();
    switch (type) {
      case "tok_throughput", "retrieval" -> {
        boolean speed = type.equals("tok_throughput");
        Map<String, @Nullable Object> benchmark = speed ? throughput() : retrieval();
        Map<String, @Nullable Object> metrics = MinibiaiSuiteExporter.object();
        for (String key :
            List.of(
                "tokens_per_second",
                "p50_ms",
                "p95_ms",
                "spike_rate_percent",
                "memory_peak_mb",
                "energy_consumption_joules")) {
          metrics.put(key, benchmark.get(key));
        }
        root.put("type", type);
        root.put("metrics", metrics);
        root.put("passed", benchmark.get("meets_targets"));
      }
      case "regression" -> {
        Map<String, @Nullable Object> regression = regression();
        root.put("type", type);
        root.put(
            "regression_detected",
            regression == null ? null : regression.get("regression_detected"));
        root.put("analysis", regression == null ? null : regression.get("regression_analysis"));
      }
      default -> {
        root.put("type", "full_suite");
        root.put("results", whole());
        root.put("assessment", assessment());
      }
    }
    return root;
  }

  /** The configuration in force, by the suite's keys. */
  Map<String, @Nullable Object> config() {
    Map<String, @Nullable Object> config = MinibiaiSuiteExporter.object();
    config.put("target_tok_s", limit(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER));
    config.put("target_ttft_ms", limit(CoreMetric.TTFT));
    config.put("iterations", number("suite.iterations"));
    config.put("warmup_iterations", number("warmUp"));
    config.put("target_spike_rate_range", spikes());
    config.put("target_retrieval_ms", limit(CoreMetric.E2E));
    config.put("timeout_seconds", seconds("timeout.total"));
    config.put("batch_sizes", numbers("suite.batches"));
    config.put("model_name", manifest.target().model());
    config.put("test_text_lengths", numbers("suite.words"));
    config.put("retrieval_index_size", number("retrieval.vectors"));
    config.put("retrieval_queries", number("retrieval.queries"));
    config.put("retrieval_top_k", number("retrieval.topK"));
    config.put("stress_concurrency_levels", numbers("suite.levels"));
    config.put("stress_duration_seconds", seconds("suite.levelTime"));
    config.put("enable_energy_monitoring", "true".equals(settings.get("suite.energy")));
    config.put("baseline_file", settings.get("suite.baselineFile"));
    config.put("output_dir", settings.get("suite.outputDir"));
    return config;
  }

  private Map<String, @Nullable Object> system() {
    ResourceUse use = results.resources();
    Map<String, @Nullable Object> system = MinibiaiSuiteExporter.object();
    Map<String, String> environment = manifest.environment();
    system.put("platform", environment.get("os"));
    system.put("python_version", null);
    String processors = environment.get("processors");
    system.put("cpu_count", processors == null ? null : Integer.valueOf(processors));
    system.put("memory_total_gb", scaled(use.memoryTotalBytes(), 1 / GIB));
    system.put("torch_available", null);
    system.put("gpu_name", use.gpuName().orElse(null));
    system.put("gpu_memory_gb", scaled(use.gpuMemoryTotalBytes(), 1 / GIB));
    return system;
  }

  private Map<String, @Nullable Object> benchmarks() {
    Map<String, @Nullable Object> benchmarks = MinibiaiSuiteExporter.object();
    if (!results.throughput().isEmpty()) {
      benchmarks.put("token_throughput", throughput());
    }
    if (!results.retrieval().isEmpty()) {
      benchmarks.put("retrieval_performance", retrieval());
    }
    return benchmarks;
  }

  private Map<String, @Nullable Object> throughput() {
    PartTally part = results.throughput();
    Map<String, @Nullable Object> benchmark = MinibiaiSuiteExporter.object();
    benchmark.put("tokens_per_second", value(part.speed().mean()));
    statistics(benchmark, part.ttft());
    benchmark.put("throughput_rps", value(part.requestsPerSecond()));
    rest(benchmark, part);
    Map<String, @Nullable Object> scores = MinibiaiSuiteExporter.object();
    scores.put("tok_s", met(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER));
    scores.put("ttft", met(CoreMetric.TTFT));
    scores.put("spike_rate", met(CoreMetric.SPIKE_RATE));
    benchmark.put("target_scores", scores);
    benchmark.put("meets_targets", meets(SuiteResults.THROUGHPUT));
    return benchmark;
  }

  private Map<String, @Nullable Object> retrieval() {
    PartTally part = results.retrieval();
    Map<String, @Nullable Object> benchmark = MinibiaiSuiteExporter.object();
    benchmark.put("tokens_per_second", null);
    statistics(benchmark, part.e2e());
    OptionalDouble sum = part.e2e().sum();
    // The suite's own formula: searches over the sum of their times.
    benchmark.put(
        "throughput_rps",
        sum.isPresent() && sum.getAsDouble() > 0
            ? part.e2e().count() * MILLIS / sum.getAsDouble()
            : null);
    rest(benchmark, part);
    Map<String, @Nullable Object> scores = MinibiaiSuiteExporter.object();
    scores.put("retrieval", met(CoreMetric.E2E));
    benchmark.put("target_scores", scores);
    benchmark.put("meets_targets", meets(SuiteResults.RETRIEVAL));
    return benchmark;
  }

  private static void statistics(Map<String, @Nullable Object> to, Distribution latencies) {
    to.put("mean_ms", value(latencies.mean()));
    to.put("median_ms", value(latencies.linearPercentile(50)));
    to.put("std_ms", value(latencies.std()));
    to.put("min_ms", value(latencies.min()));
    to.put("max_ms", value(latencies.max()));
    to.put("p50_ms", value(latencies.linearPercentile(50)));
    to.put("p95_ms", value(latencies.linearPercentile(95)));
    to.put("p99_ms", value(latencies.linearPercentile(99)));
    to.put("p999_ms", value(latencies.linearPercentile(99.9)));
  }

  private void rest(Map<String, @Nullable Object> to, PartTally part) {
    ResourceUse use = results.resources();
    long from = part.firstSentNanos();
    long until = part.lastEndNanos();
    boolean energy = "true".equals(settings.get("suite.energy")) && !part.isEmpty();
    OptionalDouble joules = energy ? use.energyJoules(from, until) : OptionalDouble.empty();
    double seconds = part.seconds().orElse(0);
    to.put("operations_per_second", value(part.requestsPerSecond()));
    to.put("spike_rate_percent", scaled(SpikeRate.of(part.e2e()), PERCENT));
    to.put("error_rate_percent", scaled(part.errorRatio(), PERCENT));
    to.put("memory_peak_mb", scaled(use.processPeakBytes(from, until), 1 / MIB));
    to.put("memory_avg_mb", scaled(use.processMeanBytes(from, until), 1 / MIB));
    to.put("cpu_avg_percent", scaled(use.cpuMeanRatio(from, until), PERCENT));
    to.put("gpu_util_avg_percent", scaled(use.gpuMeanRatio(from, until), PERCENT));
    to.put("energy_consumption_joules", value(joules));
    to.put("power_avg_watts", seconds > 0 ? scaled(joules, 1 / seconds) : null);
  }

  private Map<String, @Nullable Object> stress() {
    Map<String, @Nullable Object> stress = MinibiaiSuiteExporter.object();
    OptionalInt sustained = results.sustained();
    List<Integer> stable = new ArrayList<>();
    results
        .levels()
        .forEach(
            (level, part) -> {
              if (SuiteResults.isStable(part)) {
                stable.add(level);
              }
            });
    stress.put("max_sustainable_load", sustained.isPresent() ? sustained.getAsInt() : null);
    stress.put("stable_concurrency_levels", stable);
    results
        .levels()
        .forEach((level, part) -> stress.put(SuiteResults.LEVEL + level, level(level, part)));
    return stress;
  }

  private static Map<String, @Nullable Object> level(int level, PartTally part) {
    Map<String, @Nullable Object> one = MinibiaiSuiteExporter.object();
    one.put("concurrency_level", level);
    one.put("total_time_seconds", value(part.seconds()));
    one.put("completed_requests", part.okCount());
    one.put("failed_requests", part.failedCount());
    one.put("total_requests", part.okCount() + part.failedCount());
    one.put("throughput_rps", value(part.requestsPerSecond()));
    one.put("error_rate_percent", scaled(part.errorRatio(), PERCENT));
    Map<String, @Nullable Object> latencies = MinibiaiSuiteExporter.object();
    statistics(latencies, part.e2e());
    one.put("latency_stats", latencies);
    one.put("system_stable", SuiteResults.isStable(part));
    return one;
  }

  /** What the policy minibiai made of the baseline; {@code null} without one. */
  private @Nullable Map<String, @Nullable Object> regression() {
    BaselineComparison comparison = report.comparison();
    if (comparison == null) {
      return null;
    }
    Map<String, @Nullable Object> regression = MinibiaiSuiteExporter.object();
    Instant ended = manifest.endedAt();
    regression.put("timestamp", (ended == null ? manifest.startedAt() : ended).toString());
    regression.put("baseline_file", comparison.baseline().name());
    regression.put("regression_threshold_percent", null);
    regression.put("current_results", benchmarks());
    regression.put("baseline_results", comparison.baseline().suiteNumbers());
    regression.put("regression_analysis", null);
    regression.put("regression_detected", null);
    regression.putAll(comparison.suiteResult());
    return regression;
  }

  private Map<String, @Nullable Object> assessment() {
    Map<String, @Nullable Object> assessment = MinibiaiSuiteExporter.object();
    assessment.put("performance_grade", word(report.verdict().grade()));
    assessment.put("targets_met", report.verdict().targetsMet());
    assessment.put("total_targets", report.verdict().targetsTotal());
    assessment.put("recommendations", recommendations());
    return assessment;
  }

  /** What follows the grade among the remarks: one for each graded target that was not met. */
  private List<String> recommendations() {
    SuiteResult suite = report.suite();
    long count =
        report.targets().stream()
            .filter(verdict -> verdict.target().graded())
            .filter(verdict -> verdict.result() != TargetVerdict.Result.MET)
            .count();
    return suite == null ? List.of() : suite.remarks().stream().skip(1).limit(count).toList();
  }

  private static @Nullable String word(Grade grade) {
    return switch (grade) {
      case EXCELLENT -> "Excellent";
      case GOOD -> "Good";
      case ACCEPTABLE -> "Acceptable";
      case POOR -> "Poor";
      case NOT_GRADED -> null;
    };
  }

  private @Nullable String error() {
    List<String> reasons = report.verdict().validityReasons();
    return report.measurements().counts().okCount() > 0 || reasons.isEmpty()
        ? null
        : String.join(" ", reasons);
  }

  private @Nullable TargetVerdict verdict(CoreMetric metric) {
    return report.targets().stream()
        .filter(verdict -> verdict.target().metric().equals(metric.id()))
        .filter(
            verdict ->
                metric != CoreMetric.E2E || verdict.target().scope().equals(SuiteResults.RETRIEVAL))
        .findFirst()
        .orElse(null);
  }

  /** The limit of the target of that metric. */
  @Nullable Double limit(CoreMetric metric) {
    TargetVerdict verdict = verdict(metric);
    return verdict == null ? null : verdict.target().value();
  }

  /** The least and the most spikes, in percent. */
  @Nullable List<Double> spikes() {
    TargetVerdict verdict = verdict(CoreMetric.SPIKE_RATE);
    Double upper = verdict == null ? null : verdict.target().upper();
    return verdict == null || upper == null
        ? null
        : List.of(verdict.target().value() * PERCENT, upper * PERCENT);
  }

  private @Nullable Boolean met(CoreMetric metric) {
    TargetVerdict verdict = verdict(metric);
    if (verdict == null) {
      return null;
    }
    return switch (verdict.result()) {
      case MET -> true;
      case MISSED -> false;
      case NO_DATA, INCONCLUSIVE -> null;
    };
  }

  /**
   * Whether all graded targets of that part were met that could be judged; {@code null} if none
   * could. Spikes are shown and not graded, since their range cannot be reached.
   */
  private @Nullable Boolean meets(String scope) {
    List<TargetVerdict.Result> results =
        report.targets().stream()
            .filter(verdict -> verdict.target().graded() && verdict.target().scope().equals(scope))
            .map(TargetVerdict::result)
            .toList();
    if (results.contains(TargetVerdict.Result.MISSED)) {
      return false;
    }
    return results.contains(TargetVerdict.Result.MET) ? Boolean.TRUE : null;
  }

  private @Nullable Integer number(String key) {
    String text = settings.getOrDefault(key, "");
    return text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
  }

  private @Nullable List<Integer> numbers(String key) {
    String text = settings.getOrDefault(key, "");
    return text.matches("[\\d, ]+")
        ? Arrays.stream(text.split(",", -1)).map(String::strip).map(Integer::valueOf).toList()
        : null;
  }

  private @Nullable Double seconds(String key) {
    Optional<Duration> time = DurationParser.parse(settings.getOrDefault(key, ""));
    return time.isPresent() ? Double.valueOf(time.get().toNanos() / 1e9) : null;
  }

  static @Nullable Double value(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  static @Nullable Double scaled(OptionalDouble number, double factor) {
    return number.isPresent() ? number.getAsDouble() * factor : null;
  }
}
