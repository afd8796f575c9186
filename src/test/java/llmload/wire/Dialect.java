package llmload.wire;

import java.util.Set;
import llmload.model.RequestKind;
import org.jspecify.annotations.Nullable;

/** An API that inference servers speak: its paths, request bodies and answers. Thread safe. */
public interface Dialect {

  /** The name used in settings, for example {@code openai-chat}. */
  String id();

  /** The kinds of request it can send. */
  Set<RequestKind> kinds();

  /**
   * The path of a kind, from the server's root, for example {@code /v1/chat/completions}.
   *
   * @throws IllegalArgumentException if {@link #kinds} lacks it
   */
  String path(RequestKind kind);

  /** Whether the kind is a POST with a JSON body; a GET otherwise. */
  boolean isPost(RequestKind kind);

  /**
   * The body of a POST.
   *
   * @throws IllegalArgumentException if the kind has no body, the request has neither prompt nor
   *     messages, or its {@code extraBody} is no JSON object
   */
  String encode(RequestKind kind, GenerationRequest request);

  /** Whether its servers can send an answer token by token. */
  default boolean canStream() {
    return true;
  }

  /** The header that carries the API key unless the user names another. */
  default String apiKeyHeader() {
    return "Authorization";
  }

  /**
   * The path, from the server's root, of counters that {@link LlmServerMetrics} reads; {@code null}
   * for a dialect that has none.
   */
  default @Nullable String countersPath() {
    return null;
  }

  /** A reader for one answer to a request of that kind. */
  ReplyReader reader(RequestKind kind, ReplyOptions options);
}
