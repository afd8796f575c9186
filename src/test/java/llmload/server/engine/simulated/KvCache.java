package llmload.server.engine.simulated;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key-value cache in blocks of equal size, with reuse of common prefixes.
 *
 * <p>A full block is known by the hash of its tokens and of the block before it, so that equal
 * hashes mean equal prefixes. Blocks that no sequence holds are free; those of them that are known
 * stay findable until they are given up, the least recently freed first. One thread only.
 */
final class KvCache {
  private static final int NONE = -1;

  /** What one sequence holds. */
  static final class Lease {
    private int[] blocks;
    private int blockCount;
    private int knownBlockCount;
    private long lastHash;
    private final int cachedTokenCount;

    private Lease(int capacity, int hitCount, long lastHash, int blockTokens) {
      blocks = new int[Math.max(4, capacity)];
      knownBlockCount = hitCount;
      this.lastHash = lastHash;
      cachedTokenCount = hitCount * blockTokens;
    }

    /** Tokens that need not be computed. */
    int cachedTokenCount() {
      return cachedTokenCount;
    }

    private void add(int block) {
      if (blockCount == blocks.length) {
        blocks = Arrays.copyOf(blocks, blockCount * 2);
      }
      blocks[blockCount++] = block;
    }
  }

  private final int blockTokens;
  private final boolean prefixCaching;
  private final int[] holders;
  private final long[] hashes;
  private final int[] next;
  private final int[] previous;
  private final Map<Long, Integer> known = new HashMap<>();
  private int oldest = NONE;
  private int newest = NONE;
  private int freeCount;
  private long evictedCount;

  KvCache(int blockCount, int blockTokens, boolean prefixCaching) {
    this.blockTokens = blockTokens;
    this.prefixCaching = prefixCaching;
    holders = new int[blockCount];
    hashes = new long[blockCount];
    next = new int[blockCount];
    previous = new int[blockCount];
    for (int block = 0; block < blockCount; block++) {
      putLast(block);
    }
  }

  /**
   * Takes the blocks of a prompt, as many as possible of them from the cache; the prompt's last
   * token is always computed, since its result is the first token of the answer.
   *
   * @return {@code null} if too few blocks are free
   */
  @Nullable Lease admit(int[] tokens, int tokenCount) {
    int needed = blocksOf(tokenCount);
    int[] hits = new int[prefixCaching ? (tokenCount - 1) / blockTokens : 0];
    int hitCount = 0;
    int freeHitCount = 0;
    long hash = 0;
    while (hitCount < hits.length) {
      long candidate = chain(hash, tokens, hitCount);
      Integer block = known.get(candidate);
      if (block == null) {
        break;
      }
      hits[hitCount++] = block;
      freeHitCount += holders[block] == 0 ? 1 : 0;
      hash = candidate;
    }
    if (needed - hitCount > freeCount - freeHitCount) {
      return null;
    }
    Lease lease = new Lease(needed, hitCount, hash, blockTokens);
    for (int i = 0; i < hitCount; i++) {
      if (holders[hits[i]]++ == 0) {
        takeOut(hits[i]);
      }
      lease.add(hits[i]);
    }
    while (lease.blockCount < needed) {
      lease.add(takeOldest());
    }
    return lease;
  }

  /** Takes what is missing for {@code tokenCount} tokens; false, and nothing, if none is free. */
  boolean grow(Lease lease, int tokenCount) {
    int missing = blocksOf(tokenCount) - lease.blockCount;
    if (missing > freeCount) {
      return false;
    }
    for (int i = 0; i < missing; i++) {
      lease.add(takeOldest());
    }
    return true;
  }

  /** Makes the lease's full blocks known, now that the first {@code tokenCount} are computed. */
  void computed(Lease lease, int[] tokens, int tokenCount) {
    if (!prefixCaching) {
      return;
    }
    while ((lease.knownBlockCount + 1) * blockTokens <= tokenCount) {
      int index = lease.knownBlockCount++;
      lease.lastHash = chain(lease.lastHash, tokens, index);
      int block = lease.blocks[index];
      // Two sequences may compute the same prefix at once: the first block stays the known one.
      if (known.putIfAbsent(lease.lastHash, block) == null) {
        hashes[block] = lease.lastHash;
      }
    }
  }

  /** Gives all blocks back, the last one first: a prefix's end is given up before its start. */
  void release(Lease lease) {
    for (int i = lease.blockCount - 1; i >= 0; i--) {
      if (--holders[lease.blocks[i]] == 0) {
        putLast(lease.blocks[i]);
      }
    }
    lease.blockCount = 0;
  }

  int blockCount() {
    return holders.length;
  }

  int blockTokens() {
    return blockTokens;
  }

  boolean prefixCaching() {
    return prefixCaching;
  }

  /** Blocks that a sequence holds. */
  int usedBlockCount() {
    return holders.length - freeCount;
  }

  /** Known blocks given up so far. */
  long evictedCount() {
    return evictedCount;
  }

  private int blocksOf(int tokenCount) {
    return (tokenCount + blockTokens - 1) / blockTokens;
  }

  private long chain(long before, int[] tokens, int index) {
    long hash = before;
    int end = (index + 1) * blockTokens;
    for (int i = index * blockTokens; i < end; i++) {
      hash = Mix.of(hash, tokens[i]);
    }
    // 0 marks a block without a hash.
    return hash == 0 ? 1 : hash;
  }

  private int takeOldest() {
    int block = oldest;
    takeOut(block);
    if (hashes[block] != 0) {
      known.remove(hashes[block]);
      hashes[block] = 0;
      evictedCount++;
    }
    holders[block] = 1;
    return block;
  }

  private void putLast(int block) {
    previous[block] = newest;
    next[block] = NONE;
    if (newest == NONE) {
      oldest = block;
    } else {
      next[newest] = block;
    }
    newest = block;
    freeCount++;
  }

  private void takeOut(int block) {
    if (previous[block] == NONE) {
      oldest = next[block];
    } else {
      next[previous[block]] = next[block];
    }
    if (next[block] == NONE) {
      newest = previous[block];
    } else {
      previous[next[block]] = previous[block];
    }
    freeCount--;
  }
}
