package llmload.report.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.DistributionShape;
import llmload.model.ErrorExample;
import llmload.model.GatlingCount;
import llmload.model.InjectorHealth;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.RunCounts;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.SeriesPoint;
import llmload.model.Target;
import llmload.model.TargetServer;
import llmload.model.TargetVerdict;
import llmload.model.Verdict;
import llmload.report.MetricOrder;
import org.jspecify.annotations.Nullable;

/** The tree of {@code report.json}. */
final class JsonReport {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** The percentiles that every metric has a field for, {@code null} where there is none. */
  private static final List<String> PERCENTILES = List.of("p50", "p90", "p95", "p99", "p99.9");

  /** Jackson refuses 50,000 by default; no honest name comes near. */
  private static final int MOST_KEY_CHARACTERS = 1_000;

  private static final List<String> INTERVALS = List.of("p50", "p95", "p99");

  private final RunReport report;
  private final RunManifest manifest;
  private final RunMeasurements run;

  JsonReport(RunReport report) {
    this.report = report;
    this.manifest = report.manifest();
    this.run = report.measurements();
  }

  ObjectNode tree() {
    ObjectNode root = NODES.objectNode();
    root.put("schemaVersion", RunReport.SCHEMA_VERSION);
    root.put("runId", manifest.runId());
    root.put("simulation", manifest.simulation());
    root.put("startedAt", manifest.startedAt().toString());
    root.put("endedAt", manifest.endedAt() == null ? null : manifest.endedAt().toString());
    number(root, "durationSeconds", run.durationSeconds());
    root.set("verdict", verdict());
    root.set("target", target());
    root.set("load", load());
    root.set("counts", counts(run.counts()));
    ObjectNode byRequest = root.putObject("countsByRequest");
    run.countsByRequest().forEach((name, counts) -> byRequest.set(key(name), counts(counts)));
    root.set("metrics", metrics());
    root.set("distributions", distributions());
    root.set("failedStreamTtft", metric(run.failedStreamTtft()));
    ArrayNode targets = root.putArray("targets");
    report.targets().forEach(verdict -> targets.add(targetVerdict(verdict)));
    root.set("suite", SuiteNode.of(report.suite()));
    root.set("injector", injector());
    root.set("telemetry", TelemetryNode.of(run.telemetry()));
    BaselineComparison comparison = report.comparison();
    root.set("baseline", comparison == null ? null : JsonComparison.baseline(comparison));
    ArrayNode comparisons = root.putArray("comparisons");
    if (comparison != null) {
      comparison.rows().forEach(row -> comparisons.add(JsonComparison.row(row)));
    }
    ArrayNode series = root.putArray("series");
    run.series().forEach(point -> series.add(point(point)));
    ArrayNode errors = root.putArray("errors");
    run.errors().forEach(error -> errors.add(error(error)));
    ObjectNode flags = root.putObject("flags");
    run.flags().forEach((flag, count) -> flags.put(flag.id(), count));
    ObjectNode sources = root.putObject("tokenSources");
    run.tokenSources().forEach((source, count) -> sources.put(source.id(), count));
    root.set("gatling", gatling(manifest.gatling()));
    root.set("warnings", texts(manifest.warnings()));
    root.set("settings", textMap(manifest.settings()));
    root.set("definitions", textMap(report.definitions()));
    root.set("environment", textMap(manifest.environment()));
    return root;
  }

  private ObjectNode verdict() {
    Verdict verdict = report.verdict();
    ObjectNode node = NODES.objectNode();
    node.put("validity", verdict.validity().name());
    node.set("validityReasons", texts(verdict.validityReasons()));
    node.put("grade", verdict.grade().name());
    node.put("targetsMet", verdict.targetsMet());
    node.put("targetsTotal", verdict.targetsTotal());
    node.put("regression", verdict.regression().name());
    node.put("exitCode", verdict.exitCode());
    node.set("failures", texts(verdict.failures()));
    return node;
  }

  private ObjectNode target() {
    TargetServer target = manifest.target();
    ObjectNode node = NODES.objectNode();
    node.put("baseUrl", target.baseUrl());
    node.put("dialect", target.dialect());
    node.put("model", target.model());
    node.put("engine", target.engine());
    node.put("serverVersion", target.serverVersion());
    return node;
  }

