package llmload.analysis.alerts;

/**
 * One alert.
 *
 * @param atNanos the end of the window that raised it
 * @param type what it is about
 * @param severity how bad it is
 * @param message value and limit, in a sentence
 */
public record Alert(long atNanos, AlertType type, Severity severity, String message) {
  /** How bad it is. */
  public enum Severity {
    /** To be looked at. */
    WARNING,
    /** To be acted on. */
    CRITICAL
  }
}
