package llmload.app;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import llmload.config.ConfigException;
import llmload.journal.RunJournal;
import llmload.model.RunReport;
import llmload.report.console.ConsoleReportWriter;
import llmload.run.Aggregator;
import llmload.run.ProjectFolder;

/**
 * The token speed suite for programs: choose settings, run all, look at the report.
 *
 * <pre>{@code
 * RunReport report = TokenSpeed.create()
 *     .with("baseUrl", "http://gpu:8000")
 *     .with("token_speed.batches", "1,10,100")
 *     .runAll();
 * System.out.println(TokenSpeed.summary(report));
 * }</pre>
 *
 * <p>A run is a JVM of its own, since Gatling ends the one that it runs in; its report is read back
 * from its folder, where it stays. Immutable; each method returns a new value.
 */
public final class TokenSpeed {
  private static final String SIMULATION = "llmload.simulations.TokenSpeedSimulation";
  private static final String RUN_ID = "runId";

  private final Map<String, String> settings;
  private final Consumer<String> console;

  private TokenSpeed(Map<String, String> settings, Consumer<String> console) {
    this.settings = settings;
    this.console = console;
  }

  /** The suite with its default settings: on the embedded server, the profile {@code quick}. */
  public static TokenSpeed create() {
    return new TokenSpeed(Map.of(), line -> {});
  }

  /** The same with a setting more, by its key without the prefix {@code llm.}. */
  public TokenSpeed with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new TokenSpeed(more, console);
  }

  /** The same, which hands on each line that the run prints while it goes. */
  public TokenSpeed printingTo(Consumer<String> lines) {
    return new TokenSpeed(settings, lines);
  }

  /**
   * Runs the chosen tests and waits for their end.
   *
   * @return the report; whether the run passed is its verdict's exit code
   * @throws ConfigException if nothing could be run: bad settings, or a server that does not answer
   * @throws IOException if the JVM cannot be started
   * @throws InterruptedException if this thread is interrupted, which ends the run too
   */
  public RunReport runAll() throws IOException, InterruptedException {
    Path root = ProjectFolder.find();
    Map<String, String> all = new LinkedHashMap<>(settings);
    String runId = all.computeIfAbsent(RUN_ID, key -> "token-speed-" + UUID.randomUUID());
    Path results = root.resolve(all.getOrDefault("results", "results")).toAbsolutePath();
    all.put("results", results.toString());
    GatlingProcess.Ended ended = GatlingProcess.run(root, SIMULATION, all, console);
    Path folder = results.resolve(runId);
    if (!Files.isRegularFile(folder.resolve(RunJournal.REQUESTS_FILE))) {
      List<String> problems = ended.problems();
      throw new ConfigException(
          problems.isEmpty()
              ? List.of("The run ended in exit code " + ended.exitCode() + " without a word.")
              : problems);
    }
    return read(folder);
  }

  /**
   * The report of a finished run.
   *
   * @throws ConfigException if the folder holds no run
   */
  public static RunReport read(Path folder) {
    return Aggregator.aggregate(folder);
  }

  /** A report in about forty lines of text: the verdict, each test, averages, best and worst. */
  public static String summary(RunReport report) {
    StringWriter text = new StringWriter();
    try {
      new ConsoleReportWriter().write(report, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
