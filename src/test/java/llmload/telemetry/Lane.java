package llmload.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;

/**
 * The looks at one source, on a daemon thread of their own, so that a slow source delays no other.
 *
 * <p>The times of the looks form a grid from the start. A look that outlasts its interval costs the
 * times that pass meanwhile, which are counted as missed, and shifts no later one.
 */
final class Lane {
  private static final double MILLIS = 1e6;
  private static final long LAST_WORD_MILLIS = 200;

  private final TelemetrySource source;
  private final Consumer<TelemetrySample> sink;
  private final LongSupplier nanos;
  private final long anchorNanos;
  private final long intervalNanos;
  private final Duration deadline;
  private final SourceAccount account;
  private final Thread thread;
  private final CountDownLatch firstLook = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean nudged;
  private boolean ending;

  Lane(TelemetrySource source, Sampler.Beat beat, Consumer<TelemetrySample> sink) {
    this.source = source;
    this.sink = sink;
    this.nanos = beat.nanos();
    this.anchorNanos = beat.anchorNanos();
    this.intervalNanos = beat.interval().toNanos();
    this.deadline = beat.deadline();
    this.account = new SourceAccount(source.name());
    this.thread = new Thread(this::run, "llmload-telemetry " + source.name());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Asks for a look now, beside the grid; does not wait for it. */
  void nudge() {
    lock.lock();
    try {
      nudged = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Asks for a last look and the end; does not wait for it. */
  void end() {
    lock.lock();
    try {
      ending = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first look to be over, good or bad. */
  boolean awaitFirst(long patienceNanos) throws InterruptedException {
    return firstLook.await(Math.max(0, patienceNanos), TimeUnit.NANOSECONDS);
  }

  /** Waits for the end; a look that does not come back by then is given up. */
  void awaitEnd(long patienceNanos) throws InterruptedException {
    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(patienceNanos)));
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join(LAST_WORD_MILLIS);
    }
  }

  private void run() {
    try {
      long next = nanos.getAsLong();
      boolean more = true;
      boolean last = false;
      while (more && !last) {
        more = look();
        firstLook.countDown();
        next = afterLook(next);
        tellChange();
        last = more && awaitTurn(next);
      }
      if (last) {
        boolean unused = look();
      }
    } catch (InterruptedException e) {
      account.missed(MissReason.TIMEOUT, "the run ended before it answered", 1);
    } finally {
      firstLook.countDown();
      if (account.isUntold()) {
        tell();
      }
      source.close();
    }
  }

  /** The next time of the grid; those that passed while the look went on are missed. */
  private long afterLook(long due) {
    long late = nanos.getAsLong() - due;
    if (late < 0) {
      return due;
    }
    long passed = late / intervalNanos;
    account.missed(MissReason.STILL_READING, "the look before took longer", passed);
    return due + (passed + 1) * intervalNanos;
  }

  /** Waits until {@code untilNanos} or a nudge; true if the end was asked for. */
  private boolean awaitTurn(long untilNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = untilNanos - nanos.getAsLong();
      while (!ending && !nudged && left > 0) {
        long unused = woken.awaitNanos(left);
        left = untilNanos - nanos.getAsLong();
      }
      nudged = false;
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** One look; false if there shall be no other. */
  private boolean look() throws InterruptedException {
    long before = nanos.getAsLong();
    try {
      List<Reading> readings = source.read(deadline);
      long after = nanos.getAsLong();
      account.taken();
      readings.forEach(reading -> sink.accept(sample(reading, before, after)));
      return true;
    } catch (SourceException e) {
      account.missed(e.reason(), String.valueOf(e.getMessage()), 1);
      return !e.isLasting();
    } catch (RuntimeException e) {
      // One faulty answer must not end the run's telemetry.
      account.missed(MissReason.INTERNAL, e.toString(), 1);
      return true;
    }
  }

  private TelemetrySample sample(Reading reading, long before, long after) {
    Map<String, Double> values = reading.values();
    if (source.isRemote()) {
      values.put(TelemetryId.READ_MS.id(), (after - before) / MILLIS);
    }
    long middle = before + (after - before) / 2;
    return new TelemetrySample(
        reading.source(), reading.takenNanos(middle) - anchorNanos, values, reading.labels());
  }

  private void tellChange() {
    if (account.takeChanged()) {
      tell();
    }
  }

  private void tell() {
    account.samples(nanos.getAsLong() - anchorNanos).forEach(sink);
  }
}
