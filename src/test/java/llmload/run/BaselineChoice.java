package llmload.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import llmload.config.ConfigException;
import llmload.grading.BaselineJudge;
import llmload.grading.ComparisonPolicy;
import llmload.model.BaselineComparison;
import llmload.model.Regression;
import llmload.model.RunManifest;
import llmload.model.RunSnapshot;
import llmload.run.baseline.BaselineFile;
import llmload.run.baseline.BaselineFolder;
import org.jspecify.annotations.Nullable;

/**
 * What a run is held against, and how.
 *
 * @param baseline the baseline
 * @param policy the rules
 * @param allow metrics that may be worse
 */
public record BaselineChoice(RunSnapshot baseline, ComparisonPolicy policy, List<String> allow) {
  /** The setting that names the rules; without it they are those of the baseline's suite. */
  static final String POLICY = "baseline.policy";

  /** The setting that names expected changes. */
  static final String ALLOW = "baseline.allow";

  private static final String NAME = "baseline";

  /** The format of a baseline that is gone. */
  private static final String MISSING = "missing";

  /** Copies the list. */
  public BaselineChoice {
    allow = List.copyOf(allow);
  }

  /**
   * Reads a baseline: the name of a file in {@code user-files/baselines}, or the path of a file or
   * of another run's folder.
   *
   * @param root the project's folder
   * @throws ConfigException if there is none or it cannot be read
   */
  public static RunSnapshot load(Path root, String nameOrPath) {
    Path place = BaselineFolder.of(root).find(nameOrPath);
    return Files.isDirectory(place) ? Aggregator.snapshot(place) : BaselineFile.read(place);
  }

  /**
   * The choice that a run was made with: its settings, and the copy of the baseline in its folder.
   *
   * @throws ConfigException if the copy or a setting cannot be read
   */
  static Optional<BaselineChoice> of(RunManifest manifest, Path folder) {
    Map<String, String> settings = manifest.settings();
    String name = settings.get(NAME);
    if (name == null) {
      return Optional.empty();
    }
    Path file = folder.resolve(BaselineFile.IN_RUN);
    RunSnapshot baseline =
        Files.isRegularFile(file)
            ? BaselineFile.read(file)
            : missing(BaselineFolder.nameOf(Path.of(name)));
    List<String> allow =
        Arrays.stream(settings.getOrDefault(ALLOW, "").split(",", -1))
            .map(String::strip)
            .filter(word -> !word.isEmpty())
            .toList();
    return Optional.of(new BaselineChoice(baseline, policy(settings.get(POLICY), baseline), allow));
  }

  private static ComparisonPolicy policy(@Nullable String word, RunSnapshot baseline) {
    if (word == null) {
      return ComparisonPolicy.of(baseline);
    }
    ComparisonPolicy policy = ComparisonPolicy.words().get(word.strip().toLowerCase(Locale.ROOT));
    if (policy == null) {
      throw new ConfigException(
          POLICY
              + ": Expecting one of "
              + String.join(", ", ComparisonPolicy.words().keySet())
              + ". Found: "
              + word
              + ".");
    }
    return policy;
  }

  private static RunSnapshot missing(String name) {
    return new RunSnapshot(
        name, MISSING, null, null, null, null, false, null, null, Map.of(), Map.of(), Map.of());
  }

  /** Holds {@code current} against the baseline. */
  BaselineComparison compare(RunSnapshot current) {
    if (!baseline.format().equals(MISSING)) {
      return BaselineJudge.compare(baseline, current, policy, allow);
    }
    String reason =
        "The copy of the baseline, " + BaselineFile.IN_RUN + ", is not in the run's folder.";
    return new BaselineComparison(
        baseline,
        policy.id(),
        Regression.NOT_COMPARABLE,
        List.of(reason),
        List.of(),
        List.of(),
        Map.of());
  }
}
