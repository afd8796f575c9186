package llmload.server.engine;

/** An engine that cannot start, or that failed while generating; the message is one line. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the fault behind it. */
  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
