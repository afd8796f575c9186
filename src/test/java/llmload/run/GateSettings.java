package llmload.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.grading.FailOn;
import llmload.grading.TargetFile;
import llmload.grading.ValidityLimits;
import llmload.model.Target;

/**
 * What a run is held to.
 *
 * @param targets the limits of all target files
 * @param failOn what fails the run
 * @param validityLimits the limits of the validity rules, by setting name
 */
public record GateSettings(
    List<Target> targets, List<String> failOn, Map<String, Double> validityLimits) {

  static GateSettings read(SettingsReader settings, Path root) {
    List<String> failOn = settings.list("failOn", List.of("invalid", "required"));
    check(settings, () -> FailOn.parse(failOn));
    Map<String, Double> limits = new LinkedHashMap<>();
    ValidityLimits.defaults()
        .forEach((key, fallback) -> limits.put(key, settings.number(key, fallback, 0, 1e9)));
    check(settings, () -> ValidityLimits.of(limits));
    return new GateSettings(targets(settings, root), failOn, limits);
  }

  /** What grading would refuse after the run is refused before it. */
  private static void check(SettingsReader settings, Supplier<?> parse) {
    try {
      var unused = parse.get();
    } catch (ConfigException e) {
      e.problems().forEach(problem -> settings.problem("llm." + problem));
    }
  }

  private static List<Target> targets(SettingsReader settings, Path root) {
    List<Target> targets = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String name : settings.list("targets", List.of("smoke"))) {
      if (name.equals("none")) {
        continue;
      }
      Path file =
          name.matches("[\\w-]+")
              ? root.resolve("user-files/targets/" + name + ".yaml")
              : root.resolve(name);
      try {
        for (Target target : TargetFile.read(file)) {
          if (ids.add(target.id())) {
            targets.add(target);
          }
        }
      } catch (ConfigException e) {
        e.problems().forEach(settings::problem);
      }
    }
    return targets;
  }
}
