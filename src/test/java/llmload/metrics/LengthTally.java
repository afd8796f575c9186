package llmload.metrics;

import org.jspecify.annotations.Nullable;

/**
 * Counted lengths against a declared one, which they keep within 10 %. Not safe for use by several
 * threads.
 */
public final class LengthTally {
  private int declaredTokens;
  private long uncountedCount;
  private long countedCount;
  private long offCount;
  private long tokens;
  private int leastTokens = Integer.MAX_VALUE;
  private int mostTokens;

  /** Takes a length; {@code null} is not declared, or not counted. */
  public void add(@Nullable Integer declared, @Nullable Integer counted) {
    if (declared == null) {
      return;
    }
    declaredTokens = declared;
    if (counted == null) {
      uncountedCount++;
      return;
    }
    countedCount++;
    tokens += counted;
    leastTokens = Math.min(leastTokens, counted);
    mostTokens = Math.max(mostTokens, counted);
    // 10 % in whole numbers, so that 27 to 33 keep a declared 30.
    if (10L * Math.abs(counted - declared) > declared) {
      offCount++;
    }
  }

  /** The declared length. */
  public int declaredTokens() {
    return declaredTokens;
  }

  /** Lengths that nobody counted. */
  public long uncountedCount() {
    return uncountedCount;
  }

  /** Lengths that were counted. */
  public long countedCount() {
    return countedCount;
  }

  /** Counted lengths that are more than 10 % off. */
  public long offCount() {
    return offCount;
  }

  /** The mean counted length; {@code null} without any. */
  public @Nullable Double meanTokens() {
    return countedCount == 0 ? null : Double.valueOf((double) tokens / countedCount);
  }

  /** The least counted length; {@code null} without any. */
  public @Nullable Integer leastTokens() {
    return countedCount == 0 ? null : Integer.valueOf(leastTokens);
  }

  /** The greatest counted length; {@code null} without any. */
  public @Nullable Integer mostTokens() {
    return countedCount == 0 ? null : Integer.valueOf(mostTokens);
  }
}
