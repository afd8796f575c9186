package llmload.server.engine;

import java.util.List;
import llmload.server.agents.SessionStore;
import org.jspecify.annotations.Nullable;

/**
 * Something that generates text token by token.
 *
 * <p>Every method may be called from any thread, and none waits for a token.
 */
public interface Engine extends AutoCloseable {
  /** The engine's own name, one lower-case word. */
  String name();

  /** The name of the model that it runs. */
  String modelName();

  /** How many tokens one sequence may hold, prompt and answer together. */
  int contextTokenCount();

  /** Whether it keeps to a {@link GenerationSpec#minTokenCount} below the limit. */
  boolean knowsLeastLengths();

  /** Whether an answer can be a tool call. */
  boolean knowsTools();

  /** The prompt's tokens, exactly as {@link #submit} feeds them. */
  int[] tokenize(String text);

  /** The messages as one prompt that ends where the assistant's answer begins. */
  String chatPrompt(List<ChatMessage> messages);

  /**
   * Queues a generation, which goes on until the model ends, the limit is reached, or {@code sink}
   * declines; {@code sink} is always told how it ended, unless it was withdrawn.
   *
   * <p>The prompt must leave room for a token: its token count is below {@link #contextTokenCount}.
   * A limit that does not fit behind it is lowered to what does.
   *
   * @param arrivedNanos when the request was read, on the machine's monotonic clock; an engine that
   *     keeps to stated times counts from there
   * @throws EngineException if the engine is closed
   */
  Generation submit(GenerationSpec spec, long arrivedNanos, TokenSink sink);

  /** The caches of sessions that outlive their requests; {@code null} if it has none. */
  default @Nullable SessionStore sessions() {
    return null;
  }

  /** What the engine is doing and has done so far. */
  EngineFigures figures();

  /** Ends what is being generated and frees the model. */
  @Override
  void close();
}
