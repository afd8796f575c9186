package llmload.wire;

import java.util.Optional;

/**
 * How a server names the cache of a session and what can be done with it. Pure and thread safe.
 *
 * <p>A session's name is made of letters, digits, {@code .}, {@code _} and {@code -}.
 */
public interface CacheDialect {
  /** The word that settings take. */
  String id();

  /** The call of an operation on that session; empty where the server has no such operation. */
  Optional<ServerCall> call(CacheOperation operation, String session);

  /**
   * The call that any server of this kind answers with a 2xx, and one without such sessions
   * refuses; empty where nothing is asked of the server. That session's cache is empty or as it
   * was.
   */
  Optional<ServerCall> probe(String session);

  /** The header that ties a generation to its session; empty where the body does or nothing. */
  Optional<String> sessionHeader();

  /** JSON that the body of a generation of that session carries; empty where a header does. */
  Optional<String> sessionBody(String session);

  /** Whether the server writes a session's cache to disk by itself, at the end of each answer. */
  boolean savesItself();

  /** Whether a session's cache can be dropped, so that the same prompt is cold again. */
  default boolean canForget() {
    return call(CacheOperation.DELETE, "any").isPresent();
  }
}
