package llmload.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The commit that is checked out in a folder, as git says. */
final class GitCommit {
  private static final long PATIENCE_SECONDS = 5;

  private GitCommit() {}

  /** The commit's id; {@code null} where there is no git or no commit. */
  static @Nullable String of(Path folder) {
    try {
      Process git =
          new ProcessBuilder("git", "-C", folder.toString(), "rev-parse", "HEAD")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      git.getOutputStream().close();
      // One line: it fits the pipe, so that git does not wait for a reader.
      if (!git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        git.destroyForcibly();
        return null;
      }
      String id =
          new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return git.exitValue() == 0 && id.matches("[0-9a-f]{40,64}") ? id : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
