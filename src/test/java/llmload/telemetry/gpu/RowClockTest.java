package llmload.telemetry.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import org.junit.jupiter.api.Test;

/** Rows of a tool whose clock is 90 s ahead; all times in milliseconds. */
class RowClockTest {
  private static final long AHEAD = 90_000;

  private final RowClock clock = new RowClock("gpu tool", 0);

  /** When a row counts that was made at {@code madeMillis}, by the true clock. */
  private long row(long madeMillis, long aheadMillis, long wayMillis) {
    return TimeUnit.NANOSECONDS.toMillis(
        clock.stamp(nanos(madeMillis + aheadMillis), nanos(madeMillis + wayMillis)));
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private Reading told(long atMillis) {
    return Objects.requireNonNull(clock.reading(nanos(atMillis)));
  }

  @Test
  void rowThatWasHeldUp_countsFromWhenItWasMade() {
    // The fastest way seen so far is what no stamp can tell: 2 ms, then 1 ms.
    assertThat(row(1_000, AHEAD, 2)).isEqualTo(1_002);
    assertThat(row(2_000, AHEAD, 400)).isEqualTo(2_002);
    assertThat(row(3_000, AHEAD, 1)).isEqualTo(3_001);
    assertThat(row(4_000, AHEAD, 900)).isEqualTo(4_001);

    // Offsets of 89,998, 89,600, 89,999 and 89,100 ms: 899 ms apart, in whole milliseconds.
    assertThat(told(5_000).value(TelemetryId.CLOCK_OFFSET_MS)).isEqualTo(89_999);
    assertThat(told(15_000).value(TelemetryId.CLOCK_UNCERTAINTY_MS)).isEqualTo(900);
  }

  @Test
  void clockThatIsSet_movesNoRow_eitherWay() {
    for (int i = 1; i <= 5; i++) {
      assertThat(row(i * 1_000L, AHEAD, 1)).isEqualTo(i * 1_000L + 1);
    }
    for (int i = 6; i <= 10; i++) {
      assertThat(row(i * 1_000L, 0, 1)).isEqualTo(i * 1_000L + 1);
    }
    assertThat(told(10_500).value(TelemetryId.CLOCK_OFFSET_MS)).isEqualTo(-1);
    for (int i = 11; i <= 15; i++) {
      assertThat(row(i * 1_000L, 3_600_000, 1)).isEqualTo(i * 1_000L + 1);
    }
  }

  @Test
  void clockThatRunsSlow_isFollowed() {
    // 1 ms less every second; no offset is older than two windows of 30 s.
    for (int i = 1; i <= 600; i++) {
      assertThat(row(i * 1_000L, AHEAD - i, 1)).isBetween(i * 1_000L - 60, i * 1_000L + 1);
    }
  }

  @Test
  void offset_isToldEveryTenSeconds_onceThereAreRows() {
    assertThat(clock.reading(0)).isNull();
    for (int i = 0; i < 2; i++) {
      row(i, AHEAD, 1);
    }
    assertThat(clock.reading(nanos(3))).isNull();
    row(3, AHEAD, 1);
    assertThat(told(4).labels()).containsEntry("of", "gpu tool");
    assertThat(clock.reading(nanos(10_003))).isNull();
    assertThat(clock.reading(nanos(10_004))).isNotNull();
  }
}
