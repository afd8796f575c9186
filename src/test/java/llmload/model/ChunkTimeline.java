package llmload.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The arrival of each chunk that carried tokens, in order.
 *
 * <p>Both arrays have one entry a chunk. They are shared, not copied: whoever builds a timeline
 * hands them over and no reader writes to them.
 *
 * @param gapMicros microseconds since the chunk before; the first since the request was sent. The
 *     gaps are differences of stamps rounded to microseconds, so their running sum never drifts.
 * @param tokens tokens in the chunk
 */
@SuppressWarnings("ArrayRecordComponent") // a million of them are read at a time; lists would box
public record ChunkTimeline(int[] gapMicros, int[] tokens) {

  /** No chunk at all: a failed, non-streamed or empty answer. */
  public static final ChunkTimeline EMPTY = new ChunkTimeline(new int[0], new int[0]);

  /** Checks that the arrays have the same length. */
  public ChunkTimeline {
    if (gapMicros.length != tokens.length) {
      throw new IllegalArgumentException(
          "tokens: Expecting one entry for each of %d gaps. Found: %d."
              .formatted(gapMicros.length, tokens.length));
    }
  }

  /** The number of chunks. */
  public int size() {
    return gapMicros.length;
  }

  /** The sum of {@link #tokens}. */
  public long tokenCount() {
    long sum = 0;
    for (int n : tokens) {
      sum += n;
    }
    return sum;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChunkTimeline that
        && Arrays.equals(gapMicros, that.gapMicros)
        && Arrays.equals(tokens, that.tokens);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(gapMicros) + Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return "ChunkTimeline[gapMicros="
        + Arrays.toString(gapMicros)
        + ", tokens="
        + Arrays.toString(tokens)
        + "]";
  }
}
