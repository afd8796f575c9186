package llmload.model;

import java.util.Locale;

/** What a request asks of the server. */
public enum RequestKind {
  /** A chat completion. */
  CHAT(true),
  /** A plain text completion. */
  COMPLETION(true),
  /** A chat completion whose answer must fit a JSON Schema. */
  STRUCTURED(true),
  /** One turn of a conversation with growing history. */
  CONVERSATION(true),
  /** An embedding of a text. */
  EMBEDDINGS(false),
  /** The server's health endpoint. */
  HEALTH(false),
  /** The server's list of models. */
  MODELS(false),
  /** An operation beside generating: a session saved or loaded, a figure of the server. */
  OPERATION(false),
  /** The nearest neighbours of a vector in a search index. */
  RETRIEVAL(false),
  /** A JSON Schema that the server shall keep under an id. */
  SCHEMA(false);

  private final boolean generation;

  RequestKind(boolean generation) {
    this.generation = generation;
  }

  /** The word used in settings and in the journal's {@code kind} tag, for example {@code chat}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the server generates tokens for it; only these make up the scope {@code all}. */
  public boolean isGeneration() {
    return generation;
  }
}
