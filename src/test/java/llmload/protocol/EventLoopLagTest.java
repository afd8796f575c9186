package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock is the test's own, so that only what the test says is late. */
@Timeout(30)
class EventLoopLagTest {
  private final EventLoop loop = new DefaultEventLoop();
  private final AtomicLong nanos = new AtomicLong(1_000);
  private final EventLoopLag lag = new EventLoopLag(nanos::get);

  @AfterEach
  void shutDown() {
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Keeps the loop from running anything until the latch is counted down. */
  private CountDownLatch block() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    loop.execute(
        () -> {
          blocked.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    blocked.await();
    return release;
  }

  @Test
  void blockedLoop_showsWhileItIsBlockedAndAfterwards() throws InterruptedException {
    lag.watch(loop);
    CountDownLatch release = block();
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));

    // The probe was due after 20 ms.
    long expected = TimeUnit.MILLISECONDS.toNanos(480);
    assertThat(lag.takeMaxNanos()).isEqualTo(expected);
    release.countDown();
    awaitProbe();
    assertThat(lag.takeMaxNanos()).isEqualTo(expected);
    assertThat(lag.takeMaxNanos()).as("taken").isZero();
  }

  /** The probe's timer is older than this one, so it has run when this one has. */
  private void awaitProbe() throws InterruptedException {
    CountDownLatch later = new CountDownLatch(1);
    var unused = loop.schedule(later::countDown, 40, TimeUnit.MILLISECONDS);
    later.await();
  }

  @Test
  void loopInTime_showsNoLag() throws InterruptedException {
    lag.watch(loop);
    awaitProbe();

    assertThat(lag.takeMaxNanos()).isZero();
  }

  @Test
  void loopWatchedTwice_isProbedOnce() throws InterruptedException {
    lag.watch(loop);
    lag.watch(loop);
    CountDownLatch release = block();
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));

    assertThat(lag.takeMaxNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(80));
    release.countDown();
  }

  @Test
  void noLoop_orOneShutDown_hasNoLag() throws InterruptedException {
    assertThat(lag.takeMaxNanos()).isZero();
    lag.watch(loop);
    awaitProbe();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));

    assertThat(lag.takeMaxNanos()).isZero();
  }
}
