package llmload.run;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** The project's folder: the one that holds pom.xml, wherever Maven was started. */
public final class ProjectFolder {
  private ProjectFolder() {}

  /** The folder above {@code target/test-classes}; the working folder where there is no such. */
  public static Path find() {
    Path classes = codeSource();
    if (classes != null && classes.endsWith(Path.of("target", "test-classes"))) {
      return classes.resolve("../..").normalize();
    }
    return Path.of("").toAbsolutePath();
  }

  private static @Nullable Path codeSource() {
    CodeSource source = ProjectFolder.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }
}
