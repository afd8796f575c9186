package llmload.simulations.scenarios.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.config.YamlDocument;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file of mini-biai-1's suite, by its own keys: each is taken as a setting of
 * ours, or named as not taken.
 */
final class SuiteConfigFile {
  /** No file. */
  static final SuiteConfigFile NONE = new SuiteConfigFile(Map.of(), Map.of());

  private static final String HARDWARE = "hardware_configs";
  private static final String TARGET = "target_";
  private static final String SPEED = "suite.target.tokensPerSecond";
  private static final String TTFT = "suite.target.ttftMillis";
  private static final String SPIKES = "suite.target.spikePercents";
  private static final String SEARCH = "suite.target.retrievalMillis";
  private static final String BATCHES = "suite.batches";
  private static final String LEVEL_TIME = "suite.levelTime";

  /** Ours by theirs; where ours has a unit, it follows a space. */
  private static final Map<String, String> OURS =
      Map.ofEntries(
          Map.entry("target_metrics.tok_s", SPEED),
          Map.entry("target_metrics.ttft_ms", TTFT),
          Map.entry("target_metrics.spike_rate_range", SPIKES),
          Map.entry("target_metrics.retrieval_ms", SEARCH),
          Map.entry("test_params.iterations", "suite.iterations"),
          Map.entry("test_params.warmup_iterations", "warmUp"),
          Map.entry("test_params.timeout_seconds", "timeout.total s"),
          Map.entry("test_params.batch_sizes", BATCHES),
          Map.entry("model.name", "model"),
          Map.entry("model.test_text_lengths", "suite.words"),
          Map.entry("retrieval.index_size", "retrieval.vectors"),
          Map.entry("retrieval.queries", "retrieval.queries"),
          Map.entry("retrieval.top_k", "retrieval.topK"),
          Map.entry("retrieval.vector_dim", "retrieval.dimensions"),
          Map.entry("stress_test.concurrency_levels", "suite.levels"),
          Map.entry("stress_test.duration_seconds", LEVEL_TIME + " s"),
          Map.entry("stress_test.duration", LEVEL_TIME + " s"),
          Map.entry("monitoring.interval_ms", "telemetry.interval ms"),
          Map.entry("energy.enabled", "suite.energy"),
          Map.entry("output.directory", "suite.outputDir"),
          Map.entry("output.generate_html_report", "suite.html"),
          Map.entry("regression.baseline_file", "suite.baselineFile"));

  private static final Map<String, String> OF_HARDWARE =
      Map.of(
          "tok_s",
          SPEED,
          "ttft_ms",
          TTFT,
          "spike_rate_range",
          SPIKES,
          "retrieval_ms",
          SEARCH,
          "batch_sizes",
          BATCHES);

  /** Why a key that the suite has is not taken. */
  private static final Map<String, String> NOT_TAKEN =
      Map.of(
          "monitoring.memory_sample_interval_ms",
          "everything is read at telemetry.interval",
          "monitoring.energy_sample_interval_ms",
          "everything is read at telemetry.interval",
          "output.save_detailed_logs",
          "the journal is always kept",
          "regression.threshold_percent",
          "the policy minibiai has 10 %");

  private final Map<String, Object> shared;
  private final Map<String, Map<String, Object>> byHardware;

  private SuiteConfigFile(Map<String, Object> shared, Map<String, Map<String, Object>> byHardware) {
    this.shared = shared;
    this.byHardware = byHardware;
  }

  /** Reads {@code file}; problems and keys that are not taken are noted in {@code settings}. */
  static SuiteConfigFile read(Path file, SettingsReader settings) {
    Map<String, @Nullable Object> yaml;
    try {
      yaml = YamlDocument.read(file);
    } catch (ConfigException e) {
      e.problems().forEach(problem -> settings.problem("llm.suite.config: " + problem));
      return NONE;
    }
    Map<String, Object> shared = new LinkedHashMap<>();
    Map<String, Map<String, Object>> byHardware = new LinkedHashMap<>();
    List<String> left = new ArrayList<>();
    yaml.forEach(
        (section, value) -> {
          if (section.equals(HARDWARE) && value instanceof Map<?, ?> machines) {
            machines.forEach(
                (name, block) -> byHardware.put(String.valueOf(name), hardware(name, block, left)));
          } else if (value instanceof Map<?, ?> keys) {
            keys.forEach((key, of) -> take(section + "." + key, of, shared, left));
          } else if (value != null) {
            left.add(section + " (unknown)");
          }
        });
    if (!left.isEmpty()) {
      settings.notice(
          "llm.suite.config: "
              + file
              + " has keys that are not taken: "
              + String.join(", ", left)
              + ".");
    }
    return new SuiteConfigFile(shared, byHardware);
  }

  private static void take(
      String key, @Nullable Object value, Map<String, Object> settings, List<String> left) {
    String ours = OURS.get(key);
    if (ours == null) {
      left.add(key + " (" + NOT_TAKEN.getOrDefault(key, "unknown") + ")");
    } else if (value != null) {
      int space = ours.indexOf(' ');
      if (space < 0) {
        settings.put(ours, value);
      } else {
        settings.put(ours.substring(0, space), value + ours.substring(space + 1));
      }
    }
  }

  private static Map<String, Object> hardware(
      Object name, @Nullable Object block, List<String> left) {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (!(block instanceof Map<?, ?> keys)) {
      left.add(HARDWARE + "." + name + " (no keys)");
      return settings;
    }
    keys.forEach(
        (key, value) -> {
          String plain = String.valueOf(key);
          String ours =
              OF_HARDWARE.get(plain.startsWith(TARGET) ? plain.substring(TARGET.length()) : plain);
          if (ours == null) {
            left.add(HARDWARE + "." + name + "." + plain + " (unknown)");
          } else if (value != null) {
            settings.put(ours, value);
          }
        });
    return settings;
  }

  /** The machines that it has limits for. */
  Set<String> hardware() {
    return byHardware.keySet();
  }

  /** Our settings, those of {@code hardware} over those for all. */
  Map<String, Object> settings(@Nullable String hardware) {
    Map<String, Object> all = new LinkedHashMap<>(shared);
    if (hardware != null) {
      all.putAll(byHardware.getOrDefault(hardware, Map.of()));
    }
    return all;
  }
}
