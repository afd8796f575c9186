package llmload.server.engine;

import org.jspecify.annotations.Nullable;

/**
 * How a generation ended.
 *
 * @param finishReason why
 * @param completionTokenCount tokens generated, the end token and reasoning included
 * @param reasoningTokenCount those of them that were reasoning; {@code null} if the engine's model
 *     does not reason
 * @param cachedTokenCount tokens of the prompt that were taken from a cache; {@code null} if the
 *     engine does not know
 */
public record GenerationResult(
    FinishReason finishReason,
    int completionTokenCount,
    @Nullable Integer reasoningTokenCount,
    @Nullable Integer cachedTokenCount) {

  /** Of an engine that knows neither reasoning nor a cache. */
  public static GenerationResult of(FinishReason finishReason, int completionTokenCount) {
    return new GenerationResult(finishReason, completionTokenCount, null, null);
  }
}
