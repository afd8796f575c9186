package llmload.run;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import llmload.config.ConfigException;
import llmload.server.EmbeddedServer;
import llmload.server.engine.simulated.SimulatedSettings;
import llmload.server.retrieval.IndexSettings;
import org.jspecify.annotations.Nullable;

/**
 * The embedded inference server in a JVM of its own, so that it shares neither heap nor collector
 * with the injector. It ends when this process ends, however that ends: its standard input closes.
 */
public final class EmbeddedServerProcess implements AutoCloseable {
  /** The engines that can be asked for. */
  static final List<String> ENGINES = EmbeddedServer.ENGINES;

  private static final String MAIN = "llmload.app.Main";
  private static final Pattern READY =
      Pattern.compile("llmload: listening on (\\S+) engine=(\\S+) model=(\\S+).*");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NO_MORE = "";

  /** How a line of the server begins that tells of an index in the making. */
  private static final String PROGRESS = "llmload: retrieval: ";

  private static final String REAL = "llama";
  private static final String SIMULATED = "simulated";

  /** What answers in a server of vector indexes, whatever its engine for text. */
  private static final String INDEX = "lucene";

  private final Process process;
  private final String baseUrl;
  private final String engine;
  private final List<String> notices;

  private EmbeddedServerProcess(
      Process process, String baseUrl, String engine, List<String> notices) {
    this.process = process;
    this.baseUrl = baseUrl;
    this.engine = engine;
    this.notices = notices;
  }

  /**
   * Starts a server on a free loopback port and waits until it listens.
   *
   * <p>Where no engine was asked for, the real one is tried first; where that does not come up, be
   * it that it says so or that its process dies, the simulated one takes its place, and {@link
   * #notices} says so.
   *
   * @param engine the engine asked for; {@code null} if none was
   * @param simulated what is given for the simulated engine, keys as in {@link
   *     SimulatedSettings#KEYS}
   * @throws ConfigException if it does not come up; the message is the server's own last line
   */
  public static EmbeddedServerProcess start(
      Path root, @Nullable String engine, Map<String, String> simulated) {
    return start(root, engine, simulated, IndexSettings.NONE, true);
  }

  /**
   * The same with vector indexes. Building one may take minutes, and is told on the console; since
   * a search asks nothing of a model, the engine is the simulated one unless another is asked for.
   */
  static EmbeddedServerProcess start(
      Path root, @Nullable String engine, Map<String, String> simulated, IndexSettings indexes) {
    return start(root, engine, simulated, indexes, false);
  }

  /** The server that a run needs that was told of none. */
  static EmbeddedServerProcess start(Path root, RunSettings settings) {
    IndexSettings indexes =
        settings
            .retrieval()
            .filter(search -> search.url().isEmpty())
            .map(search -> search.indexes(root))
            .orElse(IndexSettings.NONE);
    TargetSettings target = settings.target();
    boolean generates = settings.load().kind().isGeneration();
    return start(root, target.engine(), target.simulated(), indexes, generates);
  }

  /**
   * The same with vector indexes beside the model.
   *
   * @param generates whether a model is asked too
   */
  static EmbeddedServerProcess start(
      Path root,
      @Nullable String engine,
      Map<String, String> simulated,
      IndexSettings indexes,
      boolean generates) {
    boolean searches = !generates && !indexes.vectorCounts().isEmpty();
    if (engine != null) {
      return launch(root, engine, simulated, indexes, searches, List.of());
    }
    if (searches) {
      return launch(root, SIMULATED, simulated, indexes, true, List.of());
    }
    try {
      return launch(root, REAL, simulated, indexes, false, List.of());
    } catch (ConfigException e) {
      String notice =
          "The engine llama did not start, so the engine simulated takes its place: its latencies"
              + " are a model's, not a machine's. "
              + String.join(" ", e.problems());
      return launch(root, SIMULATED, simulated, indexes, false, List.of(notice));
    }
  }

  private static EmbeddedServerProcess launch(
      Path root,
      String engine,
      Map<String, String> simulated,
      IndexSettings indexes,
      boolean searches,
      List<String> notices) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "serve",
                "--port",
                "0",
                "--engine",
                engine,
                "--exit-with-parent"));
    if (engine.equals(SIMULATED)) {
      // An injector may hold as many streams open as it likes: its limit is its own.
      command.addAll(List.of("--queue", "100000"));
      simulated.forEach(
          (key, value) -> command.addAll(List.of(SimulatedSettings.option(key), value)));
    }
    if (!indexes.vectorCounts().isEmpty()) {
      String counts =
          indexes.vectorCounts().stream().map(String::valueOf).collect(Collectors.joining(","));
      command.addAll(List.of("--retrieval", counts));
      command.addAll(List.of("--retrieval-dimensions", "" + indexes.dimensionCount()));
      command.addAll(List.of("--retrieval-seed", "" + indexes.seed()));
      command.addAll(List.of("--retrieval-folder", indexes.folder().toString()));
    }
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(new File(root.toString()))
              .redirectErrorStream(true)
              .start();
      return await(process, searches, notices);
    } catch (IOException e) {
      throw new ConfigException("llm.engine: The embedded server could not be started: " + e + ".");
    }
  }

  private static EmbeddedServerProcess await(
      Process process, boolean searches, List<String> notices) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> drain(process, lines), "llmload-server-output");
    reader.setDaemon(true);
    reader.start();
    String reason = "no output";
    boolean told = false;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (System.nanoTime() - deadline < 0) {
        String line = lines.poll(100, TimeUnit.MILLISECONDS);
        if (NO_MORE.equals(line)) {
          break;
        }
        if (line != null && line.startsWith(PROGRESS)) {
          System.out.println(line);
          deadline = System.nanoTime() + PATIENCE.toNanos();
        } else if (line != null) {
          Matcher ready = READY.matcher(line);
          if (ready.matches()) {
            String engine = searches ? INDEX : ready.group(2);
            return new EmbeddedServerProcess(process, ready.group(1), engine, notices);
          }
          // Its own last word counts most, else the head of whatever a dying process prints.
          boolean own = line.startsWith("llmload: ");
          if (own || (!told && reason.equals("no output"))) {
            reason = line;
            told = own;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw new ConfigException("llm.engine: The embedded server did not start: " + reason);
  }

  /** Reads on after the server is ready, or a full pipe would block it. */
  private static void drain(Process process, BlockingQueue<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      @Nullable String line;
      while ((line = reader.readLine()) != null) {
        if (!line.isBlank() && lines.size() < 1000) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      lines.add("its output could not be read: " + e);
    }
    lines.add(NO_MORE);
  }

  /** Where it listens. */
  public String baseUrl() {
    return baseUrl;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The engine that answers. */
  public String engine() {
    return engine;
  }

  /** What the user should know about how it came up. */
  public List<String> notices() {
    return notices;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
