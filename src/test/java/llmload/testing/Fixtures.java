package llmload.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Files that tests read. */
public final class Fixtures {
  private Fixtures() {}

  /** The text of a file under {@code fixtures}, such as {@code telemetry/dcgm.prom}. */
  public static String text(String path) {
    try (InputStream in =
        Objects.requireNonNull(Fixtures.class.getResourceAsStream("/fixtures/" + path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
