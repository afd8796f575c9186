package llmload.grading;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmload.config.ConfigException;
import llmload.config.NamedFiles;
import llmload.model.Target;

/**
 * The folder of a project's target files, {@code user-files/targets}, and what several of them are
 * together.
 */
public final class TargetFolder {
  private static final String FOLDER = "user-files/targets";
  private static final String ENDING = ".yaml";

  private final Path root;
  private final NamedFiles files;

  private TargetFolder(Path root) {
    this.root = root;
    this.files = new NamedFiles(root.resolve(FOLDER), ENDING);
  }

  /** The folder of the project at {@code root}. */
  public static TargetFolder of(Path root) {
    return new TargetFolder(root);
  }

  /**
   * The names of the files there, in alphabetical order; none if there is no folder.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public List<String> names() {
    return files.names();
  }

  /**
   * Reads one file: a name such as {@code rtx_4090} is one of this folder's; what holds a separator
   * or ends in {@code .yaml} or {@code .yml} is a path, relative to the project's folder.
   *
   * @throws ConfigException with every problem of the file, or if there is none of that name
   */
  public TargetPreset read(String nameOrPath) {
    if (!isName(nameOrPath)) {
      return TargetFile.preset(root.resolve(nameOrPath));
    }
    List<String> names = names();
    if (!names.contains(nameOrPath)) {
      Problems problems = new Problems("");
      String hint = NearestWord.hint(nameOrPath, names);
      String remedy = hint.isEmpty() ? " There are " + String.join(", ", names) + "." : hint;
      problems.add(FOLDER, "the name of a file there, or a path", nameOrPath, remedy);
      problems.throwIfAny();
    }
    return TargetFile.preset(files.file(nameOrPath));
  }

  private static boolean isName(String text) {
    return text.matches("\\w[\\w.-]*") && !text.endsWith(ENDING) && !text.endsWith(".yml");
  }

  /**
   * The targets of several files, none left out. An id that more than one of them uses is told
   * apart by its file's name: {@code year1.all.ttft.mean}.
   *
   * @throws ConfigException with the problems of all files, or if two that share an id also share
   *     their name, as a file that is named twice does
   */
  public List<Target> combined(List<String> namesOrPaths) {
    List<String> problems = new ArrayList<>();
    List<TargetPreset> presets = new ArrayList<>();
    for (String nameOrPath : namesOrPaths) {
      try {
        presets.add(read(nameOrPath));
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    List<Target> targets = distinct(presets, problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return targets;
  }

  private static List<Target> distinct(List<TargetPreset> presets, List<String> problems) {
    Map<String, Integer> uses = new HashMap<>();
    for (TargetPreset preset : presets) {
      preset.targets().forEach(target -> uses.merge(target.id(), 1, Integer::sum));
    }
    Map<String, Target> byId = new LinkedHashMap<>();
    Set<String> clashes = new LinkedHashSet<>();
    for (TargetPreset preset : presets) {
      for (Target target : preset.targets()) {
        boolean shared = uses.getOrDefault(target.id(), 0) > 1;
        String id = shared ? preset.name() + "." + target.id() : target.id();
        if (byId.putIfAbsent(id, withId(target, id)) != null) {
          clashes.add(preset.name());
        }
      }
    }
    for (String name : clashes) {
      problems.add(
          "target files: Expecting a different name for each. Found: "
              + name
              + " twice. Name it once, or change the name that one of the files states.");
    }
    return List.copyOf(byId.values());
  }

  private static Target withId(Target target, String id) {
    return new Target(
        id,
        target.scope(),
        target.metric(),
        target.statistic(),
        target.op(),
        target.value(),
        target.upper(),
        target.unit(),
        target.required(),
        target.graded(),
        target.source());
  }
}
