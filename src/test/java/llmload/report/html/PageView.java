package llmload.report.html;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import llmload.model.ErrorExample;
import llmload.model.LoadPlan;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.Target;
import llmload.model.TargetServer;
import llmload.model.TargetVerdict;
import llmload.model.Verdict;
import llmload.report.Figures;
import llmload.report.ForeignText;
import llmload.report.Headline;
import llmload.report.TargetText;

/** What the template shows, as text: every number is formatted and every foreign text cleaned. */
final class PageView {
  /** Beyond this a page is no longer read; {@code report.json} has every row. */
  static final int MOST_ROWS = 500;

  /** The verdict stays on the first screen or two. */
  private static final int MOST_SENTENCES = 20;

  /** A number with its unit, on one line. */
  private static final int MOST_CELL_CHARACTERS = 32;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final RunReport report;
  private final RunManifest manifest;
  private final RunMeasurements run;

  /** A name with its text. */
  record Entry(String key, String value) {}

  /** One target. */
  record TargetRow(
      String result,
      String tone,
      String subject,
      String scope,
      String limit,
      String measured,
      String margin,
      String bar,
      String count,
      String note) {}

  /** One part of the plan beside what came of it. */
  record LoadRow(String what, String planned, String achieved) {}

  /** One kind of failure. */
  record ErrorRow(String outcome, String request, String status, String count, String message) {}

  PageView(RunReport report) {
    this.report = report;
    this.manifest = report.manifest();
    this.run = report.measurements();
  }

  Map<String, Object> values() {
    Map<String, Object> view = new LinkedHashMap<>();
    head(view);
    ShapesView shapes = new ShapesView(run);
    MetricsView metrics = new MetricsView(run, shapes);
    view.put("tiles", metrics.tiles());
    view.put("targets", limited(report.targets()).stream().map(PageView::row).toList());
    view.put("targetsLeftOut", leftOut(report.targets()));
    SuiteView.into(view, report);
    view.putAll(ComparisonView.values(report.comparison()));
    view.put("load", load());
    view.put("counts", CountsView.rows(run));
    view.put("byClass", CountsView.byClass(run.counts()));
    view.put("scopes", metrics.scopes());
    view.put("scopesLeftOut", metrics.scopesLeftOut());
    view.put("curves", shapes.curves());
    view.put("nines", shapes.nines());
    view.put("histograms", shapes.histograms(RunMeasurements.ALL));
    ChartsView charts = new ChartsView(run.series(), run.telemetry().series());
    view.put("charts", charts.charts());
    view.put("timeUnit", charts.timeUnit());
    view.put("times", charts.times());
    view.put("failedTimes", charts.failedTimes());
    view.put("series", charts.rows());
    view.put("watchedHeads", charts.watchedHeads());
    TelemetryView.into(view, run);
    view.put("errors", limited(run.errors()).stream().map(PageView::row).toList());
    view.put("errorsLeftOut", leftOut(run.errors()));
    view.put("oddities", CountsView.oddities(run));
    view.put("injector", InjectorView.rows(run.injector(), manifest.validityLimits()));
    view.put("environment", entries(manifest.environment()));
    view.put("settings", entries(manifest.settings()));
    view.put("definitions", entries(report.definitions()));
    view.put("formulas", metrics.formulas());
    return view;
  }

  private void head(Map<String, Object> view) {
    Headline headline = Headline.of(report);
    Verdict verdict = report.verdict();
    TargetServer target = manifest.target();
    view.put("word", headline.word());
    view.put("sentence", headline.sentence());
    view.put("tone", tone(headline, verdict));
    view.put("exitCode", verdict.exitCode());
    view.put("validity", verdict.validity().name());
    view.put("grade", verdict.grade().name());
    view.put("regression", verdict.regression().name());
    view.put("failures", messages(verdict.failures()));
    view.put("reasons", messages(verdict.validityReasons()));
    view.put("warnings", messages(manifest.warnings()));
    view.put("simulation", ForeignText.name(simpleName(manifest.simulation())));
    view.put("simulationClass", ForeignText.name(manifest.simulation()));
    view.put("runId", ForeignText.name(manifest.runId()));
    view.put("startedAt", UTC.format(manifest.startedAt()));
    view.put("duration", Figures.duration(run.durationSeconds()));
    view.put("baseUrl", ForeignText.name(target.baseUrl()));
    view.put("dialect", ForeignText.name(target.dialect()));
    view.put("model", ForeignText.name(target.model()));
    view.put("server", server(target));
  }

