package llmload.server.engine;

/** Takes the tokens of one generation, in order and never from two threads at once. */
@FunctionalInterface
public interface TokenSink {
  /**
   * Takes the next piece of text. Must not block: an engine may serve all its slots from the
   * calling thread.
   *
   * @param text whole characters; empty for tokens that have no text, as the end token
   * @param tokenCount how many tokens the piece took, at least 1
   * @return false to end the generation here
   */
  boolean accept(String text, int tokenCount);
}
