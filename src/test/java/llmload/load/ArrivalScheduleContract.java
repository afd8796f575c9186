package llmload.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What every schedule keeps, whatever its shape. */
abstract class ArrivalScheduleContract {

  /** A fresh schedule; each call gives the same offsets. */
  abstract ArrivalSchedule schedule();

  static long[] offsets(ArrivalSchedule schedule, int count) {
    long[] offsets = new long[count];
    for (int i = 0; i < count; i++) {
      offsets[i] = schedule.nextOffsetNanos();
    }
    return offsets;
  }

  @Test
  void offsets_startAtZeroOrLater_andNeverGoBack() {
    long before = 0;
    for (long offset : offsets(schedule(), 100_000)) {
      assertThat(offset).isGreaterThanOrEqualTo(before);
      before = offset;
    }
  }

  @Test
  void offsets_ofTheSameSettings_areTheSame() {
    assertThat(offsets(schedule(), 1_000)).isEqualTo(offsets(schedule(), 1_000));
  }

  @Test
  void offsets_areNotAllOne() {
    assertThat(Arrays.stream(offsets(schedule(), 10)).distinct().count()).isGreaterThan(1);
  }

  @Test
  void schedule_longAfterItsEnd_staysThere() {
    ArrivalSchedule schedule = schedule();
    boolean ended = false;
    for (int i = 0; i < 100_000; i++) {
      boolean never = schedule.nextOffsetNanos() == ArrivalSchedule.NEVER;
      assertThat(never || !ended).isTrue();
      ended = never;
    }
  }
}
