package llmload.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What a server tells of itself over a stretch of time; {@code null} is not measured.
 *
 * @param peakMemoryBytes the most memory in use
 * @param meanMemoryBytes its mean over the readings
 * @param kvUsedTokens the most tokens held by the key-value cache
 * @param kvUsedBytes the same in bytes
 * @param prefixHitRatio looked-up tokens that the cache held
 * @param evictedCount blocks of the cache given up
 * @param evictionMillis time that took
 * @param acceptedRatio drafted tokens that were accepted
 */
public record ServerFigures(
    @Nullable Double peakMemoryBytes,
    @Nullable Double meanMemoryBytes,
    @Nullable Double kvUsedTokens,
    @Nullable Double kvUsedBytes,
    @Nullable Double prefixHitRatio,
    @Nullable Long evictedCount,
    @Nullable Double evictionMillis,
    @Nullable Double acceptedRatio) {
  /** Nothing was measured. */
  public static final ServerFigures NONE =
      new ServerFigures(null, null, null, null, null, null, null, null);
}
