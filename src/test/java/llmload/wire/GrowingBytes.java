package llmload.wire;

import java.util.Arrays;

/** A byte array that grows as bytes are appended and keeps its room when cleared. */
final class GrowingBytes {
  private static final byte[] NOTHING = new byte[0];
  private static final int FIRST_BYTES = 256;
  private static final int KEPT_BYTES = 64 << 10;

  private byte[] bytes = NOTHING;
  private int size;

  void append(byte[] from, int start, int end) {
    int added = end - start;
    if (bytes.length - size < added) {
      long wanted = Math.max((long) size + added, Math.max(FIRST_BYTES, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
    System.arraycopy(from, start, bytes, size, added);
    size += added;
  }

  /** The bytes up to {@link #size}; valid until the next change. */
  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Forgets the content; a huge event's room is given back. */
  void clear() {
    size = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = NOTHING;
    }
  }
}
