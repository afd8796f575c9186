package llmload.server.engine;

/**
 * How a generation ended.
 *
 * @param finishReason why
 * @param completionTokenCount tokens generated, the end token included
 */
public record GenerationResult(FinishReason finishReason, int completionTokenCount) {}