  private static String tone(Headline headline, Verdict verdict) {
    if (!headline.word().equals("PASS")) {
      return "bad";
    }
    return verdict.validityReasons().isEmpty() ? "good" : "doubt";
  }

  private static String server(TargetServer target) {
    String engine =
        target.engine() == null ? "" : "embedded, engine " + ForeignText.name(target.engine());
    String version = ForeignText.name(target.serverVersion());
    return engine.isEmpty() || version.isEmpty() ? engine + version : version + ", " + engine;
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static TargetRow row(TargetVerdict verdict) {
    Target target = verdict.target();
    List<String> notes = new ArrayList<>();
    if (!target.graded()) {
      notes.add("expectation, not graded");
    }
    if (verdict.reason() != null) {
      notes.add(ForeignText.message(verdict.reason()));
    }
    if (target.source() != null) {
      notes.add("source: " + ForeignText.message(target.source()));
    }
    String tone =
        switch (verdict.result()) {
          case MET -> "good";
          case MISSED -> target.graded() ? "bad" : "doubt";
          case NO_DATA, INCONCLUSIVE -> target.required() ? "bad" : "doubt";
        };
    return new TargetRow(
        verdict.result().name().replace('_', ' '),
        tone,
        TargetText.subject(target) + (target.required() ? " *" : ""),
        ForeignText.name(target.scope()),
        ForeignText.line(TargetText.limit(target), MOST_CELL_CHARACTERS),
        ForeignText.line(TargetText.measured(verdict), MOST_CELL_CHARACTERS),
        Figures.signedPercent(verdict.marginRatio()),
        Strips.margin(verdict.marginRatio()),
        Figures.count(verdict.sampleCount()),
        String.join("; ", notes));
  }

  private static ErrorRow row(ErrorExample error) {
    return new ErrorRow(
        error.outcome().name(),
        ForeignText.name(error.request()),
        error.status() == null ? Figures.ABSENT : error.status().toString(),
        Figures.count(error.count()),
        ForeignText.message(error.message()));
  }

  private List<LoadRow> load() {
    LoadPlan plan = manifest.plan();
    double seconds = run.durationSeconds();
    Double sentPerSecond =
        seconds > 0 ? Double.valueOf(run.counts().startedCount() / seconds) : null;
    List<LoadRow> rows = new ArrayList<>();
    rows.add(
        new LoadRow(
            "load",
            ForeignText.name(plan.kind())
                + ", "
                + ForeignText.name(plan.model())
                + (plan.stream() ? ", streamed" : ", in one piece"),
            ""));
    if (plan.userCount() != null) {
      rows.add(new LoadRow("users", plan.userCount().toString(), ""));
    }
    String arrival = plan.arrival() == null ? "" : " (" + ForeignText.name(plan.arrival()) + ")";
    rows.add(
        new LoadRow(
            "requests per second",
            Figures.of(plan.requestsPerSecond()) + arrival,
            Figures.of(sentPerSecond)));
    rows.add(
        new LoadRow(
            "requests",
            Figures.count(
                plan.plannedCount() == null ? run.counts().plannedCount() : plan.plannedCount()),
            Figures.count(run.counts().startedCount())));
    rows.add(
        new LoadRow(
            "duration",
            plan.durationSeconds() == null
                ? Figures.ABSENT
                : Figures.duration(plan.durationSeconds()),
            Figures.duration(seconds)));
    rows.add(
        new LoadRow(
            "arrivals sent of those planned", "", Figures.percent(run.injector().achievedRatio())));
    rows.add(
        new LoadRow("seed", plan.seed() == null ? Figures.ABSENT : plan.seed().toString(), ""));
    return rows;
  }

  private static List<String> messages(List<String> texts) {
    List<String> shown =
        texts.stream()
            .limit(MOST_SENTENCES)
            .map(ForeignText::message)
            .collect(Collectors.toCollection(ArrayList::new));
    if (texts.size() > MOST_SENTENCES) {
      shown.add("and " + (texts.size() - MOST_SENTENCES) + " more, in report.json");
    }
    return shown;
  }

  private static List<Entry> entries(Map<String, String> texts) {
    return texts.entrySet().stream()
        .limit(MOST_ROWS)
        .map(
            text ->
                new Entry(ForeignText.name(text.getKey()), ForeignText.message(text.getValue())))
        .toList();
  }

  private static <T> List<T> limited(List<T> rows) {
    return rows.subList(0, Math.min(rows.size(), MOST_ROWS));
  }

  private static int leftOut(List<?> rows) {
    return Math.max(0, rows.size() - MOST_ROWS);
  }
}
