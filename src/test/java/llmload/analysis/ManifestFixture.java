package llmload.analysis;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import llmload.model.LoadPlan;
import llmload.model.Operator;
import llmload.model.RunManifest;
import llmload.model.ServerPlace;
import llmload.model.Statistic;
import llmload.model.Target;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;

/** Builds run manifests and targets for tests. */
public final class ManifestFixture {
  private ManifestFixture() {}

  /** A run of a closed load. */
  public static RunManifest closed(Target... targets) {
    return manifest("closed", null, null, targets);
  }

  /** A run of a closed load with these settings. */
  public static RunManifest with(Map<String, String> settings) {
    RunManifest closed = closed();
    return new RunManifest(
        closed.runId(),
        closed.simulation(),
        closed.startedAt(),
        closed.endedAt(),
        closed.endedNanos(),
        closed.target(),
        closed.plan(),
        closed.targets(),
        closed.failOn(),
        closed.validityLimits(),
        settings,
        closed.environment(),
        closed.gatling(),
        closed.warnings());
  }

  /** The same of a server in that place, at a URL that does not tell. */
  public static RunManifest servedOn(ServerPlace place) {
    return manifest("closed", null, null, "http://gpu:8000", Map.of(ServerPlace.KEY, place.word()));
  }

  static RunManifest open(Target... targets) {
    return manifest("open", null, null, targets);
  }

  static RunManifest manifest(
      String model, @Nullable Instant endedAt, @Nullable Long endedNanos, Target... targets) {
    return manifest(model, endedAt, endedNanos, "http://127.0.0.1:8000", Map.of(), targets);
  }

  private static RunManifest manifest(
      String model,
      @Nullable Instant endedAt,
      @Nullable Long endedNanos,
      String baseUrl,
      Map<String, String> environment,
      Target... targets) {
    return new RunManifest(
        "run",
        "llmload.simulations.LoadSimulation",
        Instant.parse("2026-01-01T00:00:00Z"),
        endedAt,
        endedNanos,
        new TargetServer(baseUrl, "openai-chat", "m", null, null),
        new LoadPlan("chat", model, 1, null, null, null, null, true, 1L),
        List.of(targets),
        List.of(),
        Map.of(),
        Map.of(),
        environment,
        null,
        List.of());
  }

  static Target target(String scope, String metric, String statistic, Operator op, double value) {
    return new Target(
        "t", scope, metric, new Statistic(statistic), op, value, null, "ms", false, true, null);
  }
}
