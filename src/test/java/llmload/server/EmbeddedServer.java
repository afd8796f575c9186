package llmload.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import llmload.model.ExitCode;
import llmload.server.engine.Engine;
import llmload.server.engine.EngineException;
import llmload.server.engine.LlamaEngine;

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

  /**
   * Serves until the process is asked to end; blocks.
   *
   * <p>The engine's native threads do not end, so the caller must hand the result to {@link
   * System#exit}.
   *
   * @param engineName {@code llama}
   * @param out takes the one line, or the one line that says why there is no server
   * @param exitWithParent whether to end when standard input ends or the parent process does: a
   *     server that was started for a run must not outlive it, however the run ends
   * @return the process's exit code: 0, or 5 if the engine or the port cannot be had
   */
  public static int run(
      ServerSettings settings, String engineName, PrintStream out, boolean exitWithParent) {
    if (!engineName.equals("llama")) {
      out.println("llmload: engine: Expecting llama. Found: " + engineName + ".");
      return ExitCode.BAD_INPUT;
    }
    try (Engine engine =
            LlamaEngine.load(
                settings.slotCount(), settings.contextTokenCount(), settings.threadCount());
        InferenceServer server = InferenceServer.start(settings, engine)) {
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
      if (exitWithParent) {
        closeWithParent(server);
      }
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

  private static void closeWithParent(InferenceServer server) {
    ProcessHandle.current()
        .parent()
        .ifPresent(parent -> parent.onExit().thenRun(server::close).exceptionally(e -> null));
    Thread input = new Thread(() -> closeAtEnd(System.in, server), "llmload-stdin");
    input.setDaemon(true);
    input.start();
  }

  private static void closeAtEnd(InputStream in, InferenceServer server) {
    byte[] skipped = new byte[256];
    try {
      while (in.read(skipped) >= 0) {
        // Only the end matters.
      }
    } catch (IOException e) {
      // A broken pipe is an end too.
    }
    server.close();
  }
}
