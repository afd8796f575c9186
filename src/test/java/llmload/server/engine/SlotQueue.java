package llmload.server.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A fixed number of slots and the queue before them: first come, first served.
 *
 * <p>Every method may be called from any thread; work is begun on the thread that queues it or that
 * frees a slot for it.
 */
final class SlotQueue {
  private final int slotCount;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int runningCount;

  SlotQueue(int slotCount) {
    this.slotCount = slotCount;
  }

  /** Begins {@code work} on a free slot, now or when one is free; it ends with {@link #free}. */
  void add(Runnable work) {
    synchronized (this) {
      if (runningCount == slotCount) {
        waiting.add(work);
        return;
      }
      runningCount++;
    }
    work.run();
  }

  /** Takes {@code work} out of the queue; false if a slot has it already. */
  synchronized boolean remove(Runnable work) {
    return waiting.remove(work);
  }

  /** Frees a slot, and gives it to the next in the queue. */
  void free() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        runningCount--;
        return;
      }
    }
    next.run();
  }

  /** Slots in use. */
  synchronized int runningCount() {
    return runningCount;
  }

  /** Work that waits for a slot. */
  synchronized int waitingCount() {
    return waiting.size();
  }
}
