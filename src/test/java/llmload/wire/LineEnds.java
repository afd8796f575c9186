package llmload.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds line ends, eight bytes at a time.
 *
 * <p>A byte of {@code word ^ pattern} is zero where the word holds the pattern's byte; {@code (x −
 * 0x01…) & ~x & 0x80…} flags zero bytes, and the lowest flag is always a true one (Warren, Hacker's
 * Delight, section 6-1). In little-endian order the lowest flag is the first byte.
 */
final class LineEnds {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LINE_FEEDS = '\n' * ONES;
  private static final long RETURNS = '\r' * ONES;

  private LineEnds() {}

  /** The index of the first LF or CR; {@code to} if there is none. */
  static int find(byte[] bytes, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) LONGS.get(bytes, i);
      long feeds = word ^ LINE_FEEDS;
      long returns = word ^ RETURNS;
      long found = (((feeds - ONES) & ~feeds) | ((returns - ONES) & ~returns)) & HIGH_BITS;
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }
}
