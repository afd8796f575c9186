package llmload.report.markdown;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.ErrorExample;
import llmload.model.MetricSummary;
import llmload.model.RunCounts;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.report.Figures;
import llmload.report.Headline;
import llmload.report.MetricOrder;
import llmload.report.ReportWriter;
import llmload.report.TargetText;
import org.jspecify.annotations.Nullable;

/**
 * The report as a comment for a pull request, {@code report.md}: at most 60,000 characters, with a
 * hidden first line by which a script finds the comment to replace.
 */
public final class MarkdownReportWriter implements ReportWriter {
  /** The first line of every report. */
  public static final String MARKER = "<!-- llmload:report -->";

  /** The most characters; GitHub takes 65,536 in a comment. */
  static final int MOST_CHARACTERS = 60_000;

  private static final int ROWS = 10;
  private static final int FOLDED_ROWS = 100;
  private static final int SENTENCES = 10;
  private static final List<String> KEY_METRICS =
      List.of(
          "ttft",
          "itl",
          "tpot",
          "e2e",
          "output_tokens_per_second",
          "requests_per_second",
          "error_rate");

  @Override
  public String format() {
    return "markdown";
  }

  @Override
  public String fileName() {
    return "report.md";
  }

  @Override
  public void write(RunReport report, Writer out) throws IOException {
    Page page = new Page(MOST_CHARACTERS);
    head(report, page);
    targets(report.targets(), page);
    SuiteSection.into(page, report.suite());
    BaselineComparison comparison = report.comparison();
    if (comparison != null) {
      MarkdownComparison.head(comparison, page);
      table(MarkdownComparison.HEAD, MarkdownComparison.rows(comparison), "comparisons", page);
    }
    metrics(report.measurements(), page);
    errors(report.measurements().errors(), page);
    TelemetrySection.into(page, report.measurements());
    out.write(page.text());
    out.flush();
  }

  private static void head(RunReport report, Page page) {
    Headline headline = Headline.of(report);
    RunCounts counts = report.measurements().counts();
    page.line(MARKER);
    page.line(
        "## llmload: "
            + headline.word()
            + " (exit code "
            + report.verdict().exitCode()
            + ", "
            + report.verdict().validity()
            + ")");
    page.line("");
    page.line("**" + headline.sentence() + "**");
    page.line("");
    sentences(report.verdict().failures(), "", page);
    sentences(report.verdict().validityReasons(), "validity: ", page);
    sentences(report.manifest().warnings(), "warning: ", page);
    page.line("");
    page.line(
        MarkdownText.name(report.manifest().runId())
            + ": "
            + MarkdownText.name(report.manifest().simulation())
            + " against "
            + MarkdownText.name(report.manifest().target().baseUrl())
            + (report.manifest().target().model() == null
                ? ""
                : " (" + MarkdownText.name(report.manifest().target().model()) + ")")
            + "; "
            + Figures.count(counts.startedCount())
            + " requests in "
            + Figures.duration(report.measurements().durationSeconds())
            + ": "
            + Figures.count(counts.okCount())
            + " ok, "
            + Figures.count(counts.failedCount())
            + " failed, "
            + Figures.count(counts.incompleteCount())
            + " incomplete.");
  }

  private static void sentences(List<String> sentences, String prefix, Page page) {
    sentences.stream()
        .limit(SENTENCES)
        .forEach(sentence -> page.line("- " + prefix + MarkdownText.message(sentence)));
    if (sentences.size() > SENTENCES) {
      page.line("- " + prefix + "and " + (sentences.size() - SENTENCES) + " more");
    }
  }

  private static void targets(List<TargetVerdict> targets, Page page) {
    if (targets.isEmpty()) {
      return;
    }
    page.line("");
    page.line("### Targets");
    page.line("");
    // What was not met comes first: a reader looks for it.
    List<TargetVerdict> sorted =
        targets.stream().sorted((a, b) -> Integer.compare(urgency(a), urgency(b))).toList();
    String head =
        "| | target | scope | limit | measured | margin | n |\n|---|---|---|---|---:|---:|---:|";
    table(head, sorted.stream().map(MarkdownReportWriter::row).toList(), "targets", page);
  }

