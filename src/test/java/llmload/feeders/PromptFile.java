package llmload.feeders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import llmload.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A file of prompts, one JSON object a line:
 *
 * <pre>{@code
 * {"id": "short-01", "prompt": "Name three fruits that keep well.", "system": "Be brief.", "tags": ["short"]}
 * }</pre>
 *
 * Only {@code prompt} is needed; further fields become attributes of the virtual user.
 */
public final class PromptFile {
  private static final Set<String> SHIPPED = Set.of("short", "medium", "long", "code");
  private static final int MAX_PROBLEM_COUNT = 20;

  private PromptFile() {}

  /**
   * The file meant by a setting: {@code short}, {@code medium}, {@code long} and {@code code} are
   * those that ship in {@code feeders/prompts}; anything else is a path, from the project's folder.
   */
  public static Path resolve(Path projectFolder, String nameOrPath) {
    if (SHIPPED.contains(nameOrPath)) {
      return projectFolder.resolve("feeders").resolve("prompts").resolve(nameOrPath + ".jsonl");
    }
    return projectFolder.resolve(nameOrPath);
  }

  /**
   * Reads the whole file and counts its prompts.
   *
   * @throws ConfigException if it is missing or empty, or lines break a rule: the first 20 of them,
   *     each with path and line
   */
  public static int check(Path file) {
    List<String> problems = new ArrayList<>();
    int promptCount = 0;
    try (LineReader lines = LineReader.open(file)) {
      LineReader.@Nullable Line line = next(lines, problems);
      while (line != null && problems.size() < MAX_PROBLEM_COUNT) {
        try {
          PromptLine.parse(file, line);
          promptCount++;
        } catch (ConfigException e) {
          problems.addAll(e.problems());
        }
        line = next(lines, problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    if (promptCount == 0) {
      throw new ConfigException(file + ": Expecting at least one prompt. Found: none.");
    }
    return promptCount;
  }

  /** A line that cannot be read ends the check: where the next one begins is not known. */
  private static LineReader.@Nullable Line next(LineReader lines, List<String> problems) {
    try {
      return lines.next();
    } catch (ConfigException e) {
      problems.addAll(e.problems());
      return null;
    }
  }
}
