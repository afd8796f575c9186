package llmload.wire;

/** How the body of an answer ended. */
public enum End {
  /** By its transfer coding, its length, or an agreed close. */
  CLEAN,
  /** The connection closed inside it. */
  CUT,
  /** The caller stopped reading: a timeout, or the end of the run. */
  ABANDONED
}
