package llmload.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import llmload.config.ConfigException;
import llmload.server.EmbeddedServer;
import llmload.server.ServerSettings;
import llmload.server.engine.simulated.SimulatedSettings;
import llmload.server.retrieval.IndexSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
      description = "The engine: llama or simulated (default: ${DEFAULT-VALUE}).",
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

  @Option(
      names = "--truth-log",
      paramLabel = "DIR",
      description = "A new folder for a journal of what was sent and when.")
  private @Nullable Path truthLog;

  @Option(
      names = "--retrieval",
      paramLabel = "VECTORS",
      split = ",",
      description =
          "Serves vector search too, in an index of that many vectors; several numbers, several"
              + " indexes. An index is built the first time.")
  private List<Integer> retrieval = List.of();

  @Option(
      names = "--retrieval-dimensions",
      description = "The dimensions of its vectors (default: ${DEFAULT-VALUE}).",
      defaultValue = "384")
  private int retrievalDimensions = 384;

  @Option(
      names = "--retrieval-seed",
      description = "The seed of its vectors (default: ${DEFAULT-VALUE}).",
      defaultValue = "42")
  private long retrievalSeed = 42;

  @Option(
      names = "--retrieval-folder",
      paramLabel = "DIR",
      description = "Where indexes are kept (default: ${DEFAULT-VALUE}).",
      defaultValue = IndexSettings.DEFAULT_FOLDER)
  private Path retrievalFolder = Path.of(IndexSettings.DEFAULT_FOLDER);

  @Option(
      names = "--api-key-env",
      paramLabel = "NAME",
      description =
          "The environment variable with the key that each request under /api/v1 must carry.")
  private @Nullable String apiKeyVariable;

  @Spec private @Nullable CommandSpec spec;

  /** Adds an option {@code --sim-...} for each number of the simulated engine. */
  static void addSimulatedOptions(CommandLine line) {
    CommandLine serve = line.getSubcommands().get("serve");
    if (serve == null) {
      throw new IllegalStateException("serve: Expecting a subcommand. Found: none.");
    }
    CommandSpec command = serve.getCommandSpec();
    SimulatedSettings.KEYS.forEach(
        (key, description) ->
            command.addOption(
                OptionSpec.builder(SimulatedSettings.option(key))
                    .type(String.class)
                    .paramLabel("VALUE")
                    .description("Engine simulated: " + description + ".")
                    .build()));
  }

  private SimulatedSettings simulated() {
    if (spec == null) {
      throw new IllegalStateException("picocli fills this in");
    }
    Map<String, String> given = new LinkedHashMap<>();
    for (String key : SimulatedSettings.KEYS.keySet()) {
      String value = spec.findOption(SimulatedSettings.option(key)).getValue();
      if (value != null) {
        given.put(key, value);
      }
    }
    return SimulatedSettings.of(given);
  }

  private static String apiKey(String variable) {
    String key = System.getenv(variable);
    if (key == null || key.isBlank()) {
      throw new ConfigException(
          "--api-key-env: Expecting the name of an environment variable that is set. Found: "
              + variable
              + ".");
    }
    return key;
  }

  @Override
  public Integer call() {
    ServerSettings settings =
        ServerSettings.defaults()
            .withHost(host)
            .withPort(port)
            .withSlots(slots, queue)
            .withIndexes(
                new IndexSettings(retrieval, retrievalDimensions, retrievalSeed, retrievalFolder));
    if (apiKeyVariable != null) {
      settings = settings.withApiKey(apiKey(apiKeyVariable));
    }
    return EmbeddedServer.run(settings, engine, simulated(), truthLog, System.out, exitWithParent);
  }
}