  private ObjectNode load() {
    LoadPlan plan = manifest.plan();
    ObjectNode node = NODES.objectNode();
    ObjectNode planned = node.putObject("planned");
    planned.put("kind", plan.kind());
    planned.put("model", plan.model());
    planned.put("users", plan.userCount());
    number(planned, "requestsPerSecond", plan.requestsPerSecond());
    planned.put("arrival", plan.arrival());
    planned.put("requests", plan.plannedCount());
    number(planned, "durationSeconds", plan.durationSeconds());
    planned.put("stream", plan.stream());
    planned.put("seed", plan.seed());
    double seconds = run.durationSeconds();
    ObjectNode achieved = node.putObject("achieved");
    achieved.put("requests", run.counts().startedCount());
    number(achieved, "durationSeconds", seconds);
    number(
        achieved,
        "requestsPerSecond",
        seconds > 0 ? Double.valueOf(run.counts().startedCount() / seconds) : null);
    number(achieved, "ratio", run.injector().achievedRatio());
    return node;
  }

  private static ObjectNode counts(RunCounts counts) {
    ObjectNode node = NODES.objectNode();
    node.put("planned", counts.plannedCount());
    node.put("started", counts.startedCount());
    node.put("ok", counts.okCount());
    node.put("failed", counts.failedCount());
    node.put("incomplete", counts.incompleteCount());
    node.put("dropped", counts.droppedCount());
    node.put("warmup", counts.warmupCount());
    ObjectNode byClass = node.putObject("byClass");
    counts.byClass().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> byClass.put(entry.getKey().name(), entry.getValue()));
    return node;
  }

  private ObjectNode metrics() {
    ObjectNode node = NODES.objectNode();
    MetricOrder.of(run)
        .forEach(
            (scope, metrics) -> {
              ObjectNode of = node.putObject(key(scope));
              metrics.forEach((id, summary) -> of.set(key(id), metric(summary)));
            });
    return node;
  }

  private ObjectNode distributions() {
    ObjectNode node = NODES.objectNode();
    run.shapes()
        .forEach(
            (scope, shapes) -> {
              ObjectNode of = node.putObject(key(scope));
              shapes.forEach((id, shape) -> of.set(key(id), distribution(shape)));
            });
    return node;
  }

  private static ObjectNode distribution(DistributionShape shape) {
    ObjectNode node = NODES.objectNode();
    node.put("unit", shape.unit());
    node.put("count", shape.count());
    ArrayNode quantiles = node.putArray("quantiles");
    shape
        .quantiles()
        .forEach(
            (percent, value) -> quantiles.addArray().add(decimal(percent)).add(decimal(value)));
    ArrayNode edges = node.putArray("binEdges");
    shape.binEdges().forEach(edge -> edges.add(decimal(edge)));
    ArrayNode counts = node.putArray("binCounts");
    shape.binCounts().forEach(counts::add);
    return node;
  }

  private static ObjectNode metric(MetricSummary summary) {
    ObjectNode node = NODES.objectNode();
    node.put("unit", summary.unit());
    node.put("count", summary.count());
    number(node, "value", summary.value());
    number(node, "min", summary.min());
    number(node, "mean", summary.mean());
    number(node, "std", summary.std());
    PERCENTILES.forEach(name -> number(node, field(name), summary.percentiles().get(name)));
    summary
        .percentiles()
        .forEach(
            (name, value) -> {
              if (!PERCENTILES.contains(name)) {
                number(node, field(name), value);
              }
            });
    number(node, "max", summary.max());
    ObjectNode intervals = node.putObject("ci95");
    for (String name : INTERVALS) {
      var interval = summary.ci95().get(name);
      if (interval == null) {
        intervals.putNull(name);
      } else {
        ArrayNode bounds = intervals.putArray(name);
        bounds.add(decimal(interval.low()));
        bounds.add(decimal(interval.high()));
      }
    }
    node.put("notMeasured", summary.notMeasured());
    return node;
  }

  /** {@code p99_9} for {@code p99.9}: a field that every language can name. */
  private static String field(String percentile) {
    return percentile.replace('.', '_');
  }

  private static ObjectNode targetVerdict(TargetVerdict verdict) {
    Target target = verdict.target();
    ObjectNode node = NODES.objectNode();
    node.put("id", target.id());
    node.put("scope", target.scope());
    node.put("metric", target.metric());
    node.put("statistic", target.statistic().name());
    node.put("op", target.op().symbol());
    number(node, "value", target.value());
    number(node, "upper", target.upper());
    node.put("unit", target.unit());
    node.put("required", target.required());
    node.put("graded", target.graded());
    node.put("source", target.source());
    number(node, "measured", verdict.measured());
    node.put("count", verdict.sampleCount());
    node.put("verdict", verdict.result().name());
    number(node, "margin", verdict.marginRatio());
    node.put("reason", verdict.reason());
    return node;
  }

  private ObjectNode injector() {
    InjectorHealth health = run.injector();
    ObjectNode node = NODES.objectNode();
    number(node, "sendLagP50Millis", health.sendLagP50Millis());
    number(node, "sendLagP99Millis", health.sendLagP99Millis());
    number(node, "sendLagMaxMillis", health.sendLagMaxMillis());
    number(node, "lateRatio", health.lateRatio());
    number(node, "eventLoopLagMaxMillis", health.eventLoopLagMaxMillis());
    number(node, "gcPauseMaxMillis", health.gcPauseMaxMillis());
    number(node, "gcPauseTotalMillis", health.gcPauseTotalMillis());
    number(node, "cpuCores", health.cpuCores());
    number(node, "heapUsedMaxBytes", health.heapUsedMaxBytes());
    number(node, "achievedRatio", health.achievedRatio());
    number(node, "clockDriftMillis", health.clockDriftMillis());
    node.put("journalRowCount", health.journalRowCount());
    node.put("journalTornCount", health.journalTornCount());
    node.put("lostRecordCount", health.lostRecordCount());
    ObjectNode limits = node.putObject("limits");
    manifest.validityLimits().forEach((name, limit) -> number(limits, key(name), limit));
    return node;
  }

  private static ObjectNode point(SeriesPoint point) {
    ObjectNode node = NODES.objectNode();
    number(node, "startSeconds", point.startSeconds());
    number(node, "widthSeconds", point.widthSeconds());
    node.put("started", point.startedCount());
    node.put("ok", point.okCount());
    node.put("failed", point.failedCount());
    node.put("active", point.activeCount());
    node.put("outputTokens", point.outputTokenCount());
    number(node, "ttftP50Millis", point.ttftP50Millis());
    number(node, "ttftP99Millis", point.ttftP99Millis());
    number(node, "itlP50Millis", point.itlP50Millis());
    number(node, "itlP99Millis", point.itlP99Millis());
    number(node, "e2eP50Millis", point.e2eP50Millis());
    number(node, "e2eP99Millis", point.e2eP99Millis());
    return node;
  }

  private static ObjectNode error(ErrorExample error) {
    ObjectNode node = NODES.objectNode();
    node.put("request", error.request());
    node.put("outcome", error.outcome().name());
    node.put("status", error.status());
    node.put("message", error.message());
    node.put("count", error.count());
    return node;
  }

  private static @Nullable ObjectNode gatling(@Nullable Map<String, GatlingCount> counts) {
    if (counts == null) {
      return null;
    }
    ObjectNode node = NODES.objectNode();
    counts.forEach(
        (name, count) ->
            node.putObject(key(name)).put("ok", count.okCount()).put("ko", count.koCount()));
    return node;
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode node = NODES.arrayNode();
    texts.forEach(node::add);
    return node;
  }

  private static ObjectNode textMap(Map<String, String> texts) {
    ObjectNode node = NODES.objectNode();
    texts.forEach((name, text) -> node.put(key(name), text));
    return node;
  }

  /** A field's name, cut where parsers would refuse it. */
  static String key(String name) {
    return name.length() <= MOST_KEY_CHARACTERS
        ? name
        : name.substring(0, MOST_KEY_CHARACTERS) + "... (" + name.length() + " characters)";
  }

  private static void number(ObjectNode node, String field, @Nullable Double value) {
    if (value == null || !Double.isFinite(value)) {
      node.putNull(field);
    } else {
      node.put(field, decimal(value));
    }
  }

  /** Without an exponent and without the {@code .0} of a whole number, as the writer is set. */
  private static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros();
  }
}
