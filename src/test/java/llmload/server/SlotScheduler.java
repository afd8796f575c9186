package llmload.server;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The slots and the queue before them: first come, first served, one thread a slot.
 *
 * <p>Every method may be called from any thread.
 */
final class SlotScheduler implements AutoCloseable {
  private final int slotCount;
  private final int queueLimitCount;
  private final AtomicInteger admitted = new AtomicInteger();
  private final ThreadPoolExecutor slots;

  SlotScheduler(int slotCount, int queueLimitCount) {
    this.slotCount = slotCount;
    this.queueLimitCount = queueLimitCount;
    AtomicInteger number = new AtomicInteger();
    slots =
        new ThreadPoolExecutor(
            slotCount,
            slotCount,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "llmload-slot-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    slots.prestartAllCoreThreads();
  }

  /** One request's turn in the queue and on a slot. */
  final class Ticket implements Runnable {
    private final Runnable work;

    private Ticket(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        work.run();
      } finally {
        admitted.decrementAndGet();
      }
    }

    /** Leaves the queue; without effect once a slot has taken it. */
    void withdraw() {
      if (slots.remove(this)) {
        admitted.decrementAndGet();
      }
    }
  }

  /**
   * Queues {@code work} for the next free slot.
   *
   * @throws ApiException if the queue is full or the scheduler closed
   */
  Ticket submit(Runnable work) {
    int before = admitted.getAndUpdate(n -> n < slotCount + queueLimitCount ? n + 1 : n);
    if (before >= slotCount + queueLimitCount) {
      throw ApiException.queueFull(queueLimitCount);
    }
    Ticket ticket = new Ticket(work);
    try {
      slots.execute(ticket);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      admitted.decrementAndGet();
      throw ApiException.closing();
    }
    return ticket;
  }

  /** Requests on a slot. */
  int runningCount() {
    return Math.min(admitted.get(), slotCount);
  }

  /** Requests waiting for a slot. */
  int waitingCount() {
    return Math.max(0, admitted.get() - slotCount);
  }

  /** Takes nothing more; waits at most {@code graceMillis} for what has been taken. */
  boolean drain(long graceMillis) {
    slots.shutdown();
    try {
      return slots.awaitTermination(graceMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    drain(0);
  }
}
