package llmload.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /**
   * Reads the settings.
   *
   * @param defaultTargets the target file where the user names none
   */
  static GateSettings read(SettingsReader settings, Path root, String defaultTargets) {
    List<String> failOn = settings.list("failOn", List.of("invalid", "required"));
    try {
      FailOn.parse(failOn);
    } catch (IllegalArgumentException e) {
      settings.problem("llm.failOn: " + e.getMessage());
    }
    Map<String, Double> limits = new LinkedHashMap<>();
    ValidityLimits.defaults()
        .forEach((key, fallback) -> limits.put(key, settings.number(key, fallback, 0, 1e9)));
    return new GateSettings(targets(settings, root, defaultTargets), failOn, limits);
  }

  private static List<Target> targets(SettingsReader settings, Path root, String defaultTargets) {
    List<Target> targets = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String name : settings.list("targets", List.of(defaultTargets))) {
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
