package llmload.grading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmload.model.CoreMetric;
import llmload.model.Difference;
import llmload.model.Difference.Effect;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.RunMeasurements;
import llmload.model.RunSnapshot;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;

/** What two runs must have in common to be laid side by side, and in what they differ. */
public final class WorkloadConditions {
  private static final String NONE = "none";
  private static final String STREAM = "stream";
  private static final String ENGINE = "engine";

  /** Settings that change what is asked of the server. */
  private static final List<String> SETTINGS =
      List.of(
          "prompts",
          "conversations",
          "schemas",
          "trace",
          "inputTokens",
          "outputTokens",
          "maxTokens",
          "minTokens",
          "ignoreEos",
          "temperature",
          "extraBody",
          "nonce",
          "thinkTime",
          "rampUp",
          "warmUp");

  /** What a comparison is often made for, or what bears little on it. */
  private static final Set<String> NOTES =
      Set.of(
          "baseUrl",
          "serverVersion",
          "requests",
          "durationSeconds",
          "seed",
          "warmUp",
          "llmload",
          "java",
          "os",
          "processors");

  /** Token counts may differ by this share of the baseline's mean before they are other work. */
  private static final double LENGTH_PERCENT = 10;

  private WorkloadConditions() {}

  /** The conditions of a run by name; what was not set is {@code none}. */
  public static Map<String, String> of(
      String simulation,
      TargetServer target,
      LoadPlan plan,
      Map<String, String> settings,
      Map<String, String> environment) {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("simulation", simulation);
    put(conditions, ENGINE, target.engine());
    put(conditions, "dialect", target.dialect());
    put(conditions, "model", target.model());
    put(conditions, "kind", plan.kind());
    conditions.put(STREAM, Boolean.toString(plan.stream()));
    put(conditions, "load", plan.model());
    put(conditions, "users", plan.userCount());
    put(conditions, "requestsPerSecond", plan.requestsPerSecond());
    put(conditions, "arrival", plan.arrival());
    SETTINGS.forEach(key -> put(conditions, key, settings.get(key)));
    settings.forEach(
        (key, value) -> {
          if (key.startsWith("engine.")) {
            conditions.put(key, value);
          }
        });
    put(conditions, "promptsSha256", environment.get("promptsSha256"));
    put(conditions, "requests", plan.plannedCount());
    put(conditions, "durationSeconds", plan.durationSeconds());
    put(conditions, "seed", plan.seed());
    put(conditions, "baseUrl", target.engine() == null ? target.baseUrl() : NONE);
    put(conditions, "serverVersion", target.serverVersion());
    for (String part : List.of("llmload", "java", "os", "processors")) {
      put(conditions, part, environment.get(part));
    }
    return conditions;
  }

  private static void put(Map<String, String> conditions, String name, @Nullable Object value) {
    conditions.put(name, value == null ? NONE : String.valueOf(value));
  }

  /** In what the run differs from the baseline, as far as both say; the gravest first. */
  static List<Difference> differences(RunSnapshot baseline, RunSnapshot current) {
    List<Difference> differences = new ArrayList<>();
    if (baseline.simulated() != current.simulated()) {
      differences.add(
          new Difference(
              "server",
              baseline.simulated() ? "simulated" : "real",
              current.simulated() ? "simulated" : "real",
              Effect.NOTHING_COMPARABLE));
    }
    if (!baseline.conditions().isEmpty()) {
      current
          .conditions()
          .forEach(
              (name, is) -> {
                String was = baseline.conditions().getOrDefault(name, NONE);
                if (!was.equals(is)) {
                  differences.add(new Difference(name, was, is, effect(name)));
                }
              });
    }
    for (CoreMetric length : List.of(CoreMetric.INPUT_TOKENS, CoreMetric.OUTPUT_TOKENS)) {
      length(length, baseline, current, differences);
    }
    differences.sort((a, b) -> b.effect().compareTo(a.effect()));
    return differences;
  }

  private static Effect effect(String name) {
    return switch (name) {
      case ENGINE -> Effect.NOTHING_COMPARABLE;
      case STREAM -> Effect.OTHER_TIMES;
      default -> NOTES.contains(name) ? Effect.NOTE : Effect.WARNING;
    };
  }

  private static void length(
      CoreMetric metric, RunSnapshot baseline, RunSnapshot current, List<Difference> differences) {
    Double was = mean(baseline.metric(RunMeasurements.ALL, metric.id()));
    Double is = mean(current.metric(RunMeasurements.ALL, metric.id()));
    Change change = new Change(was, is);
    if (was != null
        && is != null
        && (change.isAbove(LENGTH_PERCENT) || change.isBelow(-LENGTH_PERCENT))) {
      differences.add(
          new Difference(
              metric.id() + " mean", NumberText.of(was), NumberText.of(is), Effect.WARNING));
    }
  }

  private static @Nullable Double mean(@Nullable MetricSummary summary) {
    return summary == null ? null : summary.mean();
  }
}
