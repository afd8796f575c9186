package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StressStairsTest {
  /** Climbs with a server that bears up to {@code capacity}; the levels in order. */
  private static List<Integer> climb(StressStairs stairs, int capacity) {
    List<Integer> levels = new ArrayList<>();
    while (stairs.next().isPresent()) {
      int level = stairs.next().getAsInt();
      levels.add(level);
      stairs.outcome(level <= capacity);
    }
    return levels;
  }

  @Test
  void capacityBetweenTwoSteps_isFoundByTheRefinedLevels() {
    StressStairs stairs = new StressStairs(10, 200);

    // 31 fails, so 22, 23, 24 and so on are tried, until 28 fails.
    assertThat(climb(stairs, 27)).containsExactly(1, 11, 21, 31, 22, 23, 24, 25, 26, 27, 28);
    assertThat(stairs.breakingPoint()).hasValue(28);
    assertThat(stairs.sustained()).hasValue(27);
  }

  @Test
  void everyRefinedLevelBorne_leavesTheStairAsBreakingPoint() {
    StressStairs stairs = new StressStairs(10, 200);

    assertThat(climb(stairs, 20)).containsExactly(1, 11, 21, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    assertThat(stairs.breakingPoint()).hasValue(21);
    assertThat(stairs.sustained()).hasValue(20);
  }

  @Test
  void capacityAboveTheHighest_hasNoBreakingPoint_andTheHighestIsTried() {
    StressStairs stairs = new StressStairs(10, 75);

    assertThat(climb(stairs, 500)).containsExactly(1, 11, 21, 31, 41, 51, 61, 71, 75);
    assertThat(stairs.breakingPoint()).isEmpty();
    assertThat(stairs.sustained()).hasValue(75);
  }

  @Test
  void firstLevelFails_endsAtOnce_andNothingIsSustained() {
    StressStairs stairs = new StressStairs(10, 75);

    assertThat(climb(stairs, 0)).containsExactly(1);
    assertThat(stairs.breakingPoint()).hasValue(1);
    assertThat(stairs.sustained()).isEmpty();
    assertThatThrownBy(() -> stairs.outcome(true)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void isRefining_onlyAfterTheFirstFailure() {
    StressStairs stairs = new StressStairs(2, 9);
    assertThat(stairs.isRefining()).isFalse();
    stairs.outcome(true);
    assertThat(stairs.isRefining()).isFalse();
    stairs.outcome(false);

    // 1 held, 3 failed: 2 lies between.
    assertThat(stairs.isRefining()).isTrue();
    assertThat(stairs.next()).hasValue(2);
  }
}
