package llmload.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import llmload.config.ConfigException;
import llmload.model.ExitCode;
import llmload.model.RunSnapshot;
import llmload.model.Validity;
import llmload.report.ForeignText;
import llmload.run.Aggregator;
import llmload.run.ProjectFolder;
import llmload.run.baseline.BaselineFile;
import llmload.run.baseline.BaselineFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code baseline save DIR}: keeps what a comparison needs of a run. A run that cannot be believed
 * is refused with the exit code of an invalid one, whatever stood there before stays.
 */
@Command(name = "save", description = "Keeps a run as a baseline.", mixinStandardHelpOptions = true)
final class BaselineSaveCommand implements Callable<Integer> {
  private static final String OWN_SERVER = "none";

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The run's folder, for example results/latest.")
  private @Nullable Path folder;

  @Option(
      names = "--into",
      paramLabel = "NAME|PATH",
      description = "A name in user-files/baselines, or a path; default ${DEFAULT-VALUE}.",
      defaultValue = "main")
  private String into = "main";

  @Option(
      names = "--allow-simulated",
      description = "Keeps also a run against the embedded server, to be compared with its like.")
  private boolean allowSimulated;

  @Option(
      names = "--commit",
      paramLabel = "ID",
      description = "The commit to note; default that of the project's folder, if it has one.")
  private @Nullable String commit;

  @Override
  public Integer call() {
    if (folder == null || spec == null) {
      throw new IllegalStateException("picocli fills these in");
    }
    PrintWriter err = spec.commandLine().getErr();
    RunSnapshot run = Aggregator.snapshot(folder);
    String refusal = refusal(run);
    if (refusal != null) {
      err.println("llmload: " + folder + ": " + refusal);
      return ExitCode.INVALID;
    }
    String engine = run.conditions().getOrDefault("engine", OWN_SERVER);
    if (!engine.equals(OWN_SERVER) && !allowSimulated) {
      throw new ConfigException(
          folder
              + ": Expecting a run against a server of your own. Found: the embedded server, engine "
              + engine
              + ". Add --allow-simulated to keep it for comparisons with its like.");
    }
    Path root = ProjectFolder.find();
    Path file = BaselineFolder.of(root).locate(into);
    BaselineFile.write(file, kept(run, file, root));
    PrintWriter out = spec.commandLine().getOut();
    out.println("Baseline: " + (file.startsWith(root) ? root.relativize(file) : file));
    out.flush();
    return ExitCode.PASS;
  }

  /** Why the run makes no baseline; {@code null} if it does. */
  private static @Nullable String refusal(RunSnapshot run) {
    Validity validity = run.validity();
    if (validity != null && !validity.isUsable()) {
      return "Expecting a run that is VALID or DEGRADED. Found: "
          + validity
          + ". Its report says why; run it again.";
    }
    Long ok = run.okCount();
    return ok != null && ok == 0
        ? "Expecting a run that measured something. Found: no request that succeeded."
        : null;
  }

  private RunSnapshot kept(RunSnapshot run, Path file, Path root) {
    String noted = commit == null ? GitCommit.of(root) : ForeignText.name(commit);
    return new RunSnapshot(
        BaselineFolder.nameOf(file),
        run.format(),
        run.runId(),
        run.startedAt(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        noted,
        run.simulated(),
        run.validity(),
        run.okCount(),
        run.conditions(),
        run.metrics(),
        run.suiteNumbers());
  }
}
