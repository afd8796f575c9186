package llmload.report.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import llmload.model.SeriesPoint;
import llmload.model.TelemetrySeries;
import llmload.report.Figures;
import org.jspecify.annotations.Nullable;

/** The charts over the run's time, and the numbers behind them. */
final class ChartsView {
  private final List<SeriesPoint> series;
  private final List<TelemetrySeries> telemetry;

  /** One interval of the numbers behind the charts. */
  record Row(
      String start,
      String started,
      String ok,
      String failed,
      String active,
      String tokensPerSecond,
      String ttftP50,
      String ttftP99,
      String itlP50,
      String itlP99,
      String e2eP50,
      String e2eP99,
      List<String> watched) {}

  ChartsView(List<SeriesPoint> series, List<TelemetrySeries> telemetry) {
    this.series = series;
    this.telemetry = telemetry;
  }

  List<Chart> charts() {
    if (series.isEmpty()) {
      return List.of();
    }
    List<Chart> charts = new ArrayList<>();
    charts.add(
        chart(
            "Time to first token",
            "of the OK requests sent in each interval",
            "ms",
            line("p50", "a", SeriesPoint::ttftP50Millis),
            line("p99", "b", SeriesPoint::ttftP99Millis)));
    charts.add(
        chart(
            "Inter-token latency",
            "of the tokens that arrived in each interval",
            "ms",
            line("p50", "a", SeriesPoint::itlP50Millis),
            line("p99", "b", SeriesPoint::itlP99Millis)));
    charts.add(
        chart(
            "End to end",
            "of the OK requests sent in each interval",
            "ms",
            line("p50", "a", SeriesPoint::e2eP50Millis),
            line("p99", "b", SeriesPoint::e2eP99Millis)));
    charts.add(
        chart(
            "Output tokens per second",
            "of all OK requests together",
            "tok/s",
            line("output tokens", "a", ChartsView::tokensPerSecond)));
    List<Line> requests = new ArrayList<>();
    requests.add(line("sent", "c", point -> perSecond(point, point.startedCount())));
    requests.add(line("OK", "a", point -> perSecond(point, point.okCount())));
    if (anyFailed()) {
      requests.add(line("failed", "failed", point -> perSecond(point, point.failedCount())));
    }
    charts.add(
        chart(
            "Requests per second",
            "sent and ended in each interval",
            "req/s",
            requests.toArray(Line[]::new)));
    charts.add(
        chart(
            "Active requests",
            "in flight at each interval's end",
            "requests",
            line("active", "area", point -> (double) point.activeCount())));
    watched().forEach((title, of) -> charts.add(watched(title, of)));
    return charts;
  }

  /** What was watched beside the requests, by chart. */
  private Map<String, List<TelemetrySeries>> watched() {
    Map<String, List<TelemetrySeries>> byChart = new LinkedHashMap<>();
    beside()
        .forEach(
            numbers ->
                byChart.computeIfAbsent(numbers.title(), title -> new ArrayList<>()).add(numbers));
    return byChart;
  }

  private Chart watched(String title, List<TelemetrySeries> of) {
    List<Line> lines = new ArrayList<>();
    for (TelemetrySeries numbers : of) {
      lines.add(new Line(numbers.label(), lines.isEmpty() ? "a" : "b", numbers.values()));
    }
    return chart(title, "mean over each interval", of.get(0).unit(), lines.toArray(Line[]::new));
  }

  boolean anyFailed() {
    return series.stream().anyMatch(point -> point.failedCount() > 0);
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      int interval = i;
      rows.add(
          row(
              series.get(i),
              beside().map(numbers -> Figures.of(numbers.values().get(interval))).toList()));
    }
    return rows;
  }

  /** The heads of what stands in {@link Row#watched}. */
  List<String> watchedHeads() {
    return beside().map(numbers -> numbers.id() + " (" + numbers.unit() + ")").toList();
  }

  /** The telemetry of these intervals. */
  private Stream<TelemetrySeries> beside() {
    return telemetry.stream().filter(numbers -> numbers.values().size() == series.size());
  }

  /** The unit of {@link #times()}. */
  String timeUnit() {
    return LineChart.TimeUnit.of(series).name();
  }

  /** The middle of each interval, for the page's script. */
  String times() {
    return times(series);
  }

  /** The same of the intervals in which requests failed. */
  String failedTimes() {
    return times(series.stream().filter(point -> point.failedCount() > 0).toList());
  }

  private String times(List<SeriesPoint> points) {
    double unitSeconds = LineChart.TimeUnit.of(series).seconds();
    List<@Nullable Double> times = new ArrayList<>();
    points.forEach(point -> times.add(LineChart.middleSeconds(point) / unitSeconds));
    return Plotted.numbers(times);
  }

  private Chart chart(String title, String note, String unit, Line... lines) {
    List<Line> all = List.of(lines);
    boolean any = all.stream().anyMatch(line -> line.values().stream().anyMatch(v -> v != null));
    String svg = any ? new LineChart(title, unit, all, series).svg() : "";
    List<Plotted> plotted =
        all.stream().map(line -> Plotted.of(line.label(), line.style(), line.values())).toList();
    return new Chart(title, note, unit, plotted, plotted.size(), anyFailed(), svg);
  }

  private Line line(String label, String style, Function<SeriesPoint, @Nullable Double> value) {
    List<@Nullable Double> values = new ArrayList<>();
    series.forEach(point -> values.add(value.apply(point)));
    return new Line(label, style, values);
  }

  private static @Nullable Double tokensPerSecond(SeriesPoint point) {
    return perSecond(point, point.outputTokenCount());
  }

  private static @Nullable Double perSecond(SeriesPoint point, long count) {
    return point.widthSeconds() > 0 ? count / point.widthSeconds() : null;
  }

  private static Row row(SeriesPoint point, List<String> watched) {
    return new Row(
        Figures.of(point.startSeconds()),
        Figures.count(point.startedCount()),
        Figures.count(point.okCount()),
        Figures.count(point.failedCount()),
        Figures.count(point.activeCount()),
        Figures.of(tokensPerSecond(point)),
        Figures.of(point.ttftP50Millis()),
        Figures.of(point.ttftP99Millis()),
        Figures.of(point.itlP50Millis()),
        Figures.of(point.itlP99Millis()),
        Figures.of(point.e2eP50Millis()),
        Figures.of(point.e2eP99Millis()),
        watched);
  }
}
