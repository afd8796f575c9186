package llmload.simulations.scenarios;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import llmload.load.ArrivalSchedule;
import llmload.load.Arrivals;
import llmload.run.LoadControl;
import llmload.run.LoadSettings;

/**
 * The moments at which an open load's requests are wanted.
 *
 * <p>Gatling places users on a grid of milliseconds and late by some more; so each user is injected
 * {@link LoadControl#ARRIVAL_LEAD} early and the request itself waits for its exact moment. The
 * plan's start is set by the first user to come. Thread safe.
 */
public final class ArrivalPlan {
  private static final int MAX_ARRIVALS = 50_000_000;

  private final long[] offsetsNanos;
  private final LongSupplier nanos;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong startNanos = new AtomicLong();

  private ArrivalPlan(long[] offsetsNanos, LongSupplier nanos) {
    this.offsetsNanos = offsetsNanos;
    this.nanos = nanos;
  }

  /** The plan of an open load: its requests, or what arrives within its duration. */
  public static ArrivalPlan of(LoadSettings load, LongSupplier nanos) {
    double rate = load.ratePerSecond().getAsDouble();
    ArrivalSchedule schedule =
        switch (load.arrival()) {
          case "constant" -> Arrivals.constant(rate);
          case "gamma" -> Arrivals.gamma(rate, load.burstiness(), load.seed());
          default -> Arrivals.poisson(rate, load.seed());
        };
    if (!load.rampUp().isZero()) {
      schedule = Arrivals.rampUp(schedule, load.rampUp());
    }
    long count = load.requests().orElse(MAX_ARRIVALS);
    long end = load.duration().map(d -> d.toNanos()).orElse(Long.MAX_VALUE);
    return new ArrivalPlan(offsets(schedule, count, end), nanos);
  }

  private static long[] offsets(ArrivalSchedule schedule, long count, long endNanos) {
    long[] offsets = new long[1024];
    int size = 0;
    while (size < count && size < MAX_ARRIVALS) {
      long offset = schedule.nextOffsetNanos();
      if (offset >= endNanos) {
        break;
      }
      if (size == offsets.length) {
        offsets = Arrays.copyOf(offsets, size * 2);
      }
      offsets[size++] = offset;
    }
    return Arrays.copyOf(offsets, size);
  }

  /** When users are to be injected, since the population's start; ascending. */
  public long[] offsetsNanos() {
    return offsetsNanos.clone();
  }

  /** The number of arrivals. */
  public int size() {
    return offsetsNanos.length;
  }

  /** The {@code System.nanoTime()} at which the next request is wanted. */
  public long nextIntendedNanos() {
    long fresh = nanos.getAsLong() + LoadControl.ARRIVAL_LEAD.toNanos();
    startNanos.compareAndSet(0, fresh | 1);
    int index = Math.min(next.getAndIncrement(), offsetsNanos.length - 1);
    return startNanos.get() + offsetsNanos[index] - offsetsNanos[0];
  }
}
