package llmload.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import llmload.model.RunReport;
import llmload.run.Aggregator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code report DIR}: makes a run's report again from its journal, also of a run that was killed.
 */
@Command(
    name = "report",
    description = "Rewrites every report file of a run from its journal.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The run's folder, for example results/latest.")
  private @Nullable Path folder;

  @Option(
      names = "--format",
      description = "Also prints the report: ${COMPLETION-CANDIDATES}.",
      defaultValue = "CONSOLE")
  private ReportFormat format = ReportFormat.CONSOLE;

  @Override
  public Integer call() throws IOException {
    if (folder == null || spec == null) {
      throw new IllegalStateException("picocli fills these in");
    }
    RunReport report = Aggregator.aggregateAndWrite(folder);
    var out = spec.commandLine().getOut();
    format.writer(folder).write(report, out);
    out.flush();
    return report.verdict().exitCode();
  }
}
