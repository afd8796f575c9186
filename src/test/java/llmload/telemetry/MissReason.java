package llmload.telemetry;

/** Why a source gave no sample when it should have. */
public enum MissReason {
  /** Nothing answers: no route, no connection, no such program. */
  UNREACHABLE,
  /** No whole answer within the deadline. */
  TIMEOUT,
  /** The answer before was still awaited at this sample's time. */
  STILL_READING,
  /** An answer larger than any exposition should be. */
  TOO_LARGE,
  /**
   * An HTTP status that may pass: 408, 425, 429, 500, 502, 503 or 504, as of a server that loads
   * its model, or of a busy proxy before it.
   */
  NOT_READY,
  /** Any other HTTP status that is not 200. */
  HTTP_STATUS,
  /** An answer of another kind: HTML, JSON, no HTTP. */
  NOT_METRICS,
  /** Metrics, but none that is known, or none so far: the next look may find some. */
  NOTHING_KNOWN,
  /** The source may not be read by this user. */
  NO_PERMISSION,
  /** This machine does not have it. */
  NOT_AVAILABLE,
  /** The collector itself failed. */
  INTERNAL
}
