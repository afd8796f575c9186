package llmload.simulations.scenarios.suite;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import llmload.config.SettingsReader;
import llmload.model.Target;
import llmload.run.OwnDefaults;

/**
 * The settings {@code llm.suite.*}; the defaults are those of the run type.
 *
 * @param type the run type
 * @param iterationCount measured requests of token throughput
 * @param batchCounts how many requests are sent at once, batch by batch
 * @param wordCounts the lengths of prompts in words
 * @param levelCounts the levels of the stress part, in requests at once; empty without that part
 * @param levelTime how long each level is held
 * @param limits the limits that are not those of the target files
 * @param fileTargets whether the run type named the target files, and not the user
 */
public record SuiteSettings(
    SuiteType type,
    int iterationCount,
    List<Integer> batchCounts,
    List<Integer> wordCounts,
    List<Integer> levelCounts,
    Duration levelTime,
    SuiteLimits limits,
    boolean fileTargets)
    implements OwnDefaults {

  /** The workload's word. */
  public static final String SUITE = "suite";

  private static final String TYPE = "suite.type";
  private static final String CONFIG = "suite.config";
  private static final String HARDWARE = "suite.hardware";
  private static final String BASELINE = "suite.baselineFile";
  private static final String TARGETS = "targets";
  private static final String DEFAULT_TARGETS = "answered,mini-biai";
  private static final int MOST_ITERATIONS = 1_000_000;
  private static final int MOST_AT_ONCE = 10_000;
  private static final int MOST_WORDS = 1_000_000;

  /** Every wave of more than one request has a gate of its own in the scenario. */
  private static final int MOST_WAVES = 200;

  /** Hardware whose targets are shipped, with the batches that the suite gives it. */
  private static final Map<String, String> PRESETS = presets();

  private static Map<String, String> presets() {
    Map<String, String> batches = new LinkedHashMap<>();
    batches.put("rtx_4090", "1,4,8,16,32,64");
    batches.put("rtx_3080", "1,4,8,16,32");
    batches.put("cpu_only", "1,2,4,8");
    return batches;
  }

  /** Copies the lists. */
  public SuiteSettings {
    batchCounts = List.copyOf(batchCounts);
    wordCounts = List.copyOf(wordCounts);
    levelCounts = List.copyOf(levelCounts);
  }

  /**
   * Gives the settings that follow from the run type, the hardware and the configuration file.
   *
   * @param root the project's folder
   */
  public static void prepare(SettingsReader settings, Path root) {
    SuiteType type = settings.choice(TYPE, SuiteType.words(), SuiteType.QUICK);
    String ofType = TYPE + " " + type.word();
    if (type == SuiteType.RTX_4090) {
      settings.below(ofType, Map.of(HARDWARE, type.word()));
    }
    Optional<String> named = settings.text(CONFIG);
    SuiteConfigFile file = SuiteConfigFile.NONE;
    if (named.isPresent()) {
      file = SuiteConfigFile.read(root.resolve(named.get()), settings);
    }
    Set<String> known = new LinkedHashSet<>(PRESETS.keySet());
    known.addAll(file.hardware());
    String hardware = settings.choice(HARDWARE, List.copyOf(known)).orElse(null);
    settings.below(CONFIG + " " + named.orElse(""), file.settings(hardware));
    if (hardware != null && PRESETS.containsKey(hardware)) {
      settings.below(
          HARDWARE + " " + hardware,
          Map.of(
              "suite.batches",
              PRESETS.getOrDefault(hardware, ""),
              TARGETS,
              "answered," + hardware));
    }
    settings.below(ofType, ofType(settings, type));
  }

  private static Map<String, Object> ofType(SettingsReader settings, SuiteType type) {
    Map<String, Object> implied = new LinkedHashMap<>();
    SuiteParameters parameters = type.parameters();
    implied.put("warmUp", parameters.warmUpCount());
    implied.put("timeout.total", parameters.timeoutSeconds() + "s");
    implied.put(TARGETS, DEFAULT_TARGETS);
    implied.put("retrieval.vectors", parameters.vectorCount());
    implied.put("retrieval.queries", parameters.queryCount());
    settings
        .text(BASELINE)
        .ifPresent(
            baseline -> {
              implied.put("baseline", baseline);
              implied.put("baseline.policy", "minibiai");
            });
    boolean compares = settings.text("baseline").isPresent() || implied.containsKey("baseline");
    switch (type) {
      case TOK_THROUGHPUT, RETRIEVAL ->
          implied.put("failOn", "invalid,required,targets" + (compares ? ",regression" : ""));
      case REGRESSION -> implied.put("failOn", "invalid,required,regression");
      default -> {}
    }
    return implied;
  }

  /** Reads them; problems are noted in {@code settings}. */
  public static SuiteSettings read(SettingsReader settings) {
    SuiteType type = settings.choice(TYPE, SuiteType.words(), SuiteType.QUICK);
    SuiteParameters parameters = type.parameters();
    if (type == SuiteType.REGRESSION && settings.text("baseline").isEmpty()) {
      settings.problem(
          "llm.suite.baselineFile: Expecting a baseline, which the run type regression compares"
              + " with. Found: none. Keep one with the command baseline save.");
    }
    List<String> unused = settings.list(TARGETS, List.of(DEFAULT_TARGETS.split(",")));
    // What the exporter and the analysis read of the run's record.
    settings.flag("suite.energy", parameters.energy());
    settings.flag("suite.html", true);
    settings.text("suite.outputDir");
    settings.text("suite.output");
    boolean stresses = settings.flag("suite.stress", type.stresses());
    List<Integer> levels = counts(settings, "suite.levels", parameters.levelCounts(), MOST_AT_ONCE);
    Duration held =
        settings.duration("suite.levelTime", Duration.ofSeconds(parameters.levelSeconds()));
    if (held.isZero()) {
      settings.reject("suite.levelTime", "a duration above 0");
    }
    return new SuiteSettings(
        type,
        settings.integer("suite.iterations", parameters.iterationCount(), 1, MOST_ITERATIONS),
        counts(settings, "suite.batches", parameters.batchCounts(), MOST_AT_ONCE),
        counts(settings, "suite.words", parameters.wordCounts(), MOST_WORDS),
        stresses ? levels : List.of(),
        held,
        SuiteLimits.read(settings),
        settings.origins().getOrDefault(TARGETS, "").startsWith("suite."));
  }

  private static List<Integer> counts(
      SettingsReader settings, String key, List<Integer> fallback, int most) {
    List<String> words = settings.list(key, fallback.stream().map(String::valueOf).toList());
    Set<Integer> counts = new LinkedHashSet<>();
    for (String word : words) {
      int count = word.matches("\\d{1,7}") ? Integer.parseInt(word) : 0;
      if (count < 1 || count > most) {
        settings.problem(
            "llm.%s: Expecting whole numbers from 1 to %d. Found: %s.".formatted(key, most, word));
      } else {
        counts.add(count);
      }
    }
    return new ArrayList<>(counts);
  }

  @Override
  public boolean searches() {
    return type.searches();
  }

  /** The targets of the run type's files, with the limits of the user's own. */
  public List<Target> limited(List<Target> targets) {
    return fileTargets ? limits.applied(targets, type) : targets;
  }

  /** The measured requests of all parts but the stress part. */
  public long requestCount() {
    if (!type.generates()) {
      return 0;
    }
    return iterationCount
        + batchCounts.stream().mapToLong(batch -> (long) batch * waveCount(batch)).sum();
  }

  /** The waves of that many requests at once, so that all batches come to the iterations. */
  public int waveCount(int batch) {
    long each = (iterationCount + batchCounts.size() - 1L) / batchCounts.size();
    long most = batch == 1 ? MOST_ITERATIONS : MOST_WAVES;
    return (int) Math.max(1, Math.min(most, (each + batch - 1) / batch));
  }
}
