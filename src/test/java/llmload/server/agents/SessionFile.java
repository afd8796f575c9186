package llmload.server.agents;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file of one session: a head with the tokens, and then as many bytes as their cache has.
 *
 * <p>The bytes stand for keys and values: they are made of a counter, so that no file system can
 * leave them out, and each is read back and checked.
 */
final class SessionFile {
  private static final int MAGIC = 0x4c4c4b56;
  private static final int CHUNK_BYTES = 1 << 20;

  private SessionFile() {}

  /**
   * Writes and syncs; the file is there whole or as it was before.
   *
   * @return the bytes written
   */
  static long write(Path file, int[] tokens, int kvBytesPerToken) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    long written = 0;
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer head = ByteBuffer.allocate(headBytes(tokens.length));
      head.putInt(MAGIC).putInt(tokens.length);
      for (int token : tokens) {
        head.putInt(token);
      }
      written += drain(channel, head);
      long left = (long) tokens.length * kvBytesPerToken;
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      for (long place = 0; left > 0; ) {
        chunk.clear().limit((int) Math.min(left, CHUNK_BYTES));
        while (chunk.remaining() >= Integer.BYTES) {
          chunk.putInt(Long.hashCode(place++ * 0x9E3779B97F4A7C15L));
        }
        left -= chunk.position();
        written += drain(channel, chunk);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return written;
  }

  /**
   * Reads all of it.
   *
   * @return the tokens
   * @throws IOException if it cannot be read or is not what was written
   */
  static int[] read(Path file, int kvBytesPerToken) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer start = fill(channel, ByteBuffer.allocate(headBytes(0)));
      if (start.getInt() != MAGIC) {
        throw damaged(file, "another kind of file");
      }
      int count = start.getInt();
      long left = (long) count * kvBytesPerToken;
      if (count < 0 || channel.size() != headBytes(count) + left) {
        throw damaged(file, channel.size() + " bytes for " + count + " tokens");
      }
      ByteBuffer head = fill(channel, ByteBuffer.allocate(count * Integer.BYTES));
      int[] tokens = new int[count];
      head.asIntBuffer().get(tokens);
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      for (long place = 0; left > 0; left -= chunk.limit()) {
        fill(channel, chunk.clear().limit((int) Math.min(left, CHUNK_BYTES)));
        while (chunk.hasRemaining()) {
          if (chunk.getInt() != Long.hashCode(place++ * 0x9E3779B97F4A7C15L)) {
            throw damaged(file, "other bytes than were written");
          }
        }
      }
      return tokens;
    }
  }

  private static int headBytes(int tokenCount) {
    return 2 * Integer.BYTES + tokenCount * Integer.BYTES;
  }

  private static long drain(FileChannel channel, ByteBuffer buffer) throws IOException {
    buffer.flip();
    long count = 0;
    while (buffer.hasRemaining()) {
      count += channel.write(buffer);
    }
    return count;
  }

  private static ByteBuffer fill(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("The file ends early.");
      }
    }
    return buffer.flip();
  }

  private static IOException damaged(Path file, String found) {
    return new IOException(file + ": Expecting a session's whole file. Found: " + found + ".");
  }
}
