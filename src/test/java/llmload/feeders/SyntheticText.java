package llmload.feeders;

import java.util.Random;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Texts of common English words that have an exact number of tokens, drawn anew each time; the same
 * for the same seed. Thread safe.
 *
 * <p>Without a tokenizer the length is an estimate of {@value #WORDS_PER_TOKEN} words a token,
 * OpenAI's rule of thumb for English (100 tokens are about 75 words); the usage that the server
 * reports then tells how far off it is.
 */
public final class SyntheticText {
  static final double WORDS_PER_TOKEN = 0.75;
  private static final int MAX_TRIES = 200;

  private static final String[] WORDS = {
    "time",
    "people",
    "water",
    "house",
    "light",
    "river",
    "paper",
    "story",
    "garden",
    "winter",
    "letter",
    "morning",
    "window",
    "bread",
    "mountain",
    "music",
    "street",
    "summer",
    "table",
    "train",
    "market",
    "friend",
    "island",
    "field",
    "stone",
    "bridge",
    "colour",
    "number",
    "voice",
    "forest",
    "silver",
    "evening",
    "kitchen",
    "village",
    "engine",
    "harbour",
    "small",
    "green",
    "quiet",
    "early",
    "often",
    "never",
    "always",
    "under",
    "after",
    "before",
    "between",
    "around",
    "with",
    "from",
    "over",
    "into",
    "and",
    "but",
    "or",
    "the",
    "a",
    "is",
    "was",
    "to",
    "of",
    "in"
  };

  private final @Nullable ToIntFunction<String> tokens;
  private final Random random;

  /**
   * Texts for a model.
   *
   * @param tokens counts the tokens of a text; {@code null} to estimate
   */
  public SyntheticText(@Nullable ToIntFunction<String> tokens, long seed) {
    this.tokens = tokens;
    this.random = new Random(seed);
  }

  /**
   * A text of {@code length} tokens that begins with {@code start}; just {@code start} where that
   * is longer. A tokenizer that joins words across spaces may leave it a token short.
   */
  public String next(String start, int length) {
    synchronized (random) {
      return tokens == null ? estimated(start, length) : exact(tokens, start, length);
    }
  }

  private String estimated(String start, int length) {
    StringBuilder text = new StringBuilder(start.strip());
    int has = start.isBlank() ? 0 : start.strip().split("\\s+").length;
    for (long n = Math.max(1, Math.round(length * WORDS_PER_TOKEN)); has < n; has++) {
      append(text, word());
    }
    return text.toString();
  }

  private String exact(ToIntFunction<String> count, String start, int length) {
    StringBuilder text = new StringBuilder(start.strip());
    int has = count.applyAsInt(text.toString());
    // Whole strides first: counting after every word would be quadratic in the length.
    while (has < length) {
      int before = text.length();
      int stride = Math.max(1, (length - has) / 4);
      for (int i = 0; i < stride; i++) {
        append(text, word());
      }
      int now = count.applyAsInt(text.toString());
      if (now > length) {
        text.setLength(before);
        return finished(count, text, length);
      }
      has = now;
    }
    return text.toString();
  }

  /** Word by word to the end; one that goes over is tried again with another. */
  private String finished(ToIntFunction<String> count, StringBuilder text, int length) {
    int has = count.applyAsInt(text.toString());
    for (int tries = 0; has < length && tries < MAX_TRIES; tries++) {
      int before = text.length();
      append(text, word());
      int now = count.applyAsInt(text.toString());
      if (now > length) {
        text.setLength(before);
      } else {
        has = now;
        tries = 0;
      }
    }
    return text.toString();
  }

  private String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private static void append(StringBuilder text, String word) {
    if (text.length() > 0) {
      text.append(' ');
    }
    text.append(word);
  }
}
