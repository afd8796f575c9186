package llmload.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of the project whose files users call by name.
 *
 * @param folder where they lie
 * @param ending what follows the name, for example {@code .yaml}
 */
public record NamedFiles(Path folder, String ending) {

  /**
   * The names of the files there, in alphabetical order; none if there is no folder.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public List<String> names() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": Expecting a readable folder. Found: " + e, e);
    }
  }

  /** Where the file of that name is, or would be. */
  public Path file(String name) {
    return folder.resolve(name + ending);
  }
}
