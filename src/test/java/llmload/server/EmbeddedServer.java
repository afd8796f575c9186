package llmload.server;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import llmload.model.ExitCode;
import llmload.server.engine.Engine;
import llmload.server.engine.EngineException;
import llmload.server.engine.LlamaEngine;
import llmload.server.engine.simulated.SimulatedEngine;
import llmload.server.engine.simulated.SimulatedSettings;
import llmload.server.retrieval.VectorCollections;
import org.jspecify.annotations.Nullable;

/**
 * The server as the work of a process of its own.
 *
 * <p>Prints one line once it can serve:
 *
 * <pre>{@code
 * llmload: listening on http://127.0.0.1:8000 engine=llama model=tiny-kjv pid=4711
 * }</pre>
 */
public final class EmbeddedServer {
  private EmbeddedServer() {}

  /** The engines, by the names they are asked for under. */
  public static final List<String> ENGINES = List.of("llama", "simulated");

  /**
   * Serves until the process is asked to end; blocks.
   *
   * <p>The engine's native threads do not end, so the caller must hand the result to {@link
   * System#exit}.
   *
   * @param engineName one of {@link #ENGINES}
   * @param simulated the numbers of the simulated engine, if it is that
   * @param truthFolder where to keep what was sent and when; {@code null} for nowhere
   * @param out takes the one line, or the one line that says why there is no server
   * @param exitWithParent whether to end when standard input ends or the parent process does: a
   *     server that was started for a run must not outlive it, however the run ends
   * @return the process's exit code: 0, or 5 if the engine or the port cannot be had
   */
  public static int run(
      ServerSettings settings,
      String engineName,
      SimulatedSettings simulated,
      @Nullable Path truthFolder,
      PrintStream out,
      boolean exitWithParent) {
    if (!ENGINES.contains(engineName)) {
      out.println(
          "llmload: engine: Expecting one of %s. Found: %s."
              .formatted(String.join(", ", ENGINES), engineName));
      return ExitCode.BAD_INPUT;
    }
    boolean real = engineName.equals("llama");
    ServerSettings sized =
        real ? settings : settings.withSlots(simulated.maxBatchCount(), settings.queueLimitCount());
    // An index may take minutes to build: the parent is watched before there is a server to close.
    AtomicReference<@Nullable InferenceServer> serving = new AtomicReference<>();
    if (exitWithParent) {
      endWithParent(() -> end(serving.get()));
    }
    EventLoopGroup eventLoop = InferenceServer.eventLoop();
    try (SearchRoutes search = search(sized, out);
        Engine engine = real ? llama(sized) : new SimulatedEngine(simulated, eventLoop.next());
        InferenceServer server =
            InferenceServer.start(sized, engine, eventLoop, truthFolder, search)) {
      serving.set(server);
      String model = settings.modelName() == null ? engine.modelName() : settings.modelName();
      out.println(
          String.format(
              Locale.ROOT,
              "llmload: listening on %s engine=%s model=%s pid=%d",
              server.baseUrl(),
              engine.name(),
              model,
              ProcessHandle.current().pid()));
      out.flush();
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "llmload-close"));
      server.awaitClosed();
      return ExitCode.PASS;
    } catch (EngineException | UncheckedIOException e) {
      out.println("llmload: " + e.getMessage());
      return ExitCode.BAD_INPUT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.PASS;
    }
  }

  /**
   * The routes of the vector indexes, built first where need be; {@code null} if there are none.
   */
  private static @Nullable SearchRoutes search(ServerSettings settings, PrintStream out) {
    if (settings.indexes().vectorCounts().isEmpty()) {
      return null;
    }
    BuildProgress progress = new BuildProgress(out, System::nanoTime);
    return new SearchRoutes(VectorCollections.open(settings.indexes(), progress::at));
  }

  private static Engine llama(ServerSettings settings) {
    return LlamaEngine.load(
        settings.slotCount(), settings.contextTokenCount(), settings.threadCount());
  }

  private static void end(@Nullable InferenceServer server) {
    if (server == null) {
      Runtime.getRuntime().halt(ExitCode.PASS);
    } else {
      server.close();
    }
  }

  private static void endWithParent(Runnable end) {
    ProcessHandle.current()
        .parent()
        .ifPresent(parent -> parent.onExit().thenRun(end).exceptionally(e -> null));
    Thread input = new Thread(() -> runAtEnd(System.in, end), "llmload-stdin");
    input.setDaemon(true);
    input.start();
  }

  private static void runAtEnd(InputStream in, Runnable end) {
    byte[] skipped = new byte[256];
    try {
      while (in.read(skipped) >= 0) {
        // Only the end matters.
      }
    } catch (IOException e) {
      // A broken pipe is an end too.
    }
    end.run();
  }
}
