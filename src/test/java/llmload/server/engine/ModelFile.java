package llmload.server.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model on the class path as a file that native code can open, and a scratch folder of this
 * process alone.
 */
final class ModelFile implements AutoCloseable {
  private final Path scratch;
  private final Path model;

  private ModelFile(Path scratch, Path model) {
    this.scratch = scratch;
    this.model = model;
  }

  /**
   * Finds the resource; one inside a jar is unpacked.
   *
   * @throws UncheckedIOException if it is missing or cannot be unpacked
   */
  static ModelFile of(String resource) {
    URL url = ModelFile.class.getResource(resource);
    if (url == null) {
      throw new UncheckedIOException(
          new IOException(resource + ": Expecting a model on the class path. Found: none."));
    }
    try {
      Path scratch = Files.createTempDirectory("llmload-engine-");
      if (url.getProtocol().equals("file")) {
        return new ModelFile(scratch, Path.of(url.toURI()));
      }
      Path copy = scratch.resolve("model.gguf");
      try (InputStream in = url.openStream()) {
        Files.copy(in, copy);
      }
      return new ModelFile(scratch, copy);
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException(url + ": Expecting a file's address.", e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder that no other process uses. */
  Path scratch() {
    return scratch;
  }

  /** The model. */
  Path model() {
    return model;
  }

  /**
   * Deletes the scratch folder as far as it can be: an open file cannot everywhere, and what is
   * left then stays in the system's temporary folder.
   */
  @Override
  public void close() {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(scratch)) {
      paths = found.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException | UncheckedIOException e) {
      return;
    }
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        path.toFile().deleteOnExit();
      }
    }
  }
}
