package llmload.analysis.suite;

import org.jspecify.annotations.Nullable;

/** Numbers out of the words of tags and settings; {@code null} where a word is none. */
final class Numbers {
  private Numbers() {}

  static @Nullable Integer whole(@Nullable String word) {
    return word != null && word.matches("\\d{1,9}") ? Integer.valueOf(word) : null;
  }

  static @Nullable Double decimal(@Nullable String word) {
    return word != null && word.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")
        ? Double.valueOf(word)
        : null;
  }
}
