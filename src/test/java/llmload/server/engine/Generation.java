package llmload.server.engine;

/** A generation that was submitted. */
@FunctionalInterface
public interface Generation {
  /**
   * Ends it as soon as the engine can, because nobody wants it any more; any thread. An engine may
   * go on until its next token, and the sink may or may not be told of the end.
   */
  void withdraw();
}
