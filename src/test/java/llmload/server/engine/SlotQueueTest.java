package llmload.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotQueueTest {
  private final SlotQueue slots = new SlotQueue(2);
  private final List<Integer> begun = new ArrayList<>();

  private Runnable work(int number) {
    Runnable work = () -> begun.add(number);
    slots.add(work);
    return work;
  }

  @Test
  void work_moreThanSlots_beginsInTheOrderItCameAsSlotsGetFree() {
    for (int i = 0; i < 5; i++) {
      work(i);
    }

    assertThat(begun).containsExactly(0, 1);
    assertThat(slots.runningCount()).isEqualTo(2);
    assertThat(slots.waitingCount()).isEqualTo(3);
    slots.free();
    assertThat(begun).containsExactly(0, 1, 2);
    slots.free();
    slots.free();
    assertThat(begun).containsExactly(0, 1, 2, 3, 4);
    slots.free();
    slots.free();
    assertThat(slots.runningCount()).isZero();
  }

  @Test
  void work_takenOutWhileItWaits_neverBegins() {
    Runnable running = work(0);
    work(1);
    Runnable waiting = work(2);
    work(3);

    assertThat(slots.remove(waiting)).isTrue();
    assertThat(slots.remove(waiting)).isFalse();
    assertThat(slots.remove(running)).isFalse();

    slots.free();
    assertThat(begun).containsExactly(0, 1, 3);
  }
}
