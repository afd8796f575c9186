package llmload.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The text of each chunk, in all channels, for a tokenizer to count afterwards. */
final class ChunkText {
  private final TextBuffer text = new TextBuffer();
  private int[] ends = new int[64];
  private int size;

  void append(byte[] bytes, int from, int to) {
    text.append(bytes, from, to);
  }

  void append(@Nullable String piece) {
    if (piece != null) {
      text.append(piece);
    }
  }

  /** The chunk is complete. */
  void endChunk() {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ends[size++] = text.size();
  }

  /** The tokens of each chunk, at least one each; {@code null} if the text was too long to keep. */
  int @Nullable [] count(TokenCounter counter) {
    if (text.isFull()) {
      return null;
    }
    int[] tokens = new int[size];
    int from = 0;
    for (int i = 0; i < size; i++) {
      tokens[i] = Math.max(1, counter.count(text.text(from, ends[i])));
      from = ends[i];
    }
    return tokens;
  }
}
