package llmload.app;

import java.util.concurrent.Callable;
import llmload.server.EmbeddedServer;
import llmload.server.ServerSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: the embedded inference server as a program of its own. */
@Command(
    name = "serve",
    description = "Runs the embedded inference server until it is interrupted.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      description = "The address to listen on (default: ${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      description = "The port, or 0 for a free one (default: ${DEFAULT-VALUE}).",
      defaultValue = "8000")
  private int port = 8000;

  @Option(
      names = "--engine",
      description = "The engine: llama (default: ${DEFAULT-VALUE}).",
      defaultValue = "llama")
  private String engine = "llama";

  @Option(
      names = "--slots",
      description = "Requests served at once (default: ${DEFAULT-VALUE}).",
      defaultValue = "4")
  private int slots = 4;

  @Option(
      names = "--queue",
      description = "Requests that may wait; more are answered 429 (default: ${DEFAULT-VALUE}).",
      defaultValue = "1024")
  private int queue = 1024;

  @Option(
      names = "--exit-with-parent",
      description = "Ends when standard input or the parent process ends.")
  private boolean exitWithParent;

  @Override
  public Integer call() {
    ServerSettings settings =
        ServerSettings.defaults().withHost(host).withPort(port).withSlots(slots, queue);
    return EmbeddedServer.run(settings, engine, System.out, exitWithParent);
  }
}
