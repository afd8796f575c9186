package llmload.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A simulation in a JVM of its own: Gatling ends the one that it runs in.
 *
 * <p>The child has this process's environment, so that an API key reaches it without a command
 * line.
 */
final class GatlingProcess {
  private static final String GATLING = "io.gatling.app.Gatling";
  private static final String OWN_WORD = "llmload: ";

  private GatlingProcess() {}

  /**
   * What is left of a child.
   *
   * @param exitCode its exit code
   * @param problems what it said of itself, without the program's name
   */
  record Ended(int exitCode, List<String> problems) {}

  /**
   * Runs a simulation to its end; an interrupt ends the child too.
   *
   * @param settings by key, without the prefix {@code llm.}
   * @param console takes each line that the child prints, on this thread
   */
  static Ended run(
      Path root, String simulation, Map<String, String> settings, Consumer<String> console)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // For Gatling's reader of its own log, and its action engine.
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath()));
    settings.forEach((key, value) -> command.add("-Dllm." + key + "=" + value));
    Path gatling = root.resolve("target").resolve("gatling");
    command.addAll(List.of(GATLING, "-s", simulation, "-rf", gatling.toString()));
    Process process =
        new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      List<String> problems = read(process, console);
      return new Ended(process.waitFor(), problems);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  private static List<String> read(Process process, Consumer<String> console)
      throws IOException, InterruptedException {
    List<String> problems = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        if (Thread.interrupted()) {
          throw new InterruptedException("while the simulation ran");
        }
        console.accept(line);
        if (line.startsWith(OWN_WORD)) {
          problems.add(line.substring(OWN_WORD.length()));
        }
        line = lines.readLine();
      }
    }
    return problems;
  }

  /** Maven runs the command line in a class loader of its own, whose path is in no property. */
  private static String classPath() {
    if (GatlingProcess.class.getClassLoader() instanceof URLClassLoader loader) {
      List<String> entries = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        try {
          entries.add(Path.of(url.toURI()).toString());
        } catch (URISyntaxException | IllegalArgumentException e) {
          throw new IllegalStateException("class path: Expecting files. Found: " + url + ".", e);
        }
      }
      return String.join(System.getProperty("path.separator"), entries);
    }
    return System.getProperty("java.class.path");
  }
}
