package llmload.wire;

import org.jspecify.annotations.Nullable;

/**
 * One call of an operation.
 *
 * @param method the HTTP method
 * @param path path and query, from the server's root
 * @param body a JSON body; {@code null} if there is none
 */
public record ServerCall(String method, String path, @Nullable String body) {}
