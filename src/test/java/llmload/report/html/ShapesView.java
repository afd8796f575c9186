package llmload.report.html;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import llmload.model.DistributionShape;
import llmload.model.RunMeasurements;
import llmload.report.ForeignText;
import org.jspecify.annotations.Nullable;

/** The percentile curves and histograms of the headline latencies. */
final class ShapesView {
  /** The styles of curves, one a scope; beyond the last the first comes again. */
  private static final List<String> STYLES = List.of("a", "b", "c", "d", "e", "f");

  /** More curves can be chosen where scripts run. */
  private static final int MOST_DRAWN = STYLES.size();

  /** More than any count. */
  private static final long STREAMED_FIRST = 1L << 60;

  private static final Map<String, String> TITLES = titles();

  private final Map<String, Map<String, DistributionShape>> shapes;

  ShapesView(RunMeasurements run) {
    this.shapes = new LinkedHashMap<>();
    Map<String, DistributionShape> all = run.shapes().getOrDefault(RunMeasurements.ALL, Map.of());
    if (!all.isEmpty()) {
      shapes.put(RunMeasurements.ALL, all);
    }
    run.shapes().entrySet().stream()
        // The only request of a run says the same as all of them.
        .filter(scope -> !scope.getValue().equals(all))
        .sorted(Comparator.comparingLong(scope -> -weight(scope.getValue())))
        .limit(MetricsView.MOST_SCOPES)
        .forEach(scope -> shapes.putIfAbsent(scope.getKey(), scope.getValue()));
  }

  /** What is drawn first: what streams, then what was sent most often. */
  private static long weight(Map<String, DistributionShape> scope) {
    DistributionShape streamed = scope.get("ttft");
    DistributionShape whole = scope.get("e2e");
    long count = streamed != null ? streamed.count() : whole != null ? whole.count() : 0;
    return streamed != null ? STREAMED_FIRST + count : count;
  }

  /** The percentile curves of each headline latency, a curve a scope. */
  List<Chart> curves() {
    List<Chart> charts = new ArrayList<>();
    TITLES.forEach(
        (metric, title) -> {
          if (shapes.values().stream().anyMatch(scope -> scope.containsKey(metric))) {
            charts.add(curve(metric, title));
          }
        });
    return charts;
  }

  /** The histograms of one scope. */
  List<Chart> histograms(String scope) {
    List<Chart> charts = new ArrayList<>();
    Map<String, DistributionShape> of = shapes.getOrDefault(scope, Map.of());
    TITLES.forEach(
        (metric, title) -> {
          DistributionShape shape = of.get(metric);
          if (shape != null) {
            String svg = new HistogramChart(title, shape).svg();
            charts.add(new Chart(title, "samples by latency", "samples", List.of(), 0, false, svg));
          }
        });
    return charts;
  }

  /** The places of all curves' points on the lower axis, in nines. */
  String nines() {
    return Plotted.numbers(new ArrayList<@Nullable Double>(places()));
  }

  private SortedSet<Double> places() {
    SortedSet<Double> places = new TreeSet<>();
    shapes
        .values()
        .forEach(
            scope ->
                scope
                    .values()
                    .forEach(shape -> places.addAll(PercentileChart.points(shape).keySet())));
    return places;
  }

  private Chart curve(String metric, String title) {
    Map<String, DistributionShape> present = new LinkedHashMap<>();
    shapes.forEach(
        (scope, of) -> {
          DistributionShape shape = of.get(metric);
          if (shape != null) {
            present.put(scope, shape);
          }
        });
    // A scope has the same style in every chart.
    List<String> order = List.copyOf(shapes.keySet());
    Map<String, DistributionShape> drawn = new LinkedHashMap<>(present);
    drawn.keySet().retainAll(order.subList(0, Math.min(MOST_DRAWN, order.size())));
    PercentileChart chart = new PercentileChart(title, drawn.values());
    drawn.forEach((scope, shape) -> chart.add(shape, STYLES.get(order.indexOf(scope))));
    List<Plotted> lines = new ArrayList<>();
    present.forEach(
        (scope, shape) -> {
          String style = STYLES.get(order.indexOf(scope) % STYLES.size());
          Map<Double, Double> points = PercentileChart.points(shape);
          List<@Nullable Double> values = new ArrayList<>();
          places().forEach(place -> values.add(points.get(place)));
          lines.add(Plotted.of(ForeignText.name(scope), style, values));
        });
    return new Chart(title, "by percentile", "ms", lines, drawn.size(), false, chart.svg());
  }

  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put("ttft", "Time to first token");
    titles.put("itl", "Inter-token latency");
    titles.put("e2e", "End to end");
    return titles;
  }
}
