package llmload.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import llmload.protocol.RequestLog;

/**
 * Hands out the run's requests, one ticket each, so that all users together send exactly what the
 * plan says. Thread safe and wait-free.
 */
public final class LoadControl {
  /** How soon a waiting user notices that the load is over. */
  static final Duration LONGEST_NAP = Duration.ofMillis(250);

  /** How early an open load's users come: each then waits for its request's exact moment. */
  public static final Duration ARRIVAL_LEAD = Duration.ofMillis(250);

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
    long now = now();
    warmUpStart.compareAndSet(0, now);
    return load.warmUpTime().isPresent()
        && now - warmUpStart.get() < load.warmUpTime().get().toNanos();
  }

  /** Whether one more measured request is to be sent. */
  public boolean takeMeasured() {
    if (log.isStopped()) {
      return false;
    }
    long now = now();
    if (measureStart.compareAndSet(0, now)) {
      onMeasuring.run();
    }
    if (isOver(now)) {
      return false;
    }
    return load.requests().isEmpty()
        || measuredTaken.getAndIncrement() < load.requests().getAsLong();
  }

  /** Whether no further measured request will be sent: a user that waits need not wait on. */
  public boolean isOver() {
    long taken = measuredTaken.get();
    return log.isStopped()
        || isOver(now())
        || (load.requests().isPresent() && taken >= load.requests().getAsLong());
  }

  /** The moment {@code wait} from now, for {@link #napUntil}. */
  public long dueNanos(Duration wait) {
    return nanos.getAsLong() + wait.toNanos();
  }

  /**
   * How long a user that waits for {@code dueNanos} may pause before it asks again: at most {@link
   * #LONGEST_NAP}, so that no user waits on when the load is over; zero when it is to go on.
   */
  public Duration napUntil(long dueNanos) {
    long left = dueNanos - nanos.getAsLong();
    if (left <= 0 || isOver()) {
      return Duration.ZERO;
    }
    // Gatling pauses for whole milliseconds.
    Duration nap = Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(left) + 1);
    return nap.compareTo(LONGEST_NAP) < 0 ? nap : LONGEST_NAP;
  }

  /** An open load's plan holds no arrival beyond its duration, and each that it holds is sent. */
  private boolean isOver(long now) {
    long start = measureStart.get();
    return start != 0
        && !load.isOpen()
        && load.duration().isPresent()
        && now - start >= load.duration().get().toNanos();
  }

  /** The time; never 0, which stands for "not yet". */
  private long now() {
    return nanos.getAsLong() | 1;
  }
}
