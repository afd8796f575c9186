package llmload.run.baseline;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import llmload.config.ConfigException;
import llmload.config.NamedFiles;

/** The folder of a project's baselines, {@code user-files/baselines}. */
public final class BaselineFolder {
  /** Where it lies in the project. */
  public static final String FOLDER = "user-files/baselines";

  private static final String ENDING = ".json";

  private final Path root;
  private final NamedFiles files;

  private BaselineFolder(Path root) {
    this.root = root;
    this.files = new NamedFiles(root.resolve(FOLDER), ENDING);
  }

  /** The folder of the project at {@code root}. */
  public static BaselineFolder of(Path root) {
    return new BaselineFolder(root);
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
   * Where {@code nameOrPath} is or would be: a plain name such as {@code main} is a file of this
   * folder; what holds a separator or ends in {@code .json} is a path from the project's folder.
   */
  public Path locate(String nameOrPath) {
    boolean name = nameOrPath.matches("\\w[\\w.-]*") && !nameOrPath.endsWith(ENDING);
    return (name ? files.file(nameOrPath) : root.resolve(nameOrPath)).normalize();
  }

  /**
   * The file, or the run's folder, that {@code nameOrPath} means.
   *
   * @throws ConfigException if there is none
   */
  public Path find(String nameOrPath) {
    Path place = locate(nameOrPath);
    if (Files.isRegularFile(place) || Files.isDirectory(place)) {
      return place;
    }
    List<String> names = names();
    throw new ConfigException(
        "baseline: Expecting the name of a file in "
            + FOLDER
            + ", or the path of a file or of a run's folder. Found: "
            + nameOrPath
            + (names.isEmpty()
                ? ". Keep one with: baseline save results/<run>."
                : ". There are " + String.join(", ", names) + "."));
  }

  /** What reports call the baseline at {@code place}: the file's name without its ending. */
  public static String nameOf(Path place) {
    Path last = place.getFileName();
    return last == null ? "baseline" : last.toString().replaceFirst("\\.json$", "");
  }
}
