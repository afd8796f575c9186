package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * One kind of failure with its first example.
 *
 * @param request the request's name
 * @param outcome the class
 * @param status the HTTP status; {@code null} if none came
 * @param message the first message of this kind, redacted; {@code null} if it had none
 * @param count how many
 */
public record ErrorExample(
    String request,
    Outcome outcome,
    @Nullable Integer status,
    @Nullable String message,
    long count) {}
