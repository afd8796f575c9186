package llmload.run;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import llmload.protocol.RequestLog;

/**
 * Hands out the run's requests, one ticket each, so that all users together send exactly what the
 * plan says. Thread safe and wait-free.
 */
public final class LoadControl {
  private final LoadSettings load;
  private final RequestLog log;
  private final LongSupplier nanos;
  private final AtomicLong warmUpTaken = new AtomicLong();
  private final AtomicLong measuredTaken = new AtomicLong();
  private final AtomicLong warmUpStart = new AtomicLong();
  private final AtomicLong measureStart = new AtomicLong();
  private final Runnable onMeasuring;

  /**
   * Tickets for {@code load}.
   *
   * @param onMeasuring told once, when the first measured request is about to be sent
   */
  LoadControl(LoadSettings load, RequestLog log, LongSupplier nanos, Runnable onMeasuring) {
    this.load = load;
    this.log = log;
    this.nanos = nanos;
    this.onMeasuring = onMeasuring;
  }

  /** Whether one more warm-up request is to be sent. */
  public boolean takeWarmUp() {
    if (log.isStopped()) {
      return false;
    }
    if (load.warmUpCount().isPresent()) {
      return warmUpTaken.getAndIncrement() < load.warmUpCount().getAsLong();
    }
    long now = stamp(warmUpStart);
    return load.warmUpTime().isPresent()
        && now - warmUpStart.get() < load.warmUpTime().get().toNanos();
  }

  /** Whether one more measured request is to be sent. */
  public boolean takeMeasured() {
    if (log.isStopped()) {
      return false;
    }
    boolean first = measureStart.get() == 0;
    long now = stamp(measureStart);
    if (first && measureStart.get() == now) {
      onMeasuring.run();
    }
    if (load.duration().isPresent()
        && now - measureStart.get() >= load.duration().get().toNanos()) {
      return false;
    }
    return load.requests().isEmpty()
        || measuredTaken.getAndIncrement() < load.requests().getAsLong();
  }

  /** Sets {@code start} once; returns the time. */
  private long stamp(AtomicLong start) {
    long now = nanos.getAsLong() | 1; // never 0, which stands for "not yet"
    start.compareAndSet(0, now);
    return now;
  }
}
