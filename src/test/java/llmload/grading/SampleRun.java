package llmload.grading;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.model.GatlingCount;
import llmload.model.InjectorHealth;
import llmload.model.JournalFooter;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.Operator;
import llmload.model.Outcome;
import llmload.model.RunCounts;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.Statistic;
import llmload.model.Target;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;

/** A run of 100 good requests named chat, to be spoiled one thing at a time. */
final class SampleRun {
  long ok = 100;
  long failed;
  long incomplete;
  long rows = 100;
  long torn;
  long lost;
  double durationSeconds = 10;
  @Nullable Double sendLagP99Millis = 1.0;
  @Nullable Double eventLoopLagMillis = 5.0;
  @Nullable Double gcPauseMillis = 8.0;
  @Nullable Double achievedRatio;
  @Nullable Double clockDriftMillis = 2.0;
  @Nullable JournalFooter footer = new JournalFooter(100, 100, 100, 0, 0, 0, 0, null);
  @Nullable Map<String, GatlingCount> gatling = Map.of("chat", new GatlingCount(100, 0));
  Map<String, GatlingCount> journal = Map.of("chat", new GatlingCount(100, 0));
  Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
  List<Target> targets = List.of();
  List<String> failOn = FailOn.DEFAULT;
  Map<String, Double> limits = ValidityLimits.defaults();

  SampleRun() {
    metrics.put("all", Map.of("ttft", ttft(100)));
    metrics.put("chat", Map.of("ttft", ttft(100)));
  }

  static MetricSummary ttft(long count) {
    return new MetricSummary(
        "ms",
        count,
        null,
        10.0,
        50.0,
        4.0,
        Map.of("p50", 40.0, "p99", 90.0),
        120.0,
        Map.of(),
        null);
  }

  /** A graded target on the scope all that is met or missed by {@code op} and {@code value}. */
  static Target target(String statistic, Operator op, double value) {
    return target(statistic, op, value, false);
  }

  static Target target(String statistic, Operator op, double value, boolean required) {
    return new Target(
        "all.ttft." + statistic,
        "all",
        "ttft",
        new Statistic(statistic),
        op,
        value,
        null,
        "ms",
        required,
        true,
        null);
  }

  /** The same target, asked of another scope and metric. */
  static Target of(String scope, String metric, Target like) {
    return new Target(
        scope + metric,
        scope,
        metric,
        like.statistic(),
        like.op(),
        like.value(),
        like.upper(),
        like.unit(),
        like.required(),
        like.graded(),
        like.source());
  }

  /** {@code targets} of which the first {@code met} are met. */
  SampleRun withTargets(int met, int missed) {
    Target good = target("p50", Operator.LESS, 50);
    Target bad = target("p50", Operator.LESS, 30);
    targets =
        Stream.concat(
                Stream.generate(() -> good).limit(met), Stream.generate(() -> bad).limit(missed))
            .toList();
    return this;
  }

  SampleRun interruptedBy(String signal) {
    footer = new JournalFooter(100, 100, 100, 0, 0, 0, 0, signal);
    return this;
  }

  RunMeasurements measurements() {
    InjectorHealth health =
        new InjectorHealth(
            0.2,
            sendLagP99Millis,
            sendLagP99Millis,
            0.0,
            eventLoopLagMillis,
            gcPauseMillis,
            gcPauseMillis,
            0.4,
            1e8,
            achievedRatio,
            clockDriftMillis,
            rows,
            torn,
            lost);
    RunCounts counts =
        new RunCounts(
            100L, ok + failed + incomplete, ok, failed, incomplete, 0L, 3, Map.of(Outcome.OK, ok));
    return new RunMeasurements(
        durationSeconds,
        counts,
        Map.of("chat", counts),
        metrics,
        Map.of(),
        MetricSummary.absent("ms", "no stream failed after its first token"),
        health,
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        journal,
        footer);
  }

  RunManifest manifest() {
    return new RunManifest(
        "load-1",
        "llmload.simulations.LoadSimulation",
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(10),
        10_000_000_000L,
        new TargetServer("http://127.0.0.1:8000", "openai-chat", "m", null, null),
        new LoadPlan("chat", "closed", 4, null, null, 100L, null, true, 1L),
        targets,
        failOn,
        limits,
        Map.of(),
        Map.of(),
        gatling,
        List.of());
  }

  GradedRun grade() {
    return Grading.grade(manifest(), measurements());
  }
}
