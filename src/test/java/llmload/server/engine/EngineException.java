package llmload.server.engine;

/** An engine that cannot start, or that failed while generating; the message is one line. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a fault behind it. */
  public EngineException(String message) {
    super(message);
  }

  /** With the fault behind it. */
  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What a fault says, on one line. */
  static String firstLine(Throwable fault) {
    String message = String.valueOf(fault.getMessage() == null ? fault : fault.getMessage());
    return message.lines().findFirst().orElse(fault.getClass().getSimpleName());
  }
}
