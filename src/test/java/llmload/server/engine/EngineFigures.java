package llmload.server.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is doing and has done since it started.
 *
 * @param runningCount generations that are computed now
 * @param waitingCount generations that wait for their turn
 * @param loadNanos what loading the model took; {@code null} if it loads none
 * @param cache its key-value cache; {@code null} if it has none or cannot tell
 * @param steps the steps in which it computes everything that runs; {@code null} if it has none or
 *     cannot tell
 * @param speculation its speculative decoding; {@code null} if it has none or cannot tell
 */
public record EngineFigures(
    int runningCount,
    int waitingCount,
    @Nullable Long loadNanos,
    @Nullable Cache cache,
    @Nullable Steps steps,
    @Nullable Speculation speculation) {

  /**
   * Steps. Counters count from the engine's start.
   *
   * @param stepCount steps begun
   * @param tokenCount tokens computed in them, of prompts and answers
   * @param countBySize {@value #SIZES} counts: of steps of 1 token, of 2, of 3 to 4, of 5 to 8, and
   *     so on
   */
  public record Steps(long stepCount, long tokenCount, List<Long> countBySize) {
    /** Sizes told apart, each up to twice the one before. */
    public static final int SIZES = 33;
  }

  /**
   * A key-value cache in blocks. Counters count from the engine's start.
   *
   * @param blockCount blocks in all
   * @param blockTokens tokens a block holds
   * @param usedBlockCount blocks that a running sequence holds; those kept for reuse do not count
   * @param prefixCaching whether blocks are kept for reuse
   * @param queriedTokens prompt tokens that were looked up
   * @param hitTokens those of them that were found
   * @param recomputedTokens tokens computed again after a preemption
   * @param preemptionCount sequences put back into the queue for lack of blocks
   * @param evictedBlockCount reusable blocks given up for new content
   */
  public record Cache(
      int blockCount,
      int blockTokens,
      int usedBlockCount,
      boolean prefixCaching,
      long queriedTokens,
      long hitTokens,
      long recomputedTokens,
      long preemptionCount,
      long evictedBlockCount) {}

  /**
   * Speculative decoding.
   *
   * @param draftCount decode steps with a draft
   * @param draftTokens tokens drafted in them
   * @param acceptedTokens those of them that were accepted
   */
  public record Speculation(long draftCount, long draftTokens, long acceptedTokens) {}
}
