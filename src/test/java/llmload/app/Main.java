package llmload.app;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import llmload.config.ConfigException;
import llmload.model.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: what can be done without a load. Exit codes are those of {@link ExitCode}. */
@Command(
    name = "llmload",
    description =
        "Reports on finished runs, baselines, target files, the embedded inference server, tokenizers.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.class,
      ReportCommand.class,
      ShowCommand.class,
      CompareCommand.class,
      BaselineCommand.class,
      ServeCommand.class,
      TargetsCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    // A report says the same in every country.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(run(arguments, writer(System.out), writer(System.err)));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /** Runs one command; returns its exit code. */
  static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Main());
    ServeCommand.addSimulatedOptions(line);
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((error, command, parsed) -> fail(error, err));
    line.setParameterExceptionHandler(
        (error, ignored) -> {
          err.println("llmload: " + error.getMessage() + " Try --help.");
          return ExitCode.BAD_INPUT;
        });
    if (arguments.length == 0) {
      line.usage(err);
      return ExitCode.BAD_INPUT;
    }
    return line.execute(arguments);
  }

  private static int fail(Exception error, PrintWriter err) {
    if (error instanceof ConfigException config) {
      config.problems().forEach(problem -> err.println("llmload: " + problem));
      return ExitCode.BAD_INPUT;
    }
    if (error instanceof UncheckedIOException || error instanceof IllegalArgumentException) {
      err.println("llmload: " + error.getMessage());
      return ExitCode.BAD_INPUT;
    }
    err.println("llmload: unexpected fault");
    error.printStackTrace(err);
    return ExitCode.INTERNAL;
  }
}
