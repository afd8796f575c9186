package llmload.feeders;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import llmload.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file that are not blank, one at a time, with number and position.
 *
 * <p>A byte order mark at the start is skipped; a line may end in LF or CR LF. Not thread safe.
 */
final class LineReader implements Closeable {
  /** The longest line. */
  static final int MAX_LINE_BYTES = 10_000_000;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /**
   * A line.
   *
   * @param number counted from 1, blank lines included
   * @param offsetBytes where it begins
   * @param text without its end
   */
  record Line(int number, long offsetBytes, String text) {}

  private final Path file;
  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int number;
  private long offsetBytes;
  private boolean ended;

  private LineReader(Path file, InputStream in, int number, long offsetBytes) {
    this.file = file;
    this.in = in;
    this.number = number;
    this.offsetBytes = offsetBytes;
  }

  /**
   * Opens {@code file} at its start.
   *
   * @throws ConfigException if it is missing or cannot be read
   */
  static LineReader open(Path file) {
    return openAt(file, 1, 0);
  }

  /** Opens {@code file} where line {@code number} begins. */
  static LineReader openAt(Path file, int number, long offsetBytes) {
    if (Files.isDirectory(file)) {
      throw new ConfigException(file + ": Expecting a file. Found: a folder.");
    }
    try {
      SeekableByteChannel channel = Files.newByteChannel(file);
      channel.position(offsetBytes);
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
      return new LineReader(file, in, number - 1, offsetBytes);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": Expecting a file. Found: no such file.");
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The next line that is not blank; {@code null} at the end.
   *
   * @throws ConfigException if a line is too long or no UTF-8; the message has path and line
   */
  @Nullable Line next() {
    try {
      while (!ended) {
        long startBytes = offsetBytes;
        String text = read();
        if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
          text = text.substring(1);
        }
        if (!text.isBlank()) {
          return new Line(number, startBytes, text);
        }
      }
      return null;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** How far the reader has come in the file. */
  String at() {
    return file + ":" + number;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private String read() throws IOException {
    line.reset();
    number++;
    int next = in.read();
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() == MAX_LINE_BYTES) {
        throw new ConfigException(
            at() + ": Expecting a line of at most " + MAX_LINE_BYTES + " bytes. Found: more.");
      }
      line.write(next);
    }
    offsetBytes += line.size() + (next < 0 ? 0 : 1);
    ended = next < 0;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toByteArray()))
              .toString();
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    } catch (CharacterCodingException e) {
      throw new ConfigException(at() + ": Expecting UTF-8. Found: other bytes.");
    }
  }

  private static ConfigException unreadable(Path file, IOException e) {
    return new ConfigException(file + ": Expecting a readable file. Found: " + e + ".");
  }
}
