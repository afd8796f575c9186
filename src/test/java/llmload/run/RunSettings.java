package llmload.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import llmload.analysis.alerts.AlertSettings;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.config.YamlDocument;
import llmload.feeders.Conversations;
import llmload.feeders.PromptFile;
import llmload.model.RequestKind;
import llmload.report.export.Exporters;
import llmload.telemetry.TelemetrySettings;
import llmload.wire.Dialect;
import llmload.wire.Dialects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a user can set, read once before anything else happens.
 *
 * @param target the server under test
 * @param load the load
 * @param request what each request says
 * @param retrieval the vector search; absent where nothing of the kind is sent
 * @param gate what the run is held to
 * @param telemetry what is watched beside the requests
 * @param results the folder of all runs
 * @param runId the name of this run's folder; absent to make one of simulation and time
 * @param profile the profile in force; absent if none is
 * @param resolved every key in force, as text, for the record
 */
public record RunSettings(
    TargetSettings target,
    LoadSettings load,
    RequestSettings request,
    Optional<RetrievalSettings> retrieval,
    GateSettings gate,
    TelemetrySettings telemetry,
    Path results,
    Optional<String> runId,
    Optional<String> profile,
    Map<String, String> resolved) {

  private static final String DEFAULT_PROFILE = "quick";
  private static final OwnDefaults NO_DEFAULTS = new OwnDefaults() {};

  /** A run by size has a scope a size, which no shipped target names. */
  private static final String NO_TARGETS = "none";

  /**
   * Reads -D, environment and profile.
   *
   * @param root the project's folder, from which every path counts
   * @throws ConfigException with every problem there is
   */
  public static RunSettings read(
      Map<String, String> systemProperties, Map<String, String> environment, Path root) {
    return read(systemProperties, environment, root, Workload.OF_SETTINGS);
  }

  /**
   * The same for a simulation that sends requests of its own choice.
   *
   * @throws ConfigException with every problem there is
   */
  static RunSettings read(
      Map<String, String> systemProperties,
      Map<String, String> environment,
      Path root,
      Workload workload) {
    Optional<String> profile = profileName(systemProperties, environment);
    Map<String, @Nullable Object> yaml =
        profile.isPresent() ? profile(profile.get(), root, workload) : Map.of();
    SettingsReader settings =
        SettingsReader.of(systemProperties, environment, yaml, profile.orElse("none"));
    settings.text("profile");
    OwnDefaults defaults = ownDefaults(settings, workload);
    TargetSettings target =
        TargetSettings.read(settings, environment, root).withEngineDefaults(defaults.engine());
    LoadSettings load = LoadSettings.read(settings, workload);
    RequestSettings request = RequestSettings.read(settings);
    checkLengths(settings, load, request);
    if (load.kind().isGeneration()) {
      checkFiles(settings, root, request);
    }
    RetrievalSettings retrieval = retrieval(settings, root, load, target);
    boolean streams = Dialects.of(target.dialect()).canStream() && request.stream();
    if (retrieval != null) {
      target = target.searching(retrieval);
    }
    boolean bySize = retrieval != null && retrieval.isBySize();
    GateSettings gate =
        GateSettings.read(
            settings,
            root,
            bySize
                ? NO_TARGETS
                : defaults.targets().orElse(workload.defaultTargets(load.kind(), streams)));
    TelemetrySettings telemetry = TelemetrySettings.read(settings);
    var unusedAlerts = AlertSettings.read(settings, workload.alerting());
    Path results = root.resolve(settings.text("results", "results"));
    Optional<String> runId = settings.text("runId");
    if (runId.isPresent() && !runId.get().matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")) {
      settings.problem(
          "llm.runId: Expecting up to 64 letters, digits, '.', '_' and '-'. Found: "
              + runId.get()
              + ".");
    }
    checkExports(
        settings,
        workload.exports().isEmpty()
            ? settings.list("exports").orElse(List.of())
            : settings.list("exports", workload.exports()));
    settings.requireNoProblems();
    Map<String, String> resolved = new TreeMap<>(settings.resolved());
    profile.ifPresent(name -> resolved.put("profile", name));
    return new RunSettings(
        target,
        load,
        request,
        Optional.ofNullable(retrieval),
        gate,
        telemetry,
        results.normalize(),
        runId,
        profile,
        resolved);
  }

  private static @Nullable RetrievalSettings retrieval(
      SettingsReader settings, Path root, LoadSettings load, TargetSettings target) {
    if (load.kind() != RequestKind.RETRIEVAL) {
      // A profile serves every simulation.
      settings.known("retrieval.*");
      return null;
    }
    RetrievalSettings retrieval = RetrievalSettings.read(settings, root);
    retrieval.check(settings, load, target);
    return retrieval;
  }

  /** The API that the server under test speaks. */
  Dialect dialect() {
    return retrieval
        .map(search -> search.dialect(search.vectorCounts().get(0)))
        .orElseGet(() -> Dialects.of(target.dialect()));
  }

  /** Reads the simulation's own settings, and what they decide of the run's. */
  private static OwnDefaults ownDefaults(SettingsReader settings, Workload workload) {
    OwnSettings<?> own = workload.own();
    if (own == null) {
      return NO_DEFAULTS;
    }
    own.read(settings);
    return own.value() instanceof OwnDefaults defaults ? defaults : NO_DEFAULTS;
  }

  private static void checkLengths(
      SettingsReader settings, LoadSettings load, RequestSettings request) {
    boolean free = load.kind() == RequestKind.CHAT || load.kind() == RequestKind.COMPLETION;
    if (!free && request.inputTokens().isPresent()) {
      settings.problem(
          "llm.inputTokens: Expecting it only with the kinds chat and completion, whose prompts can be"
              + " of any length. Found: "
              + load.kind().id()
              + ".");
    }
  }

  private static void checkExports(SettingsReader settings, List<String> exports) {
    List<String> unknown =
        exports.stream().filter(id -> !Exporters.ids().contains(id)).distinct().toList();
    if (!unknown.isEmpty()) {
      settings.problem(
          "llm.exports: Expecting words of "
              + String.join(", ", Exporters.ids())
              + ". Found: "
              + String.join(", ", unknown)
              + ".");
    }
  }

  private static void checkFiles(SettingsReader settings, Path root, RequestSettings request) {
    checkFile(settings, () -> PromptFile.check(PromptFile.resolve(root, request.prompts())));
    checkFile(
        settings, () -> Conversations.jsonl(Conversations.resolve(root, request.conversations())));
  }

  /** A broken prompts file ends the run before its first request, not in the middle of it. */
  private static void checkFile(SettingsReader settings, Runnable check) {
    try {
      check.run();
    } catch (ConfigException e) {
      e.problems().forEach(settings::problem);
    }
  }

  /** A run of the bare command, on the embedded server, takes the profile {@code quick}. */
  private static Optional<String> profileName(
      Map<String, String> systemProperties, Map<String, String> environment) {
    Map<String, Boolean> asked = new LinkedHashMap<>();
    for (String key :
        List.of("baseUrl", "endpoints", "retrieval.url", "users", "rate", "requests", "duration")) {
      asked.put(key, systemProperties.containsKey("llm." + key));
    }
    boolean bare = asked.values().stream().noneMatch(present -> present);
    boolean bareEnvironment =
        Stream.of(
                "LLM_BASE_URL",
                "LLM_RETRIEVAL_URL",
                "LLM_ENDPOINTS",
                "LLM_USERS",
                "LLM_RATE",
                "LLM_REQUESTS",
                "LLM_DURATION")
            .noneMatch(environment::containsKey);
    String named =
        systemProperties.getOrDefault("llm.profile", environment.getOrDefault("LLM_PROFILE", ""));
    if (!named.isBlank()) {
      return Optional.of(named);
    }
    return bare && bareEnvironment ? Optional.of(DEFAULT_PROFILE) : Optional.empty();
  }

  /** A profile that is only a name may have a supplement for a simulation: name-word.yaml. */
  private static Map<String, @Nullable Object> profile(String name, Path root, Workload workload) {
    if (!name.matches("[\\w-]+")) {
      return profile(name, root.resolve(name));
    }
    Path folder = root.resolve("user-files/profiles");
    Map<String, @Nullable Object> shared =
        new LinkedHashMap<>(profile(name, folder.resolve(name + ".yaml")));
    if (workload.ownEnd()) {
      // A profile for all sorts of load says how much of any, which such a workload says itself.
      shared.keySet().removeAll(List.of("requests", "duration"));
    }
    Optional<Path> supplement =
        workload
            .word()
            .map(word -> folder.resolve(name + "-" + word + ".yaml"))
            .filter(Files::exists);
    if (supplement.isEmpty()) {
      return shared;
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>(shared);
    all.putAll(YamlDocument.read(supplement.get()));
    return all;
  }

  private static Map<String, @Nullable Object> profile(String name, Path file) {
    if (!Files.exists(file)) {
      throw new ConfigException(
          "llm.profile: Expecting a name under user-files/profiles or a path. Found: "
              + name
              + ".");
    }
    return YamlDocument.read(file);
  }
}
