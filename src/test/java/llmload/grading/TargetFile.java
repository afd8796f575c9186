package llmload.grading;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import llmload.config.ConfigException;
import llmload.config.YamlDocument;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;

/**
 * A file of targets, {@code user-files/targets/*.yaml}; docs/targets.md shows the format.
 *
 * <pre>{@code
 * version: 1
 * name: chat
 * targets:
 *   - {metric: ttft, scope: chat, statistic: p99, op: "<=", value: 2000, unit: ms, required: true}
 * }</pre>
 */
public final class TargetFile {
  private static final Set<String> KEYS =
      Set.of("version", "name", "description", "source", "targets");

  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");

  private TargetFile() {}

  /**
   * The targets of {@code file} over the core metrics.
   *
   * @throws ConfigException with every problem of the file
   */
  public static List<Target> read(Path file) {
    return read(file, Map.of());
  }

  /**
   * The targets of {@code file}.
   *
   * @param otherMetrics the unit of each further metric by its id, beside those of {@link
   *     CoreMetric}
   * @throws ConfigException with every problem of the file, each beginning with its path
   */
  public static List<Target> read(Path file, Map<String, String> otherMetrics) {
    return preset(file, otherMetrics).targets();
  }

  /**
   * The targets of {@code file} over the core metrics, with the file's name and description.
   *
   * @throws ConfigException with every problem of the file, each beginning with its path
   */
  public static TargetPreset preset(Path file) {
    return preset(file, Map.of());
  }

  private static TargetPreset preset(Path file, Map<String, String> otherMetrics) {
    Map<String, @Nullable Object> root = YamlDocument.read(file);
    Problems problems = new Problems(file + ": ");
    problems.unknownKeys("", root.keySet(), KEYS);
    Object version = root.get("version");
    if (!Integer.valueOf(1).equals(version)) {
      problems.add("version", "1", version);
    }
    String name = text(root, "name", problems);
    if (name != null && !NAME.matcher(name).matches()) {
      problems.add("name", "letters, digits, _ . and -", name);
    }
    String description = text(root, "description", problems);
    String source = text(root, "source", problems);
    Map<String, String> units = units(otherMetrics);
    List<Target> targets = new ArrayList<>();
    if (root.get("targets") instanceof List<?> list && !list.isEmpty()) {
      for (int i = 0; i < list.size(); i++) {
        TargetParser parser = new TargetParser("targets[" + i + "]", units, problems);
        Target target = parser.parse(list.get(i), source);
        if (target != null) {
          targets.add(target);
        }
      }
    } else {
      problems.add("targets", "a list of at least one target", root.get("targets"));
    }
    refuseDuplicates(targets, problems);
    problems.throwIfAny();
    return new TargetPreset(name == null ? stem(file) : name, file, description, targets);
  }

  private static @Nullable String text(
      Map<String, @Nullable Object> root, String key, Problems problems) {
    Object value = root.get(key);
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    if (value != null) {
      problems.add(key, "a text", value);
    }
    return null;
  }

  private static String stem(Path file) {
    Path last = file.getFileName();
    return last == null ? "targets" : last.toString().replaceFirst("\\.ya?ml$", "");
  }

  private static Map<String, String> units(Map<String, String> otherMetrics) {
    Map<String, String> units = new LinkedHashMap<>(otherMetrics);
    for (Metric metric : Metric.all()) {
      units.put(metric.id(), metric.unit());
    }
    return units;
  }

  private static void refuseDuplicates(List<Target> targets, Problems problems) {
    Map<String, Integer> seen = new HashMap<>();
    for (Target target : targets) {
      if (seen.merge(target.id(), 1, Integer::sum) == 2) {
        problems.add(
            "targets", "a different id for each target", target.id(), " Give one its own id.");
      }
    }
  }
}
