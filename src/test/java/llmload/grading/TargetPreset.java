package llmload.grading;

import java.nio.file.Path;
import java.util.List;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;

/**
 * A target file with what it says of itself.
 *
 * @param name what {@code llm.targets} calls it; the file's own name if it states none
 * @param file where it lies
 * @param description what it is for; {@code null} if it does not say
 * @param targets its limits, at least one, in the file's order
 */
public record TargetPreset(
    String name, Path file, @Nullable String description, List<Target> targets) {
  /** Keeps an unmodifiable copy of the targets. */
  public TargetPreset {
    targets = List.copyOf(targets);
  }

  /** How many of the targets fail a run that misses them. */
  public int requiredCount() {
    return Math.toIntExact(targets.stream().filter(Target::required).count());
  }

  /** How many of the targets count for the grade. */
  public int gradedCount() {
    return Math.toIntExact(targets.stream().filter(Target::graded).count());
  }
}
