package llmload.run.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.grading.SnapshotIntervals;
import llmload.grading.Snapshots;
import llmload.grading.WorkloadConditions;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.RunSnapshot;
import llmload.model.SeriesPoint;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;

/**
 * A {@code report.json} as a baseline. It has not the averages of other suites, which take the
 * journal.
 */
final class ReportTree {
  private final JsonNode root;
  private final JsonFields fields;

  private ReportTree(JsonNode root, JsonFields fields) {
    this.root = root;
    this.fields = fields;
  }

  static RunSnapshot read(JsonNode root, Path file, String name) {
    JsonFields fields = new JsonFields(file);
    RunSnapshot run = new ReportTree(root, fields).snapshot(name);
    fields.throwIfAny();
    return run;
  }

  private RunSnapshot snapshot(String name) {
    Map<String, Map<String, MetricSummary>> metrics = fields.metrics(root.path("metrics"));
    TargetServer target = target();
    return new RunSnapshot(
        name,
        RunSnapshot.LLMLOAD,
        text("/runId"),
        fields.instant(root.path("startedAt"), "startedAt"),
        null,
        null,
        Snapshots.isSimulated(target),
        fields.validity(root.at("/verdict/validity"), "verdict.validity"),
        fields.count(root.at("/counts/ok"), "counts.ok"),
        WorkloadConditions.of(
            orEmpty(text("/simulation")),
            target,
            plan(),
            fields.texts(root.path("settings")),
            fields.texts(root.path("environment"))),
        SnapshotIntervals.of(metrics, series()),
        Snapshots.suiteNumbers(metrics, Map.of()));
  }

  private TargetServer target() {
    return new TargetServer(
        orEmpty(text("/target/baseUrl")),
        orEmpty(text("/target/dialect")),
        text("/target/model"),
        text("/target/engine"),
        text("/target/serverVersion"));
  }

  private LoadPlan plan() {
    Long users = count("/load/planned/users");
    return new LoadPlan(
        orEmpty(text("/load/planned/kind")),
        orEmpty(text("/load/planned/model")),
        users == null ? null : (int) Math.min(users, Integer.MAX_VALUE),
        number("/load/planned/requestsPerSecond"),
        text("/load/planned/arrival"),
        count("/load/planned/requests"),
        number("/load/planned/durationSeconds"),
        root.at("/load/planned/stream").asBoolean(),
        seed());
  }

  private @Nullable Long seed() {
    JsonNode seed = root.at("/load/planned/seed");
    return seed.isIntegralNumber() ? seed.asLong() : null;
  }

  /** Only what the intervals of throughput need. */
  private List<SeriesPoint> series() {
    List<SeriesPoint> points = new ArrayList<>();
    for (JsonNode point : root.path("series")) {
      points.add(
          new SeriesPoint(
              point.path("startSeconds").asDouble(),
              point.path("widthSeconds").asDouble(),
              0,
              point.path("ok").asLong(),
              0,
              0,
              point.path("outputTokens").asLong(),
              null,
              null,
              null,
              null,
              null,
              null));
    }
    return points;
  }

  private @Nullable String text(String pointer) {
    return fields.text(root.at(pointer), dotted(pointer));
  }

  private @Nullable Double number(String pointer) {
    return fields.number(root.at(pointer), dotted(pointer));
  }

  private @Nullable Long count(String pointer) {
    return fields.count(root.at(pointer), dotted(pointer));
  }

  private static String dotted(String pointer) {
    return pointer.substring(1).replace('/', '.');
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
