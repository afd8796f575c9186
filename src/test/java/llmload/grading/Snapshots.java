package llmload.grading;

import java.util.LinkedHashMap;
import java.util.Map;
import llmload.model.CoreMetric;
import llmload.model.MetricSummary;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunSnapshot;
import llmload.model.TargetServer;
import llmload.model.Validity;
import org.jspecify.annotations.Nullable;

/** Makes of a measured run what a comparison needs of it. */
public final class Snapshots {
  private static final String THROUGHPUT_SCOPE = "token_throughput";
  private static final String SIMULATED = "simulated";

  private Snapshots() {}

  /**
   * The run as one side of a comparison.
   *
   * @param suiteAverages the averages of other suites, by their keys
   * @param validity the run's
   */
  public static RunSnapshot of(
      RunManifest manifest,
      RunMeasurements run,
      Map<String, Double> suiteAverages,
      Validity validity) {
    return new RunSnapshot(
        manifest.runId(),
        RunSnapshot.LLMLOAD,
        manifest.runId(),
        manifest.startedAt(),
        null,
        null,
        isSimulated(manifest.target()),
        validity,
        run.counts().okCount(),
        WorkloadConditions.of(
            manifest.simulation(),
            manifest.target(),
            manifest.plan(),
            manifest.settings(),
            manifest.environment()),
        SnapshotIntervals.of(run.metrics(), run.series()),
        suiteNumbers(run.metrics(), suiteAverages));
  }

  /** Whether a model of a server answers, as far as the run knows. */
  public static boolean isSimulated(TargetServer target) {
    return SIMULATED.equals(target.engine());
  }

  /**
   * The numbers that other suites compare: their own averages, and what llmload has under another
   * name. {@code tok_s} is the mean of {@code output_tokens_per_second_per_user}, of the requests
   * named {@code token_throughput} where there are such. Percentiles are not among them: llmload's
   * are by nearest rank, and those of other suites are not.
   */
  public static Map<String, Double> suiteNumbers(
      Map<String, Map<String, MetricSummary>> metrics, Map<String, Double> averages) {
    Map<String, Double> numbers = new LinkedHashMap<>(averages);
    String scope = metrics.containsKey(THROUGHPUT_SCOPE) ? THROUGHPUT_SCOPE : RunMeasurements.ALL;
    MetricSummary speed =
        metrics
            .getOrDefault(scope, Map.of())
            .get(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER.id());
    put(numbers, MinibiaiRules.TOK_S, speed == null ? null : speed.mean());
    return numbers;
  }

  private static void put(Map<String, Double> numbers, String key, @Nullable Double value) {
    if (value != null) {
      numbers.putIfAbsent(key, value);
    }
  }
}
