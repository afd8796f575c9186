package llmload.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many requests are let in: those that are computed and those that wait.
 *
 * <p>Every method may be called from any thread.
 */
final class Admission {
  private final int slotCount;
  private final int queueLimitCount;
  private int admittedCount;
  private boolean closed;

  Admission(int slotCount, int queueLimitCount) {
    this.slotCount = slotCount;
    this.queueLimitCount = queueLimitCount;
  }

  /** One request's place. */
  final class Ticket {
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Ticket() {}

    /** Gives the place back; without effect the second time. */
    void release() {
      if (held.compareAndSet(true, false)) {
        leave();
      }
    }
  }

  /**
   * Lets one request in.
   *
   * @throws ApiException if the queue is full or the server is closing
   */
  synchronized Ticket admit() {
    if (closed) {
      throw ApiException.closing();
    }
    if (admittedCount >= slotCount + queueLimitCount) {
      throw ApiException.queueFull(queueLimitCount);
    }
    admittedCount++;
    return new Ticket();
  }

  /** Lets nobody in any more; waits at most {@code graceMillis} until all have left. */
  synchronized boolean drain(long graceMillis) {
    closed = true;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
    try {
      while (admittedCount > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void leave() {
    admittedCount--;
    notifyAll();
  }
}
