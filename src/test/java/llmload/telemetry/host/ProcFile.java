package llmload.telemetry.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file of Linux' process file system that is kept open, since reading it anew from its begin
 * takes half of what opening it again does. One thread at a time.
 */
final class ProcFile implements AutoCloseable {
  private static final int FIRST_BYTES = 4 << 10;

  private final Path path;
  private byte[] bytes = new byte[FIRST_BYTES];
  private @Nullable RandomAccessFile file;

  ProcFile(Path path) {
    this.path = path;
  }

  /**
   * What it says now.
   *
   * @throws IOException if it is not there, may not be read, or its process is gone
   */
  String read() throws IOException {
    RandomAccessFile open = file;
    if (open == null) {
      open = new RandomAccessFile(path.toFile(), "r");
      file = open;
    } else {
      open.seek(0);
    }
    int filled = 0;
    int read;
    while ((read = open.read(bytes, filled, bytes.length - filled)) > 0) {
      filled += read;
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * filled);
      }
    }
    return new String(bytes, 0, filled, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    RandomAccessFile open = file;
    file = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // It was only read.
      return;
    }
  }
}
