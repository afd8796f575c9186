package llmload.wire;

import java.util.List;

/** The dialects that exist. */
public final class Dialects {
  private static final List<Dialect> ALL =
      List.of(
          OpenAiDialect.chat(),
          OpenAiDialect.completions(),
          new OllamaDialect(),
          LlmServerDialect.document(),
          LlmServerDialect.real());

  private Dialects() {}

  /**
   * The dialect of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Dialect of(String id) {
    for (Dialect dialect : ALL) {
      if (dialect.id().equals(id)) {
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "dialect: Expecting one of " + String.join(", ", ids()) + ". Found: " + id + ".");
  }

  /** The ids of all dialects. */
  public static List<String> ids() {
    return ALL.stream().map(Dialect::id).toList();
  }
}
