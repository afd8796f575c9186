package llmload.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
 * @param notices what the user should know of them, one sentence each
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
    Map<String, String> resolved,
    List<String> notices) {

  /** What a user asks for who wants more than a first look. */
  private static final List<String> ASKING =
      List.of("baseUrl", "endpoints", "users", "rate", "requests", "duration");

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
    Optional<String> profile = profileName(systemProperties, environment, workload);
    Map<String, @Nullable Object> yaml =
        profile.isPresent() ? profile(profile.get(), root, workload) : Map.of();
    SettingsReader settings =
        SettingsReader.of(systemProperties, environment, yaml, profile.orElse("none"));
    settings.text("profile");
    OwnSettings<?> own = workload.own();
    if (own != null) {
      own.prepare(settings, root);
    }
    OwnDefaults defaults = ownDefaults(settings, workload);
    TargetSettings target =
        TargetSettings.read(settings, environment, root).withEngineDefaults(defaults.engine());
    LoadSettings load = LoadSettings.read(settings, workload);
    RequestSettings request = RequestSettings.read(settings);
    checkLengths(settings, load, request);
    if (load.kind().isGeneration()) {
      checkFiles(settings, root, request);
    }
    RetrievalSettings retrieval = retrieval(settings, root, load, target, defaults.searches());
    boolean streams = Dialects.of(target.dialect()).canStream() && request.stream();
    RetrievalSettings alone = load.kind() == RequestKind.RETRIEVAL ? retrieval : null;
    if (alone != null) {
      target = target.searching(alone);
    }
    boolean bySize = alone != null && alone.isBySize();
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
    Optional<String> runId = runId(settings);
    if (own != null) {
      gate = gate.with(own.limited(gate.targets()));
    }
    checkExports(settings, workload.exports());
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
        resolved,
        settings.notices());
  }

  private static @Nullable RetrievalSettings retrieval(
      SettingsReader settings,
      Path root,
      LoadSettings load,
      TargetSettings target,
      boolean beside) {
    boolean alone = load.kind() == RequestKind.RETRIEVAL;
    boolean known = target.baseUrl() == null || settings.text("retrieval.url").isPresent();
    if (!alone && (!beside || !known)) {
      // A profile serves every simulation.
      settings.known("retrieval.*");
      if (beside) {
        settings.notice(
            "Vector search is not run: set llm.retrieval.url to the server that is to be searched.");
      }
      return null;
    }
    RetrievalSettings retrieval = RetrievalSettings.read(settings, root);
    if (alone) {
      retrieval.checkServer(settings, target);
    }
    retrieval.check(settings, load, target);
    return retrieval;
  }

  /** The API that the server under test speaks. */
  Dialect dialect() {
    return retrieval
        .filter(search -> load.kind() == RequestKind.RETRIEVAL)
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

  private static Optional<String> runId(SettingsReader settings) {
    Optional<String> runId = settings.text("runId");
    if (runId.isPresent() && !runId.get().matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")) {
      settings.problem(
          "llm.runId: Expecting up to 64 letters, digits, '.', '_' and '-'. Found: "
              + runId.get()
              + ".");
    }
    return runId;
  }

  private static void checkExports(SettingsReader settings, List<String> byDefault) {
    List<String> exports =
        byDefault.isEmpty()
            ? settings.list("exports").orElse(List.of())
            : settings.list("exports", byDefault);
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

  /**
   * A run of the bare command, on the embedded server, takes the profile {@code quick}; who says
   * anything of the load, or sets anything of the simulation's own, gets the whole of it.
   */
  private static Optional<String> profileName(
      Map<String, String> systemProperties, Map<String, String> environment, Workload workload) {
    String named =
        systemProperties.getOrDefault("llm.profile", environment.getOrDefault("LLM_PROFILE", ""));
    if (!named.isBlank()) {
      return Optional.of(named);
    }
    boolean asked =
        ASKING.stream()
                .anyMatch(
                    key ->
                        systemProperties.containsKey("llm." + key)
                            || environment.containsKey(SettingsReader.environmentName(key)))
            || workload
                .word()
                .map(word -> word + ".")
                .filter(
                    own ->
                        anyBegins(systemProperties, "llm." + own)
                            || anyBegins(systemProperties, "llm." + camelCase(own))
                            || anyBegins(environment, SettingsReader.environmentName(own)))
                .isPresent();
    return asked ? Optional.empty() : Optional.of(DEFAULT_PROFILE);
  }

  /** A workload's word as its keys have it: {@code wrk_profile} is {@code wrkProfile}. */
  private static String camelCase(String word) {
    return Pattern.compile("_(.)")
        .matcher(word)
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  private static boolean anyBegins(Map<String, String> given, String start) {
    return given.keySet().stream().anyMatch(key -> key.startsWith(start));
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
