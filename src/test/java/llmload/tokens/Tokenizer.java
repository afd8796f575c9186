package llmload.tokens;

/**
 * Cuts text into the tokens of a model. Special tokens are neither added nor looked for: their
 * names in a text are text. Thread safe.
 */
public interface Tokenizer {

  /** What it was made from: an encoding's name or a file's path. */
  String name();

  /** The ids of the tokens of {@code text}. */
  int[] encode(String text);

  /** The number of tokens of {@code text}. */
  default int count(String text) {
    return encode(text).length;
  }
}
