package llmload.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlotSchedulerTest {
  private final SlotScheduler scheduler = new SlotScheduler(2, 3);
  private final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
  private final Semaphore mayEnd = new Semaphore(0);

  @AfterEach
  void close() {
    mayEnd.release(100);
    assertThat(scheduler.drain(5_000)).isTrue();
  }

  private SlotScheduler.Ticket submit(int number) {
    return scheduler.submit(
        () -> {
          begun.add(number);
          mayEnd.acquireUninterruptibly();
        });
  }

  @Test
  void work_moreThanSlots_runsInTheOrderItCame() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      submit(i);
    }

    assertThat(List.of(take(), take())).containsExactlyInAnyOrder(0, 1);
    for (int expected = 2; expected < 5; expected++) {
      assertThat(begun).isEmpty();
      mayEnd.release();
      assertThat(take()).isEqualTo(expected);
    }
  }

  @Test
  void work_slotsAndQueueFull_isRefusedAndLeavesTheCountsAlone() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      submit(i);
    }

    assertThatThrownBy(() -> submit(5))
        .isInstanceOf(ApiException.class)
        .hasMessage(
            "queue: Expecting at most 3 waiting requests. Found: one more. Try again in a second.");
    assertThat(scheduler.runningCount()).isEqualTo(2);
    assertThat(scheduler.waitingCount()).isEqualTo(3);
  }

  @Test
  void ticket_withdrawnWhileWaiting_neverRunsAndFreesItsPlace() throws InterruptedException {
    submit(0);
    submit(1);
    take();
    take();
    SlotScheduler.Ticket gone = submit(2);
    submit(3);

    gone.withdraw();

    assertThat(scheduler.waitingCount()).isEqualTo(1);
    mayEnd.release();
    assertThat(take()).isEqualTo(3);
  }

  @Test
  void ticket_withdrawnTwiceOrWhileRunning_countsOnce() throws InterruptedException {
    submit(0);
    submit(1);
    take();
    take();
    SlotScheduler.Ticket waiting = submit(2);

    waiting.withdraw();
    waiting.withdraw();

    assertThat(scheduler.waitingCount()).isZero();
    assertThat(scheduler.runningCount()).isEqualTo(2);
  }

  @Test
  void work_thatThrows_freesItsSlot() throws InterruptedException {
    List<Thread> failed = new CopyOnWriteArrayList<>();
    CountDownLatch thrown = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      scheduler.submit(
          () -> {
            Thread.currentThread()
                .setUncaughtExceptionHandler(
                    (thread, e) -> {
                      failed.add(thread);
                      thrown.countDown();
                    });
            throw new IllegalStateException("on purpose");
          });
    }
    assertThat(thrown.await(5, SECONDS)).isTrue();
    submit(7);

    assertThat(take()).isEqualTo(7);
    assertThat(failed).hasSize(2);
  }

  private Integer take() throws InterruptedException {
    Integer number = begun.poll(5, SECONDS);
    assertThat(number).isNotNull();
    return number;
  }
}
