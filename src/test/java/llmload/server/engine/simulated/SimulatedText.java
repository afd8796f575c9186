package llmload.server.engine.simulated;

import java.util.Arrays;

/**
 * What the simulated engine says: words that are one token each, wherever they stand, so that a
 * reply that comes back in the next prompt has the tokens it was generated with.
 */
final class SimulatedText {
  private static final String[] PLAIN = {
    " the", " of", " a", " load", " test", " each", " token", " is", " sent", " when", " its",
    " time", " comes", " and", " no", " later", " so", " that", " one", " can", " tell", " what",
    " was", " slow", " from", " who", " did", " wait", " in", " line", " for", " it", " many",
    " small", " steps", " make", " long", " text", " but", " only", " fast", " ones", " keep", " a",
    " user", " here", " then", " we", " count", " again", " until", " all", " is", " done", " or",
    " stop", " with", " more", " in", " store", " to", " be", " read", " soon"
  };
  private static final String[] MULTI_BYTE = {
    " na\u00efve",
    " caf\u00e9",
    " \u00fcber",
    " se\u00f1or",
    " \u03bb",
    " \u0434\u0430",
    "\u4e16",
    "\u754c",
    "\u65e5",
    "\u672c",
    "\u2014",
    "\u20ac",
    "\ud83d\ude42",
    "\ud83d\ude80"
  };

  private final String[] words;
  private final int[] ids;

  /**
   * @param multiByte whether a fifth or so of the words go beyond ASCII
   */
  SimulatedText(boolean multiByte) {
    words = multiByte ? concat(PLAIN, MULTI_BYTE) : PLAIN;
    ids = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      int[] tokens = SimulatedTokenizer.tokenize(words[i]);
      if (tokens.length != 1) {
        throw new IllegalStateException(words[i] + ": Expecting one token. Found: others.");
      }
      ids[i] = tokens[0];
    }
  }

  /** The word at a place of the answer that {@code seed} stands for. */
  int wordIndex(long seed, int place) {
    return (int) Long.remainderUnsigned(Mix.of(seed, place), words.length);
  }

  /** A word's text. */
  String word(int index) {
    return words[index];
  }

  /** A word's token. */
  int tokenId(int index) {
    return ids[index];
  }

  private static String[] concat(String[] first, String[] second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
