package llmload.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a file as slices of one buffer, split at line feeds only. A line that is longer than
 * the limit is passed over and told as such.
 */
final class LineSource implements Closeable {
  private final InputStream in;
  private final int maxLineBytes;
  private byte[] bytes;
  private int start;
  private int length;
  private int next;
  private int limit;
  private boolean overlong;
  private long lineCount;

  LineSource(InputStream in, int initialBytes, int maxLineBytes) {
    this.in = in;
    this.bytes = new byte[initialBytes];
    this.maxLineBytes = maxLineBytes;
  }

  /** Goes to the next line; false at the end. The last one may lack its line feed. */
  boolean advance() throws IOException {
    overlong = false;
    int scanned = next;
    while (true) {
      for (; scanned < limit; scanned++) {
        if (bytes[scanned] == '\n') {
          return line(scanned, scanned + 1);
        }
      }
      if (next > 0) {
        System.arraycopy(bytes, next, bytes, 0, limit - next);
        limit -= next;
        scanned -= next;
        next = 0;
      } else if (limit == bytes.length && limit >= maxLineBytes) {
        overlong = true;
        limit = 0;
        scanned = 0;
      } else if (limit == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(maxLineBytes, bytes.length * 2L));
      }
      int count = in.read(bytes, limit, bytes.length - limit);
      if (count < 0) {
        return (limit > 0 || overlong) && line(limit, limit);
      }
      limit += count;
    }
  }

  private boolean line(int end, int following) {
    start = next;
    length = end - next;
    next = following;
    lineCount++;
    return true;
  }

  /** The buffer that holds the line; valid until the next {@link #advance}. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the line starts in {@link #bytes}. */
  int start() {
    return start;
  }

  /** The line's bytes, without its line feed. */
  int length() {
    return length;
  }

  /** Whether the line was over the limit, so that only its end is held. */
  boolean overlong() {
    return overlong;
  }

  /** The line's number, from 1. */
  long lineNumber() {
    return lineCount;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
