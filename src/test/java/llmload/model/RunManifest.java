package llmload.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run set out to do, and where: {@code run.json}. Written before the first request and again
 * at the end; secrets are redacted before it is made.
 *
 * @param runId the run folder's name
 * @param simulation the simulation's fully qualified class name
 * @param startedAt the wall clock at the run's anchor, from which every {@code nanos} counts
 * @param endedAt the wall clock when the load ended; {@code null} if the run did not get there
 * @param endedNanos the same moment since the anchor; the two together show the clocks' drift
 * @param target the server under test
 * @param plan the load
 * @param targets the limits it is held to
 * @param failOn what fails the run, the words of the setting {@code failOn}
 * @param validityLimits the limits of the validity rules, by setting name
 * @param settings every setting in force, resolved, by key without the prefix {@code llm.}
 * @param environment machine, versions, hashes
 * @param gatling Gatling's own counts by request name; {@code null} if they could not be read
 * @param warnings what the user should know, one sentence each
 */
public record RunManifest(
    String runId,
    String simulation,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Long endedNanos,
    TargetServer target,
    LoadPlan plan,
    List<Target> targets,
    List<String> failOn,
    Map<String, Double> validityLimits,
    Map<String, String> settings,
    Map<String, String> environment,
    @Nullable Map<String, GatlingCount> gatling,
    List<String> warnings) {

  /** The same with further warnings. */
  public RunManifest with(List<String> furtherWarnings) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(furtherWarnings);
    return new RunManifest(
        runId,
        simulation,
        startedAt,
        endedAt,
        endedNanos,
        target,
        plan,
        targets,
        failOn,
        validityLimits,
        settings,
        environment,
        gatling,
        List.copyOf(all));
  }
}
