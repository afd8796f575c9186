package llmload.metrics;

import java.util.OptionalInt;

/**
 * The stairs to the breaking point: 1, 1 + step, 1 + 2 × step and so on, at last the highest level
 * itself. Below the first level that fails, each single one above the last that held is tried, in
 * ascending order, until one fails too: the breaking point is the lowest level that failed.
 */
public final class StressStairs {
  private final int stepCount;
  private final int maxCount;
  private int level = 1;
  private int held;
  private int failed;
  private boolean refining;
  private boolean over;

  /**
   * Stairs that begin at one user.
   *
   * @param stepCount users added a step, at least 1
   * @param maxCount the highest level, at least 1
   */
  public StressStairs(int stepCount, int maxCount) {
    if (stepCount < 1 || maxCount < 1) {
      throw new IllegalArgumentException(
          "stairs: Expecting a step and a highest level of at least 1. Found: "
              + stepCount
              + " and "
              + maxCount
              + ".");
    }
    this.stepCount = stepCount;
    this.maxCount = maxCount;
  }

  /** The level to try next, in users; empty when all is known. */
  public OptionalInt next() {
    return over ? OptionalInt.empty() : OptionalInt.of(level);
  }

  /** Whether the level to try next lies between two of the stairs. */
  public boolean isRefining() {
    return refining;
  }

  /** The level that {@link #next} names was borne, or not. */
  public void outcome(boolean passed) {
    if (over) {
      throw new IllegalStateException("The stairs have ended.");
    }
    if (passed) {
      held = level;
      climb();
    } else {
      fail();
    }
  }

  private void climb() {
    if (refining) {
      level++;
      over = level >= failed;
    } else if (level == maxCount) {
      over = true;
    } else {
      level = Math.min(maxCount, level + stepCount);
    }
  }

  private void fail() {
    failed = level;
    level = held + 1;
    over = refining || level >= failed;
    refining = true;
  }

  /** The lowest level that failed; empty if none did. */
  public OptionalInt breakingPoint() {
    return failed == 0 ? OptionalInt.empty() : OptionalInt.of(failed);
  }

  /** The highest level below the breaking point that was borne; empty if none was. */
  public OptionalInt sustained() {
    return held == 0 ? OptionalInt.empty() : OptionalInt.of(held);
  }
}
