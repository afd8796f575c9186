package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * The server under test.
 *
 * @param baseUrl where it is, without credentials
 * @param dialect the API it speaks
 * @param model the model's name as sent; {@code null} if none is sent
 * @param engine the embedded engine, {@code null} for a server of the user's own
 * @param serverVersion what it says of its version; {@code null} if it says nothing
 */
public record TargetServer(
    String baseUrl,
    String dialect,
    @Nullable String model,
    @Nullable String engine,
    @Nullable String serverVersion) {}
