package llmload.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison needs of a run: of the baseline, or of the run that is held against it. What a
 * file of another suite does not say is {@code null} or missing.
 *
 * @param name how reports call it
 * @param format whose file it is: {@link #LLMLOAD} or the name of another suite
 * @param runId the run's folder
 * @param startedAt when the run began
 * @param updatedAt when it was saved as a baseline
 * @param gitCommit the commit of the project it was saved in
 * @param simulated whether its numbers come from a model of a server and not from one
 * @param validity whether its numbers can be believed
 * @param okCount requests that succeeded
 * @param conditions the workload and the target, by name, for what must be alike
 * @param metrics by scope, then by metric id; a single number has its interval under {@code value}
 * @param suiteNumbers the numbers that other suites compare, by their keys
 */
public record RunSnapshot(
    String name,
    String format,
    @Nullable String runId,
    @Nullable Instant startedAt,
    @Nullable Instant updatedAt,
    @Nullable String gitCommit,
    boolean simulated,
    @Nullable Validity validity,
    @Nullable Long okCount,
    Map<String, String> conditions,
    Map<String, Map<String, MetricSummary>> metrics,
    Map<String, Double> suiteNumbers) {

  /** The format of llmload's own baselines and reports. */
  public static final String LLMLOAD = "llmload";

  /** Copies the maps and keeps their order. */
  public RunSnapshot {
    conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    suiteNumbers = Collections.unmodifiableMap(new LinkedHashMap<>(suiteNumbers));
  }

  /** The metric in that scope; {@code null} if the run has none of that id there. */
  public @Nullable MetricSummary metric(String scope, String id) {
    return metrics.getOrDefault(scope, Map.of()).get(id);
  }
}
