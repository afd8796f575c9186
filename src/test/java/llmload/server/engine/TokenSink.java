package llmload.server.engine;

/** Takes the tokens of one generation, in order and never from two threads at once. */
public interface TokenSink {
  /** What a piece of an answer belongs to. */
  enum Part {
    /** What the model thinks before it answers. */
    REASONING,
    /** The answer. */
    CONTENT,
    /** The arguments of a tool call. */
    TOOL_CALL
  }

  /** The generation left the queue. */
  void begun();

  /**
   * The answer's head may go out though no token is there yet; engines that send it with the first
   * token do not call this.
   */
  void announced();

  /**
   * Takes the next piece of text. Must not block: an engine may serve all its sequences from the
   * calling thread.
   *
   * @param text whole characters; empty for tokens that have no text, as the end token
   * @param tokenCount how many tokens the piece took, at least 1
   * @return false to end the generation here
   */
  boolean accept(Part part, String text, int tokenCount);

  /** The generation ended; nothing follows. */
  void ended(GenerationResult result);

  /** The generation failed; nothing follows. */
  void failed(EngineException fault);
}
