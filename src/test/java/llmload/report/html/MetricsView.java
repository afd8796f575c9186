package llmload.report.html;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmload.model.CoreMetric;
import llmload.model.Interval;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.ResourceMetric;
import llmload.model.RunMeasurements;
import llmload.report.Figures;
import llmload.report.ForeignText;
import llmload.report.MetricOrder;
import org.jspecify.annotations.Nullable;

/** The metrics of each scope, as text. */
final class MetricsView {
  /** Beyond these {@code report.json} is read. */
  static final int MOST_SCOPES = 40;

  /** Of the scopes beside all of them; a histogram takes a few kilobytes. */
  private static final int MOST_HISTOGRAMS = 5;

  private static final List<String> PERCENTILES = List.of("p50", "p90", "p95", "p99", "p99.9");

  private final RunMeasurements run;
  private final ShapesView shapes;
  private final Map<String, Map<String, MetricSummary>> ordered;

  /** A number to see at first glance. */
  record Tile(String label, String value, String unit, String note) {}

  /** A number that may deserve doubt, with its confidence interval. */
  record Cell(String text, boolean doubtful, String interval) {}

  /** One distribution. */
  record Row(
      List<String> metric,
      String unit,
      String count,
      String mean,
      String min,
      List<Cell> percentiles,
      String max,
      String spread) {}

  /** One metric that is a single number. */
  record Value(String metric, String value, String unit, String count) {}

  /** Everything about one scope. */
  record Scope(
      String name,
      boolean open,
      List<Row> rows,
      List<Value> values,
      List<PageView.Entry> absent,
      String scale,
      List<Chart> histograms) {}

  /** A core metric's formula and whose number it equals. */
  record Formula(String metric, String unit, String formula, String equalTo) {}

  MetricsView(RunMeasurements run, ShapesView shapes) {
    this.run = run;
    this.shapes = shapes;
    this.ordered = MetricOrder.of(run);
  }

  List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    tiles.add(latency("TTFT p50", "ttft"));
    tiles.add(latency("ITL p50", "itl"));
    tiles.add(latency("end to end p50", "e2e"));
    tiles.add(single("output tokens", CoreMetric.OUTPUT_TOKENS_PER_SECOND.id()));
    tiles.add(single("requests", CoreMetric.REQUESTS_PER_SECOND.id()));
    MetricSummary errors = all(CoreMetric.ERROR_RATE.id());
    Double ratio = errors == null ? null : errors.value();
    tiles.add(
        new Tile(
            "error rate",
            ratio == null ? Figures.ABSENT : Figures.of(ratio * 100),
            ratio == null ? "" : "%",
            Figures.count(run.counts().failedCount()) + " failed"));
    return tiles;
  }

  private Tile latency(String label, String id) {
    MetricSummary summary = all(id);
    Double p50 = summary == null ? null : summary.percentiles().get("p50");
    Double p99 = summary == null ? null : summary.percentiles().get("p99");
    if (summary == null || p50 == null) {
      return new Tile(label, Figures.ABSENT, "", "not measured");
    }
    return new Tile(label, Figures.of(p50), summary.unit(), "p99 " + Figures.of(p99));
  }

  private Tile single(String label, String id) {
    MetricSummary summary = all(id);
    Double value = summary == null ? null : summary.value();
    return summary == null || value == null
        ? new Tile(label, Figures.ABSENT, "", "not measured")
        : new Tile(
            label, Figures.of(value), summary.unit(), Figures.count(summary.count()) + " requests");
  }

  private @Nullable MetricSummary all(String id) {
    return run.metrics().getOrDefault(RunMeasurements.ALL, Map.of()).get(id);
  }

  List<Scope> scopes() {
    List<Scope> scopes = new ArrayList<>();
    ordered.entrySet().stream()
        .limit(MOST_SCOPES)
        .forEach(
            entry -> {
              // Those of all requests stand in a section of their own.
              boolean drawn = !scopes.isEmpty() && scopes.size() <= MOST_HISTOGRAMS;
              List<Chart> histograms = drawn ? shapes.histograms(entry.getKey()) : List.of();
              scopes.add(scope(entry.getKey(), entry.getValue(), histograms));
            });
    return scopes;
  }

  int scopesLeftOut() {
    return Math.max(0, ordered.size() - MOST_SCOPES);
  }

  /** The formulas of the core metrics that the page shows. */
  List<Formula> formulas() {
    Set<String> shown = new LinkedHashSet<>();
    ordered.values().forEach(metrics -> shown.addAll(metrics.keySet()));
    return Metric.all().stream()
        .map(m -> new Formula(m.id(), m.unit(), m.formula(), m.equalTo()))
        .filter(formula -> shown.contains(formula.metric()))
        .toList();
  }

  private static Scope scope(
      String name, Map<String, MetricSummary> metrics, List<Chart> histograms) {
    List<Row> rows = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    List<PageView.Entry> absent = new ArrayList<>();
    Strips.LogScale scale = Strips.LogScale.of(metrics.values());
    metrics.forEach(
        (id, summary) -> {
          String shown = ForeignText.name(id);
          if (name.equals(RunMeasurements.ALL)
              && Metric.of(id).filter(ResourceMetric.class::isInstance).isPresent()) {
            // These stand in the section of telemetry.
            return;
          }
          if (summary.notMeasured() != null) {
            absent.add(new PageView.Entry(shown, ForeignText.message(summary.notMeasured())));
          } else if (summary.value() != null) {
            values.add(value(shown, summary));
          } else {
            rows.add(row(shown, summary, scale));
          }
        });
    return new Scope(
        ForeignText.name(name),
        name.equals(RunMeasurements.ALL),
        rows,
        values,
        absent,
        end(scale.low()) + " to " + end(scale.high()) + " ms, logarithmic",
        histograms);
  }

  private static String end(double log10) {
    return Figures.exact(Math.pow(10, log10));
  }

  private static Value value(String id, MetricSummary summary) {
    return new Value(
        id,
        Figures.of(summary.value()),
        ForeignText.name(summary.unit()),
        Figures.count(summary.count()));
  }

  private static Row row(String id, MetricSummary summary, Strips.LogScale scale) {
    return new Row(
        parts(id),
        ForeignText.name(summary.unit()),
        Figures.count(summary.count()),
        Figures.of(summary.mean()),
        Figures.of(summary.min()),
        PERCENTILES.stream().map(name -> cell(name, summary)).toList(),
        Figures.of(summary.max()),
        Strips.spread(summary, scale));
  }

  /** A name cut where a line may break: after each underscore. */
  private static List<String> parts(String name) {
    return List.of(name.split("(?<=_)", -1));
  }

  private static Cell cell(String percentile, MetricSummary summary) {
    Double value = summary.percentiles().get(percentile);
    Interval interval = summary.ci95().get(percentile);
    return new Cell(
        Figures.of(value),
        value != null && Figures.isDoubtful(percentile, summary.count()),
        interval == null ? "" : Figures.of(interval.low()) + " to " + Figures.of(interval.high()));
  }
}
