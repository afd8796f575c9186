package llmload.journal;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Finished lines on their way to a file, and the one that is being written. One thread only. */
final class LineBuffer extends OutputStream {
  private byte[] bytes = new byte[256 * 1024];
  private int size;

  @Override
  public void write(int b) {
    reserve(1);
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** The number of bytes held. */
  int size() {
    return size;
  }

  /** Forgets everything from {@code newSize} on: a line that could not be finished. */
  void truncate(int newSize) {
    size = newSize;
  }

  /** The bytes held, to be written; valid until the next change. */
  ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }
}
