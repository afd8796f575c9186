package llmload.server;

import org.jspecify.annotations.Nullable;

/**
 * The token counts of an answer.
 *
 * @param promptTokenCount tokens fed
 * @param completionTokenCount tokens generated, the end token and reasoning included
 * @param cachedTokenCount tokens of the prompt that came from a cache; {@code null} if not known
 * @param reasoningTokenCount generated tokens that were reasoning; {@code null} if there are none
 */
record Usage(
    int promptTokenCount,
    int completionTokenCount,
    @Nullable Integer cachedTokenCount,
    @Nullable Integer reasoningTokenCount) {

  Usage(int promptTokenCount, int completionTokenCount) {
    this(promptTokenCount, completionTokenCount, null, null);
  }

  /** Both together. */
  int totalTokenCount() {
    return promptTokenCount + completionTokenCount;
  }

  /** As OpenAI writes it. */
  String json() {
    StringBuilder json =
        new StringBuilder("{\"prompt_tokens\":")
            .append(promptTokenCount)
            .append(",\"completion_tokens\":")
            .append(completionTokenCount)
            .append(",\"total_tokens\":")
            .append(totalTokenCount());
    if (cachedTokenCount != null) {
      json.append(",\"prompt_tokens_details\":{\"cached_tokens\":")
          .append(cachedTokenCount.intValue())
          .append('}');
    }
    if (reasoningTokenCount != null) {
      json.append(",\"completion_tokens_details\":{\"reasoning_tokens\":")
          .append(reasoningTokenCount.intValue())
          .append('}');
    }
    return json.append('}').toString();
  }
}
