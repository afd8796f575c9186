package llmload.config;

/**
 * A value that no output may show, such as an API key.
 *
 * @param value the value itself
 */
public record Secret(String value) {
  /** What stands in the place of a secret. */
  public static final String MASK = "***";

  /** Hides the value. */
  @Override
  public String toString() {
    return MASK;
  }
}
