package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * What the work on one request took by the server's own word, in its answer; each is {@code null}
 * where it does not say.
 *
 * @param loadNanos loading the model: Ollama's {@code load_duration}, next to nothing where it is
 *     loaded already
 * @param prefillNanos computing the prompt: llama.cpp's {@code timings.prompt_ms}, Ollama's {@code
 *     prompt_eval_duration}
 * @param decodeNanos generating the answer: llama.cpp's {@code timings.predicted_ms}, Ollama's
 *     {@code eval_duration}
 */
public record ServerTimings(
    @Nullable Long loadNanos, @Nullable Long prefillNanos, @Nullable Long decodeNanos) {

  /** The server told none. */
  public static final ServerTimings NONE = new ServerTimings(null, null, null);
}
