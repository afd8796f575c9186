package llmload.model;

import java.util.Locale;

/** Where a request's output token count comes from, best first. */
public enum TokenCountSource {
  /** Running totals that the server sent with its chunks. */
  CONTINUOUS_USAGE,
  /** The usage that the server sent with the end of the answer. */
  USAGE,
  /** A tokenizer of the model, run over the received text. */
  TOKENIZER,
  /** One token for each chunk that carries text: an estimate. */
  CHUNKS;

  /** The word used in the journal, for example {@code usage}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
