package llmload.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is noted of each chunk that carries generated text: its arrival, its length, its pieces. */
final class ChunkLog {
  /** Far above any real answer: a stream without end must not fill the heap. */
  static final int CAP_CHUNKS = 1 << 20;

  private static final int FIRST_CHUNKS = 64;

  private long[] atNanos = new long[FIRST_CHUNKS];
  private int[] chars = new int[FIRST_CHUNKS];
  private int size;

  /** The pieces of each chunk, where some chunk has more than one. */
  private int @Nullable [] pieces;

  /** The server's running totals, as long as every chunk came with one. */
  private int @Nullable [] totals;

  /** Notes a chunk of one piece without a running total. */
  void add(long at, int length) {
    if (size == atNanos.length) {
      grow();
    }
    atNanos[size] = at;
    chars[size] = length;
    if (pieces != null) {
      pieces[size] = 1;
    }
    totals = null;
    size++;
  }

  /**
   * Notes a chunk.
   *
   * @param pieceCount the texts in it: one for each choice and channel
   * @param total the server's count of tokens so far, where the chunk carries it
   */
  void add(long at, int length, int pieceCount, @Nullable Integer total) {
    int @Nullable [] running = totals;
    add(at, length);
    if (total != null && (running != null || size == 1)) {
      if (running == null || running.length < atNanos.length) {
        running =
            running == null ? new int[atNanos.length] : Arrays.copyOf(running, atNanos.length);
      }
      running[size - 1] = total;
      totals = running;
    }
    if (pieceCount > 1 && pieces == null) {
      pieces = new int[atNanos.length];
      Arrays.fill(pieces, 0, size, 1);
    }
    if (pieces != null) {
      pieces[size - 1] = pieceCount;
    }
  }

  private void grow() {
    int length = 2 * atNanos.length;
    atNanos = Arrays.copyOf(atNanos, length);
    chars = Arrays.copyOf(chars, length);
    if (pieces != null) {
      pieces = Arrays.copyOf(pieces, length);
    }
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size >= CAP_CHUNKS;
  }

  long[] atNanos() {
    return Arrays.copyOf(atNanos, size);
  }

  /** The length of each chunk's text in UTF-16 units, at least 1. */
  int[] chars() {
    return Arrays.copyOf(chars, size);
  }

  /** The number of texts in each chunk. */
  int[] pieces() {
    if (pieces != null) {
      return Arrays.copyOf(pieces, size);
    }
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The server's running total at each chunk; {@code null} unless every chunk came with one. */
  int @Nullable [] totals() {
    return totals == null ? null : Arrays.copyOf(totals, size);
  }
}
