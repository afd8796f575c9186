package llmload.server.metrics;

import org.jspecify.annotations.Nullable;

/**
 * One request that is over, in nanoseconds on the server's clock.
 *
 * @param reason {@code stop}, {@code length}, {@code abort} or {@code error}
 * @param promptTokens tokens fed
 * @param generatedTokens tokens generated
 * @param arrivedNanos it was read
 * @param begunNanos it left the queue; {@code null} if it never did
 * @param firstTokenNanos its first token went out; {@code null} if none did
 * @param lastTokenNanos its last token went out; {@code null} if none did
 * @param endedNanos it was over
 */
public record RequestFigures(
    String reason,
    int promptTokens,
    int generatedTokens,
    long arrivedNanos,
    @Nullable Long begunNanos,
    @Nullable Long firstTokenNanos,
    @Nullable Long lastTokenNanos,
    long endedNanos) {}
