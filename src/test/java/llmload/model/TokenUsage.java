package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * The token counts of one request; each is {@code null} where nobody counted.
 *
 * @param inputTokens tokens of the prompt
 * @param outputTokens generated tokens, reasoning included
 * @param cachedTokens tokens of the prompt that the server took from its cache
 * @param reasoningTokens generated tokens that were reasoning
 * @param source who counted the output tokens
 */
public record TokenUsage(
    @Nullable Integer inputTokens,
    @Nullable Integer outputTokens,
    @Nullable Integer cachedTokens,
    @Nullable Integer reasoningTokens,
    @Nullable TokenCountSource source) {

  /** Nothing was counted. */
  public static final TokenUsage NONE = new TokenUsage(null, null, null, null, null);
}
