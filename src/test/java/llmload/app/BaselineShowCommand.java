package llmload.app;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import llmload.model.ExitCode;
import llmload.model.MetricSummary;
import llmload.model.RunSnapshot;
import llmload.report.Figures;
import llmload.report.ForeignText;
import llmload.run.BaselineChoice;
import llmload.run.ProjectFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code baseline show NAME}: where a baseline is from, its workload and its numbers. */
@Command(
    name = "show",
    description = "Shows where a baseline is from, its workload and its numbers.",
    mixinStandardHelpOptions = true)
final class BaselineShowCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "NAME|PATH",
      description = "A name in user-files/baselines, a file, or a run's folder.")
  private @Nullable String name;

  @Override
  public Integer call() {
    if (spec == null || name == null) {
      throw new IllegalStateException("picocli fills these in");
    }
    show(BaselineChoice.load(ProjectFolder.find(), name), spec.commandLine().getOut());
    return ExitCode.PASS;
  }

  /** Prints {@code baseline}. */
  static void show(RunSnapshot baseline, PrintWriter out) {
    line(out, "name", baseline.name());
    line(out, "format", baseline.format());
    line(out, "run", baseline.runId());
    line(out, "started", baseline.startedAt());
    line(out, "kept", baseline.updatedAt());
    line(out, "commit", baseline.gitCommit());
    line(out, "simulated", baseline.simulated() ? "yes" : "no");
    line(out, "validity", baseline.validity());
    line(out, "ok", Figures.count(baseline.okCount()));
    if (!baseline.conditions().isEmpty()) {
      out.println("workload");
      baseline.conditions().forEach((key, value) -> line(out, "  " + key, value));
    }
    if (!baseline.suiteNumbers().isEmpty()) {
      out.println("numbers of other suites");
      baseline.suiteNumbers().forEach((key, value) -> line(out, "  " + key, Figures.of(value)));
    }
    baseline.metrics().forEach((scope, metrics) -> metrics(scope, metrics, out));
    out.flush();
  }

  private static void metrics(String scope, Map<String, MetricSummary> metrics, PrintWriter out) {
    out.println(ForeignText.name(scope));
    metrics.forEach(
        (id, summary) -> {
          if (summary.notMeasured() != null) {
            return;
          }
          String numbers =
              summary.value() != null
                  ? Figures.of(summary.value())
                  : "mean %s, p50 %s, p95 %s, p99 %s"
                      .formatted(
                          Figures.of(summary.mean()),
                          Figures.of(summary.percentiles().get("p50")),
                          Figures.of(summary.percentiles().get("p95")),
                          Figures.of(summary.percentiles().get("p99")));
          line(out, "  " + id, numbers + " " + ForeignText.line(summary.unit(), 12));
        });
  }

  private static void line(PrintWriter out, String label, @Nullable Object value) {
    String text = value == null ? Figures.ABSENT : ForeignText.message(value.toString());
    out.println(
        String.format(Locale.ROOT, "%-36s %s", ForeignText.line(label, 60), text).stripTrailing());
  }
}