  private static int urgency(TargetVerdict verdict) {
    int result =
        switch (verdict.result()) {
          case MISSED -> 0;
          case NO_DATA -> 1;
          case INCONCLUSIVE -> 2;
          case MET -> 3;
        };
    return (verdict.target().graded() ? 0 : 8) + (verdict.target().required() ? 0 : 4) + result;
  }

  private static String row(TargetVerdict verdict) {
    Target target = verdict.target();
    return "| "
        + verdict.result()
        + (target.graded() ? "" : " (expectation)")
        + " | "
        + MarkdownText.name(TargetText.subject(target))
        + (target.required() ? " (required)" : "")
        + " | "
        + MarkdownText.name(target.scope())
        + " | "
        + MarkdownText.name(TargetText.limit(target))
        + " | "
        + MarkdownText.name(TargetText.measured(verdict))
        + (verdict.reason() == null ? "" : " " + MarkdownText.message(verdict.reason()))
        + " | "
        + MarkdownText.name(Figures.signedPercent(verdict.marginRatio()))
        + " | "
        + Figures.count(verdict.sampleCount())
        + " |";
  }

  private static void metrics(RunMeasurements run, Page page) {
    page.line("");
    page.line("### Key metrics");
    page.line("");
    String head =
        "| metric | scope | n | mean | p50 | p95 | p99 |\n|---|---|---:|---:|---:|---:|---:|";
    List<String> rows =
        MetricOrder.of(run).entrySet().stream()
            .flatMap(
                scope ->
                    KEY_METRICS.stream()
                        .filter(id -> scope.getValue().containsKey(id))
                        .map(id -> row(id, scope.getKey(), scope.getValue())))
            .toList();
    table(head, rows, "metrics", page);
  }

  private static String row(String id, String scope, Map<String, MetricSummary> metrics) {
    MetricSummary summary = metrics.getOrDefault(id, MetricSummary.absent("", "not measured"));
    String name = "| " + id + " (" + MarkdownText.name(summary.unit()) + ") | ";
    String place = MarkdownText.name(scope) + " | ";
    if (summary.notMeasured() != null) {
      return name + place + "0 | " + MarkdownText.message(summary.notMeasured()) + " | | | |";
    }
    if (summary.value() != null) {
      String count = Figures.count(summary.count());
      return name + place + count + " | " + Figures.of(summary.value()) + " | | | |";
    }
    return name
        + place
        + Figures.count(summary.count())
        + " | "
        + Figures.of(summary.mean())
        + percentile("p50", summary)
        + percentile("p95", summary)
        + percentile("p99", summary)
        + " |";
  }

  private static String percentile(String name, MetricSummary summary) {
    Double value = summary.percentiles().get(name);
    boolean doubtful = value != null && Figures.isDoubtful(name, summary.count());
    return " | " + Figures.of(value) + (doubtful ? " (?)" : "");
  }

  private static void errors(List<ErrorExample> errors, Page page) {
    if (errors.isEmpty()) {
      return;
    }
    page.line("");
    page.line("### Errors");
    page.line("");
    String head = "| class | request | status | count | example |\n|---|---|---:|---:|---|";
    table(head, errors.stream().map(MarkdownReportWriter::row).toList(), "kinds of errors", page);
  }

  private static String row(ErrorExample error) {
    return "| "
        + error.outcome()
        + " | "
        + MarkdownText.name(error.request())
        + " | "
        + status(error.status())
        + " | "
        + Figures.count(error.count())
        + " | "
        + MarkdownText.message(error.message())
        + " |";
  }

  private static String status(@Nullable Integer status) {
    return status == null ? Figures.ABSENT : status.toString();
  }

  private static void table(String head, List<String> rows, String what, Page page) {
    page.line(head);
    rows.stream().limit(ROWS).forEach(page::line);
    if (rows.size() <= ROWS) {
      return;
    }
    List<String> folded = rows.subList(ROWS, Math.min(rows.size(), ROWS + FOLDED_ROWS));
    page.line("");
    page.fold("%s more %s".formatted(rows.size() - ROWS, what), head, folded, rows.size() - ROWS);
  }
}
