package llmload.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The engine is a fake that decodes in steps of 1,000 nanoseconds on a clock of its own: each step
 * gives one token to every sequence that had joined before it, and a sequence that begins during
 * one step joins the next or, where the test says so, the one after.
 */
class TokenRingTest {
  private static final long STEP_NANOS = 1_000;

  private long nowNanos;
  private final TokenRing ring = new TokenRing(() -> nowNanos);
  private final List<Fake> all = new ArrayList<>();

  private class Fake implements TokenRing.Sequence {
    final int length;
    final int joinDelaySteps;
    long nextStep;
    int taken;
    long worstLagNanos;
    @Nullable RuntimeException fault;

    Fake(int length, int joinDelaySteps) {
      this.length = length;
      this.joinDelaySteps = joinDelaySteps;
    }

    @Override
    public void begin() {
      nextStep = nowNanos / STEP_NANOS + 1 + joinDelaySteps;
    }

    @Override
    public boolean advance() {
      long readyNanos = nextStep * STEP_NANOS;
      if (readyNanos > nowNanos) {
        nowNanos = readyNanos;
      } else {
        worstLagNanos = Math.max(worstLagNanos, nowNanos - readyNanos);
      }
      nowNanos += 1;
      nextStep++;
      return ++taken < length;
    }

    @Override
    public void fail(RuntimeException cause) {
      fault = cause;
    }
  }

  private Fake add(int length, int joinDelaySteps) {
    Fake fake = new Fake(length, joinDelaySteps);
    all.add(fake);
    ring.add(fake);
    return fake;
  }

  @Test
  void sequences_startedTogether_goInTurn() throws InterruptedException {
    Fake first = add(10, 0);
    Fake second = add(10, 0);

    for (int i = 0; i < 20; i++) {
      ring.turn();
    }

    assertThat(first.taken).isEqualTo(10);
    assertThat(second.taken).isEqualTo(10);
    assertThat(ring.size()).isZero();
    assertThat(nowNanos).isLessThan(12 * STEP_NANOS);
  }

  /**
   * A token that was ready is taken before the next step ends. The one exception is the step in
   * which a late sequence joins: there the ring waits for it.
   */
  @Test
  void sequences_thatJoinEarlyOrLate_neverLeaveOthersAStepBehind() throws InterruptedException {
    add(300, 0);
    for (int joinDelay : new int[] {1, 0, 1, 1, 0}) {
      for (int i = 0; i < 17; i++) {
        ring.turn();
      }
      add(100, joinDelay);
    }
    for (int i = 0; i < 40; i++) {
      ring.turn();
    }
    all.forEach(fake -> fake.worstLagNanos = 0);

    while (ring.size() > 1) {
      ring.turn();
    }

    assertThat(all).extracting(fake -> fake.worstLagNanos).allMatch(lag -> lag < 100);
  }

  @Test
  void sequence_thatFails_leavesTheOthersRunning() throws InterruptedException {
    RuntimeException onPurpose = new IllegalStateException("on purpose");
    Fake bad =
        new Fake(5, 0) {
          @Override
          public boolean advance() {
            throw onPurpose;
          }
        };
    ring.add(bad);
    Fake good = add(5, 0);

    for (int i = 0; i < 6; i++) {
      ring.turn();
    }

    assertThat(bad.fault).isSameAs(onPurpose);
    assertThat(good.taken).isEqualTo(5);
  }

  @Test
  void ring_closed_failsWhatIsUnfinishedAndWhatComesLater() throws InterruptedException {
    Fake running = add(1_000_000_000, 0);
    Thread thread = new Thread(ring);
    thread.start();

    ring.close(thread);
    thread.join(5_000);
    Fake late = add(5, 0);

    assertThat(thread.isAlive()).isFalse();
    assertThat(running.fault).hasMessage("the engine was closed");
    assertThat(late.fault).hasMessage("the engine was closed");
  }
}
