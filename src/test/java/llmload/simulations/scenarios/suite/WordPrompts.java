package llmload.simulations.scenarios.suite;

import llmload.feeders.Nonce;
import llmload.feeders.SyntheticText;
import org.jspecify.annotations.Nullable;

/** Prompts of an exact number of words, each unlike all others. Thread safe. */
public final class WordPrompts {
  private static final double WORDS_PER_TOKEN = 0.75;

  private final SyntheticText texts;
  private final @Nullable Nonce nonce;

  /**
   * Prompts of a run.
   *
   * @param nonce the source of the first words, which keep caches out; {@code null} for none
   */
  public WordPrompts(@Nullable Nonce nonce, long seed) {
    this.texts = new SyntheticText(null, seed);
    this.nonce = nonce;
  }

  /** The next prompt of {@code words} words, its tag counted. */
  public String next(int words) {
    String start = nonce == null ? "" : "[" + nonce.next() + "]";
    return texts.next(start, Math.toIntExact(Math.round(words / WORDS_PER_TOKEN)));
  }
}
