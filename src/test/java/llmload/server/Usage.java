package llmload.server;

/**
 * The token counts of an answer.
 *
 * @param promptTokenCount tokens fed
 * @param completionTokenCount tokens generated, the end token included
 */
record Usage(int promptTokenCount, int completionTokenCount) {
  /** Both together. */
  int totalTokenCount() {
    return promptTokenCount + completionTokenCount;
  }

  /** As OpenAI writes it. */
  String json() {
    return "{\"prompt_tokens\":"
        + promptTokenCount
        + ",\"completion_tokens\":"
        + completionTokenCount
        + ",\"total_tokens\":"
        + totalTokenCount()
        + "}";
  }
}
