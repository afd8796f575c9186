package llmload.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import llmload.config.ConfigException;
import llmload.model.ExitCode;
import llmload.model.RunSnapshot;
import llmload.report.Figures;
import llmload.report.ForeignText;
import llmload.run.ProjectFolder;
import llmload.run.baseline.BaselineFile;
import llmload.run.baseline.BaselineFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code baseline list}: one line a baseline. A file that cannot be read does not hide the others;
 * its problems are told after them.
 */
@Command(
    name = "list",
    description = "Lists the baselines of user-files/baselines.",
    mixinStandardHelpOptions = true)
final class BaselineListCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli fills this in");
    }
    list(BaselineFolder.of(ProjectFolder.find()), spec.commandLine().getOut());
    return ExitCode.PASS;
  }

  /** Prints the table of {@code folder}; throws the problems of all files that have any. */
  static void list(BaselineFolder folder, PrintWriter out) {
    List<String> problems = new ArrayList<>();
    out.println(row("name", "format", "kept", "ok", "run"));
    for (String name : folder.names()) {
      try {
        RunSnapshot baseline = BaselineFile.read(folder.locate(name));
        out.println(
            row(
                ForeignText.name(name),
                ForeignText.name(baseline.format()),
                baseline.updatedAt() == null ? Figures.ABSENT : baseline.updatedAt().toString(),
                Figures.count(baseline.okCount()),
                run(baseline)));
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    out.flush();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static String run(RunSnapshot baseline) {
    String run = baseline.runId() == null ? Figures.ABSENT : ForeignText.name(baseline.runId());
    return baseline.simulated() ? run + " (simulated)" : run;
  }

  private static String row(String... cells) {
    return String.format(
        Locale.ROOT,
        "%-24s  %-8s  %-20s  %7s  %s",
        cells[0],
        cells[1],
        cells[2],
        cells[3],
        cells[4]);
  }
}
