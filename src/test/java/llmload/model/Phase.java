package llmload.model;

import java.util.Locale;

/** The part of a run that a request belongs to. */
public enum Phase {
  /** Sent first, to warm both sides; kept out of every count and metric. */
  WARMUP,
  /** Counted and measured. */
  MEASURE;

  /** The word used in the journal: {@code warmup} or {@code measure}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
