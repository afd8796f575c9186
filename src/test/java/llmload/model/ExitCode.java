package llmload.model;

/** The exit codes of the command line and of a run. */
public final class ExitCode {
  /** All is well. */
  public static final int PASS = 0;

  /** A fault of llmload itself. */
  public static final int INTERNAL = 1;

  /** A target was missed. */
  public static final int TARGET_MISSED = 2;

  /** Worse than the baseline. */
  public static final int REGRESSION = 3;

  /** Invalid, partial, or nothing was measured. */
  public static final int INVALID = 4;

  /** Bad settings or input. */
  public static final int BAD_INPUT = 5;

  /** The target does not answer. */
  public static final int UNREACHABLE = 6;

  /** Held against a baseline, and nothing could be compared: no pass, and no regression either. */
  public static final int NOT_COMPARABLE = 7;

  /** Ended by SIGINT. */
  public static final int SIGINT = 130;

  /** Ended by SIGTERM. */
  public static final int SIGTERM = 143;

  private ExitCode() {}
}
