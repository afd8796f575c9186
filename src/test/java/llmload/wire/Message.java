package llmload.wire;

/**
 * One message of a chat.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}
 * @param content what is said
 */
public record Message(String role, String content) {

  /** A message of the user. */
  public static Message user(String content) {
    return new Message("user", content);
  }

  /** A message of the system, the frame of the conversation. */
  public static Message system(String content) {
    return new Message("system", content);
  }

  /** A message of the model. */
  public static Message assistant(String content) {
    return new Message("assistant", content);
  }
}
