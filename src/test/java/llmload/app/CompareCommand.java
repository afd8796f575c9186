package llmload.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import llmload.config.ConfigException;
import llmload.grading.ComparisonPolicy;
import llmload.model.BaselineComparison;
import llmload.model.ExitCode;
import llmload.model.Regression;
import llmload.model.RunReport;
import llmload.model.RunSnapshot;
import llmload.report.console.ConsoleComparison;
import llmload.run.Aggregator;
import llmload.run.BaselineChoice;
import llmload.run.ProjectFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code compare DIR --baseline FILE}: holds a finished run against a baseline and writes nothing.
 * A regression and nothing to compare have an exit code each; all else is a pass.
 */
@Command(
    name = "compare",
    description =
        "Holds a finished run against a baseline; exit code 3 if it is worse, 7 if there is"
            + " nothing to compare.",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The run's folder, for example results/latest.")
  private @Nullable Path folder;

  @Option(
      names = "--baseline",
      paramLabel = "NAME|PATH",
      required = true,
      description = "A name in user-files/baselines, a file, or another run's folder.")
  private @Nullable String baseline;

  @Option(
      names = "--policy",
      description = "The rules: ${COMPLETION-CANDIDATES}; default those of the baseline's suite.")
  private @Nullable ComparisonPolicy policy;

  @Option(
      names = "--allow",
      paramLabel = "METRIC",
      split = ",",
      description = "Metrics that may be worse: an expected change.")
  private List<String> allow = List.of();

  @Option(
      names = "--format",
      description = "How to print it: ${COMPLETION-CANDIDATES}; all but CONSOLE print the report.",
      defaultValue = "CONSOLE")
  private ReportFormat format = ReportFormat.CONSOLE;

  @Override
  public Integer call() throws IOException {
    if (folder == null || spec == null || baseline == null) {
      throw new IllegalStateException("picocli fills these in");
    }
    RunSnapshot against = BaselineChoice.load(ProjectFolder.find(), baseline);
    ComparisonPolicy rules = policy == null ? ComparisonPolicy.of(against) : policy;
    RunReport report = Aggregator.aggregate(folder, new BaselineChoice(against, rules, allow));
    BaselineComparison comparison = report.comparison();
    if (comparison == null) {
      throw new ConfigException(folder + ": Expecting a comparison. Found: none.");
    }
    var out = spec.commandLine().getOut();
    if (format == ReportFormat.CONSOLE) {
      out.print(ConsoleComparison.whole(comparison));
    } else {
      format.writer(folder).write(report, out);
    }
    out.flush();
    return exitCode(comparison.regression());
  }

  private static int exitCode(Regression regression) {
    return switch (regression) {
      case REGRESSION -> ExitCode.REGRESSION;
      case NOT_COMPARABLE -> ExitCode.NOT_COMPARABLE;
      case NONE, IMPROVED, OK, INCONCLUSIVE -> ExitCode.PASS;
    };
  }
}
