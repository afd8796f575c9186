package llmload.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A load test in a JVM of its own, started with the arguments that Gatling's Maven plugin gives its
 * fork. Its results go to a folder of the test; nothing of this JVM's environment that llmload
 * reads is handed on.
 */
public final class RunProcess {
  private static final String GATLING = "io.gatling.app.Gatling";
  private static final String MAIN = "llmload.app.Main";

  private final Path results;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private List<String> launcher = List.of();
  private String simulation = "llmload.simulations.LoadSimulation";

  private RunProcess(Path results) {
    this.results = results;
    settings.put("results", results.toString());
    // What else runs on the machine must not spoil what a test says of something else.
    for (String limit : List.of("eventLoopLag", "sendLagP99", "gcPause")) {
      settings.put("validity." + limit, "100000");
    }
  }

  /** A run whose folder, and Gatling's, will lie in {@code results}. */
  public static RunProcess in(Path results) {
    return new RunProcess(results);
  }

  /** The command line of llmload in a JVM of its own. */
  public static StartedRun commandLine(Path results, String... arguments) {
    List<String> command = java();
    command.add(MAIN);
    command.addAll(List.of(arguments));
    return start(command, results, Map.of());
  }

  /** Sets {@code -Dllm.<key>}. */
  public RunProcess set(String key, Object value) {
    settings.put(key, value.toString());
    return this;
  }

  /** Sets a variable of the environment. */
  public RunProcess environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Runs another simulation. */
  public RunProcess simulation(String className) {
    simulation = className;
    return this;
  }

  /** Starts the JVM through another program, which gets its whole command line as arguments. */
  public RunProcess through(String... program) {
    launcher = List.of(program);
    return this;
  }

  /** Starts it. */
  public StartedRun start() {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(java());
    settings.forEach((key, value) -> command.add("-Dllm." + key + "=" + value));
    command.addAll(
        List.of(GATLING, "-s", simulation, "-rf", results.resolve("gatling").toString()));
    return start(command, results, environment);
  }

  /** Starts it and waits for its end. */
  public FinishedRun finish() {
    return start().awaitEnd();
  }

  private static List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1G",
            // A run of seconds never earns back what the second compiler takes.
            "-XX:TieredStopAtLevel=1",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
  }

  private static StartedRun start(
      List<String> command, Path results, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("LLM_") || name.endsWith("API_KEY"));
    builder.environment().putAll(environment);
    try {
      return new StartedRun(builder.start(), results);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
