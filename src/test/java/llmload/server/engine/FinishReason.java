package llmload.server.engine;

import java.util.Locale;

/** Why a generation ended. */
public enum FinishReason {
  /** The model produced its end token. */
  STOP,
  /** The token limit or the context was full. */
  LENGTH,
  /** The model finished a tool call. */
  TOOL_CALLS,
  /** The sink declined. */
  CANCELLED;

  /** The word for it in an OpenAI-style answer; a declined generation ends in {@code stop}. */
  public String word() {
    return this == CANCELLED ? STOP.word() : name().toLowerCase(Locale.ROOT);
  }
}
