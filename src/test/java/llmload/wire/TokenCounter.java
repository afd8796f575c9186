package llmload.wire;

/** Counts the tokens of a text as the model does. */
@FunctionalInterface
public interface TokenCounter {

  /** The number of tokens of {@code text}, without special ones. */
  int count(String text);
}
