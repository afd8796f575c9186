package llmload.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.grading.ComparisonPolicy;
import llmload.grading.FailOn;
import llmload.grading.TargetFolder;
import llmload.grading.ValidityLimits;
import llmload.model.RunSnapshot;
import llmload.model.Target;

/**
 * What a run is held to.
 *
 * @param targets the limits of all target files
 * @param failOn what fails the run
 * @param validityLimits the limits of the validity rules, by setting name
 * @param baseline what the run is held against; empty for nothing
 */
public record GateSettings(
    List<Target> targets,
    List<String> failOn,
    Map<String, Double> validityLimits,
    Optional<RunSnapshot> baseline) {

  /**
   * Reads the settings.
   *
   * @param defaultTargets the target file where the user names none
   */
  static GateSettings read(SettingsReader settings, Path root, String defaultTargets) {
    boolean compares = settings.text("baseline").isPresent();
    List<String> failOn =
        settings.list("failOn", compares ? FailOn.DEFAULT_AGAINST_A_BASELINE : FailOn.DEFAULT);
    check(settings, () -> FailOn.parse(failOn));
    Map<String, Double> limits = new LinkedHashMap<>();
    ValidityLimits.defaults()
        .forEach((key, fallback) -> limits.put(key, settings.number(key, fallback, 0, 1e9)));
    check(settings, () -> ValidityLimits.of(limits));
    return new GateSettings(
        targets(settings, root, defaultTargets), failOn, limits, baseline(settings, root));
  }

  /** The same with other targets. */
  GateSettings with(List<Target> others) {
    return new GateSettings(others, failOn, validityLimits, baseline);
  }

  /** That the user's own list lets a missed required target pass, which is easily overlooked. */
  Optional<String> warning() {
    boolean any = targets.stream().anyMatch(Target::required);
    return any && !FailOn.parse(failOn).required()
        ? Optional.of(
            "llm.failOn leaves out required: a required target that is missed fails nothing.")
        : Optional.empty();
  }

  /** What a comparison would refuse after the run is refused before it. */
  private static Optional<RunSnapshot> baseline(SettingsReader settings, Path root) {
    Optional<String> name = settings.text("baseline");
    Optional<ComparisonPolicy> policy =
        settings.choice(BaselineChoice.POLICY, ComparisonPolicy.words());
    List<String> allow = settings.list(BaselineChoice.ALLOW).orElse(List.of());
    if (name.isEmpty()) {
      return Optional.empty();
    }
    List<RunSnapshot> found = new ArrayList<>();
    check(settings, () -> found.add(BaselineChoice.load(root, name.get())));
    found.forEach(
        baseline ->
            check(
                settings,
                () -> policy.orElseGet(() -> ComparisonPolicy.of(baseline)).allowed(allow)));
    return found.stream().findFirst();
  }

  /** What grading would refuse after the run is refused before it. */
  private static void check(SettingsReader settings, Supplier<?> parse) {
    try {
      var unused = parse.get();
    } catch (ConfigException e) {
      e.problems()
          .forEach(
              problem ->
                  settings.problem(problem.matches("\\w[\\w.]*: .*") ? "llm." + problem : problem));
    }
  }

  private static List<Target> targets(SettingsReader settings, Path root, String defaultTargets) {
    List<String> names = new ArrayList<>(settings.list("targets", List.of(defaultTargets)));
    names.removeIf("none"::equals);
    try {
      return TargetFolder.of(root).combined(names);
    } catch (ConfigException e) {
      e.problems().forEach(settings::problem);
      return List.of();
    }
  }
}
