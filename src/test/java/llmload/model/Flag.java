package llmload.model;

import java.util.Locale;

/** Something odd about an answer that does not change how it is classed. */
public enum Flag {
  /** A finish reason and then the end of the body, without an end mark. */
  NO_DONE,
  /** Events came after the end mark; they were left out. */
  EVENTS_AFTER_DONE,
  /** The server's token count and the text's differ by more than 5 %. */
  USAGE_CONTRADICTION,
  /** The server sent a token count that cannot be one (negative, or beyond reason). */
  USAGE_INVALID,
  /** The server sent no token count; the chunks were counted. */
  USAGE_MISSING,
  /** The finish reason came more than once for one choice. */
  FINISH_REPEATED,
  /** The text held bytes that are not UTF-8; they were replaced. */
  BAD_UTF8,
  /** The prompt's length as the server counts it is more than 10 % off what the plan asked for. */
  PROMPT_LENGTH;

  /** The word used in the journal, for example {@code no_done}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
