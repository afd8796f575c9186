package llmload.report.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import llmload.metrics.Distribution;
import llmload.metrics.ResourceUse;
import llmload.metrics.StressResults;
import llmload.metrics.StressRules.Judgement;
import llmload.metrics.StressTally;
import llmload.metrics.timeline.Coverage;
import llmload.model.Grade;
import llmload.model.RunReport;
import llmload.model.ServerPlace;
import org.jspecify.annotations.Nullable;

/** The file {@code stress_test_results_<epoch>.json} of mini-biai-1's stress runner. */
final class MinibiaiStressExporter implements Exporter {
  /** The share of errors up to which that suite calls a load borne. */
  private static final double MOST_ERRORS = 0.05;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double PERCENT = 100;
  private static final double MIB = 1024.0 * 1024.0;

  @Override
  public String id() {
    return "minibiai-stress";
  }

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    StressResults results = new StressResults(report.manifest());
    records.forEachRequest(results::add);
    ResourceUse use = new ResourceUse(Coverage.of(report.manifest().settings()));
    records.forEachSample(
        sample -> {
          results.add(sample);
          use.add(sample);
        });
    results.finish();
    Map<String, @Nullable Object> tests = new LinkedHashMap<>();
    for (StressResults.Part part : results.parts()) {
      Map<String, @Nullable Object> test = test(results, part);
      test.put("system_metrics", system(part.all(), use));
      tests.put(name(part), test);
    }
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("test_results", tests);
    root.put("overall_assessment", overall(results));
    Instant ended = report.manifest().endedAt();
    Instant at = ended == null ? report.manifest().startedAt() : ended;
    Path file = folder.resolve("stress_test_results_" + at.getEpochSecond() + ".json");
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }

  private static Map<String, @Nullable Object> test(
      StressResults results, StressResults.Part part) {
    StressTally tally = part.judged();
    Map<String, @Nullable Object> test = new LinkedHashMap<>();
    test.put("test_type", name(part));
    test.put("duration_seconds", value(part.all().seconds()));
    test.put("max_concurrency", part.peakCount());
    test.put("total_requests", tally.startedCount());
    test.put("completed_requests", tally.okCount());
    test.put("failed_requests", tally.failedCount());
    test.put("latency_stats", latencies(tally.latencies()));
    test.put("throughput_rps", value(tally.requestsPerSecond()));
    test.put("error_rate_percent", percent(tally.errorRatio()));
    // Keeps its place in the file's order.
    test.put("system_metrics", null);
    if (part.name().equals(StressResults.STAIRS)) {
      breaking(results, test);
    } else if (part.name().equals(StressResults.PRESSURE)) {
      test.put("resource_assessment", pressure(part.all(), results.place()));
    } else {
      test.put("stability_assessment", stability(results, part));
    }
    return test;
  }

  private static Map<String, @Nullable Object> latencies(Distribution latencies) {
    Map<String, @Nullable Object> stats = new LinkedHashMap<>();
    stats.put("mean_ms", value(latencies.mean()));
    stats.put("median_ms", value(latencies.linearPercentile(50)));
    stats.put("p95_ms", value(latencies.linearPercentile(95)));
    stats.put("p99_ms", value(latencies.linearPercentile(99)));
    stats.put("max_ms", value(latencies.max()));
    return stats;
  }

  /** The suite's own name of a test. */
  private static String name(StressResults.Part part) {
    return part.name().equals(StressResults.PRESSURE) ? "resource_pressure" : part.name();
  }

  /** The process is the server's, in MiB, where the suite has that of its own load tester. */
  private static Map<String, @Nullable Object> system(StressTally tally, ResourceUse use) {
    Map<String, @Nullable Object> system = new LinkedHashMap<>();
    boolean watched = tally.hostSampleCount() > 0;
    system.put("samples", tally.hostSampleCount());
    system.put("monitoring_duration", watched ? value(tally.seconds()) : null);
    system.put("cpu_avg", percent(tally.cpuMeanRatio()));
    system.put("cpu_peak", percent(tally.cpuPeakRatio()));
    system.put("memory_avg", percent(tally.memoryMeanRatio()));
    system.put("memory_peak", percent(tally.memoryPeakRatio()));
    long from = tally.firstSentNanos();
    long to = tally.lastEndNanos();
    system.put("process_memory_avg", mebibytes(use.processMeanBytes(from, to)));
    system.put("process_memory_peak", mebibytes(use.processPeakBytes(from, to)));
    system.put("gpu_util_avg", percent(use.gpuMeanRatio(from, to)));
    system.put("gpu_util_peak", percent(use.gpuPeakRatio(from, to)));
    return system;
  }

  private static Map<String, @Nullable Object> stability(
      StressResults results, StressResults.Part part) {
    Judgement judgement = results.judgement(part);
    Map<String, @Nullable Object> stability = new LinkedHashMap<>();
    stability.put("system_stable", judgement == null ? null : judgement.passed());
    stability.put("error_rate_percent", percent(part.judged().errorRatio()));
    stability.put("throughput_rps", value(part.judged().requestsPerSecond()));
    stability.put("max_concurrency_tested", part.peakCount());
    return stability;
  }

  private static Map<String, @Nullable Object> pressure(StressTally tally, ServerPlace place) {
    Map<String, @Nullable Object> pressure = new LinkedHashMap<>();
    OptionalDouble memory = tally.memoryPeakRatio();
    OptionalDouble cpu = tally.cpuPeakRatio();
    boolean ofServer = place.whyNotJudged() == null;
    boolean watched = ofServer && memory.isPresent() && cpu.isPresent();
    pressure.put(
        "handled_memory_pressure",
        (ofServer && memory.isPresent()) ? memory.getAsDouble() < 0.95 : null);
    pressure.put(
        "handled_cpu_pressure", (ofServer && cpu.isPresent()) ? cpu.getAsDouble() < 0.98 : null);
    pressure.put("memory_peak_percent", percent(memory));
    pressure.put("cpu_peak_percent", percent(cpu));
    OptionalDouble errors = tally.errorRatio();
    pressure.put(
        "pressure_sustained",
        (watched && errors.isPresent()) ? errors.getAsDouble() <= MOST_ERRORS : null);
    return pressure;
  }

  private static void breaking(StressResults results, Map<String, @Nullable Object> test) {
    List<Integer> tested = new ArrayList<>();
    results.stairs().forEach(stair -> tested.add(stair.userCount()));
    OptionalInt point = results.breakingPoint();
    Map<String, @Nullable Object> assessment = new LinkedHashMap<>();
    assessment.put("max_sustainable_load", value(results.sustained()));
    assessment.put("breaking_point_reached", point.isPresent());
    assessment.put("tested_concurrencies", tested);
    assessment.put(
        "scaling_efficiency",
        point.isPresent() ? point.getAsInt() / (double) tested.get(tested.size() - 1) : null);
    test.put("breaking_point_concurrency", value(point));
    test.put("tested_concurrencies", tested);
    test.put("breaking_point_assessment", assessment);
  }

  private static Map<String, @Nullable Object> overall(StressResults results) {
    Map<String, @Nullable Object> overall = new LinkedHashMap<>();
    overall.put("overall_stability", value(results.stabilityRatio()));
    overall.put("max_sustainable_load", value(results.sustained()));
    overall.put("performance_grade", word(results.grade()));
    overall.put("tests_passed", results.stableCount());
    return overall;
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

  private static @Nullable Object value(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static @Nullable Object value(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : null;
  }

  private static @Nullable Object mebibytes(OptionalDouble bytes) {
    return bytes.isPresent() ? bytes.getAsDouble() / MIB : null;
  }

  private static @Nullable Object percent(OptionalDouble ratio) {
    return ratio.isPresent() ? ratio.getAsDouble() * PERCENT : null;
  }
}
