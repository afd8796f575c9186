package llmload.server.engine.simulated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The simulated engine's tokens, about four characters of English each.
 *
 * <p>The rule: the marks {@code <|im_start|>} and {@code <|im_end|>} are a token each; a blank or
 * none and up to five characters that are not white space are a token; any other white space
 * character is a token of its own, as is a character from U+0800 on (Chinese, Japanese, emoji). A
 * token's id is a hash of its text, below 2^31.
 */
final class SimulatedTokenizer {
  /** Characters in a token, a leading blank not counted. */
  static final int WORD_CHARACTERS = 5;

  private static final String[] MARKS = {"<|im_start|>", "<|im_end|>"};
  private static final int WIDE = 0x800;

  private SimulatedTokenizer() {}

  /** The tokens of a text. */
  static int[] tokenize(String text) {
    int[] tokens = new int[text.length() / 3 + 4];
    int count = 0;
    int at = 0;
    while (at < text.length()) {
      int end = end(text, at);
      if (count == tokens.length) {
        tokens = Arrays.copyOf(tokens, count * 2);
      }
      tokens[count++] = id(text, at, end);
      at = end;
    }
    return Arrays.copyOf(tokens, count);
  }

  /** The texts of the tokens of {@code text}. */
  static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = end(text, at);
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private static int end(String text, int start) {
    char first = text.charAt(start);
    if (first == '<') {
      for (String mark : MARKS) {
        if (text.startsWith(mark, start)) {
          return start + mark.length();
        }
      }
    }
    int at = first == ' ' ? start + 1 : start;
    int limit = WORD_CHARACTERS;
    while (at < text.length() && limit > 0) {
      int character = text.codePointAt(at);
      boolean mark = character == '<' && at > start && text.startsWith("<|im_", at);
      if (Character.isWhitespace(character) || character >= WIDE || mark) {
        break;
      }
      at += Character.charCount(character);
      limit--;
    }
    return at > start ? at : start + Character.charCount(text.codePointAt(start));
  }

  private static int id(String text, int start, int end) {
    long hash = (long) end - start;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + text.charAt(i);
    }
    return (int) (Mix.of(hash, 0) & Integer.MAX_VALUE);
  }
}
