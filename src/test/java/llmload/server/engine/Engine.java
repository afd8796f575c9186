package llmload.server.engine;

import java.util.List;

/**
 * Something that generates text token by token.
 *
 * <p>Every method may be called from any thread. {@link #generate} may run for as many prompts at
 * once as the engine was made with slots; more than that wait inside the engine.
 */
public interface Engine extends AutoCloseable {
  /** The engine's own name, one lower-case word. */
  String name();

  /** The name of the model that it runs. */
  String modelName();

  /** How many tokens one sequence may hold, prompt and answer together. */
  int contextTokenCount();

  /** The prompt's tokens, exactly as {@link #generate} feeds them. */
  int[] tokenize(String text);

  /** The messages as one prompt that ends where the assistant's answer begins. */
  String chatPrompt(List<ChatMessage> messages);

  /**
   * Generates until the model ends, the limit is reached, or {@code sink} declines; blocks.
   *
   * <p>The prompt must leave room for a token: its token count is below {@link #contextTokenCount}.
   * A limit that does not fit behind it is lowered to what does.
   *
   * @throws EngineException if the engine fails
   */
  GenerationResult generate(GenerationSpec spec, TokenSink sink);

  /** Ends what is being generated and frees the model. */
  @Override
  void close();
}
