package llmload.telemetry;

/** A source that could not be read this time. */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final MissReason reason;
  private final boolean lasting;

  private SourceException(MissReason reason, String message, boolean lasting) {
    super(message);
    this.reason = reason;
    this.lasting = lasting;
  }

  /** The next look may go better. */
  public static SourceException passing(MissReason reason, String message) {
    return new SourceException(reason, message, false);
  }

  /** No look will ever go better: the source is left alone from here on. */
  public static SourceException lasting(MissReason reason, String message) {
    return new SourceException(reason, message, true);
  }

  /** Why. */
  public MissReason reason() {
    return reason;
  }

  /** Whether to look no more. */
  public boolean isLasting() {
    return lasting;
  }
}
