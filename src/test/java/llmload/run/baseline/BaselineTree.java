package llmload.run.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import llmload.model.MetricSummary;
import llmload.model.RunSnapshot;
import org.jspecify.annotations.Nullable;

/** The JSON of llmload's own baselines; docs/baselines.md shows it. */
final class BaselineTree {
  /** The field that tells the form. */
  static final String VERSION_KEY = "baselineVersion";

  private static final int VERSION = 1;

  private BaselineTree() {}

  static ObjectNode of(RunSnapshot run) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put(VERSION_KEY, VERSION);
    root.put("name", run.name());
    root.put("format", run.format());
    put(root, "runId", run.runId());
    put(root, "startedAt", run.startedAt());
    root.put("simulated", run.simulated());
    put(root, "validity", run.validity());
    ObjectNode metadata = root.putObject("metadata");
    put(metadata, "baseline_updated_at", run.updatedAt());
    put(metadata, "git_commit", run.gitCommit());
    if (run.okCount() != null) {
      root.putObject("counts").put("ok", run.okCount());
    }
    ObjectNode conditions = root.putObject("conditions");
    run.conditions().forEach(conditions::put);
    ObjectNode suites = root.putObject("suiteNumbers");
    run.suiteNumbers().forEach(suites::put);
    ObjectNode metrics = root.putObject("metrics");
    run.metrics()
        .forEach(
            (scope, summaries) -> {
              ObjectNode of = metrics.putObject(scope);
              summaries.forEach((id, summary) -> of.set(id, metric(summary)));
            });
    return root;
  }

  private static ObjectNode metric(MetricSummary summary) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("unit", summary.unit());
    node.put("count", summary.count());
    put(node, "value", summary.value());
    put(node, "min", summary.min());
    put(node, "mean", summary.mean());
    put(node, "std", summary.std());
    summary.percentiles().forEach((name, value) -> put(node, name.replace('.', '_'), value));
    put(node, "max", summary.max());
    if (!summary.ci95().isEmpty()) {
      ObjectNode intervals = node.putObject("ci95");
      summary
          .ci95()
          .forEach(
              (name, interval) -> {
                ArrayNode bounds = intervals.putArray(name.replace('.', '_'));
                bounds.add(interval.low());
                bounds.add(interval.high());
              });
    }
    put(node, "notMeasured", summary.notMeasured());
    return node;
  }

  /** What is absent is left out, and what is no number too: JSON knows none. */
  private static void put(ObjectNode node, String field, @Nullable Object value) {
    if (value instanceof Double number) {
      if (Double.isFinite(number)) {
        node.put(field, number);
      }
    } else if (value != null) {
      node.put(field, value.toString());
    }
  }

  /**
   * Reads what {@link #of} made.
   *
   * @param name what to call it where the file does not say
   * @throws llmload.config.ConfigException with every problem of the file
   */
  static RunSnapshot read(JsonNode root, Path file, String name) {
    JsonFields fields = new JsonFields(file);
    JsonNode version = root.path(VERSION_KEY);
    if (!version.isInt() || version.asInt() != VERSION) {
      fields.problem(VERSION_KEY, "the version " + VERSION, version);
      fields.throwIfAny();
    }
    if (!root.path("metrics").isObject()) {
      fields.problem("metrics", "an object", root.path("metrics"));
    }
    String stored = fields.text(root.path("name"), "name");
    String format = fields.text(root.path("format"), "format");
    boolean inRun = String.valueOf(file.getFileName()).equals(BaselineFile.IN_RUN);
    RunSnapshot run =
        new RunSnapshot(
            inRun && stored != null ? stored : name,
            format == null ? RunSnapshot.LLMLOAD : format,
            fields.text(root.path("runId"), "runId"),
            fields.instant(root.path("startedAt"), "startedAt"),
            fields.instant(
                root.at("/metadata/baseline_updated_at"), "metadata.baseline_updated_at"),
            fields.text(root.at("/metadata/git_commit"), "metadata.git_commit"),
            root.path("simulated").asBoolean(false),
            fields.validity(root.path("validity"), "validity"),
            fields.count(root.at("/counts/ok"), "counts.ok"),
            fields.texts(root.path("conditions")),
            fields.metrics(root.path("metrics")),
            fields.numbers(root.path("suiteNumbers"), "suiteNumbers"));
    fields.throwIfAny();
    return run;
  }
}
