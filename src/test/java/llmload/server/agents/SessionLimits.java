package llmload.server.agents;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The size of sessions.
 *
 * @param kvBytesPerToken bytes of cache a token, in memory and on disk; a multiple of 4
 * @param blockTokens tokens a block of the memory holds; the last block of a session is padded
 * @param hotCount sessions kept in memory at most; the least recently used goes to disk
 * @param maxFileBytes the largest file of a session
 * @param parentFolder where the folder of files is made; {@code null} for the system's own place
 */
public record SessionLimits(
    int kvBytesPerToken,
    int blockTokens,
    int hotCount,
    long maxFileBytes,
    @Nullable Path parentFolder) {

  /** The most tokens that a session may have. */
  public long maxTokenCount() {
    return maxFileBytes / kvBytesPerToken;
  }
}
