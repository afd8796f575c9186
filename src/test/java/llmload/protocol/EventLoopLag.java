package llmload.protocol;

import io.netty.util.concurrent.EventExecutor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Watches how late event loops run their timers: a probe every 20 ms on each loop that sends
 * requests. Whatever blocks a loop, be it slow code, a pause of the collector or a starved machine,
 * shows here and delays every stamp that the loop takes.
 *
 * <p>Thread safe. The lag includes the time that a loop is blocked at the moment of the reading.
 */
public final class EventLoopLag {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Set<Probe> probes = ConcurrentHashMap.newKeySet();
  private final Set<EventExecutor> watched = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanos;

  /** Reads the time from {@code nanos}, a monotonic clock. */
  public EventLoopLag(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Watches {@code loop} from now on; a second call for one loop does nothing. Any thread. */
  public void watch(EventExecutor loop) {
    if (watched.add(loop)) {
      Probe probe = new Probe(loop);
      probes.add(probe);
      loop.execute(probe::start);
    }
  }

  /** The longest lag since the call before, in nanoseconds; 0 if no loop is watched. Any thread. */
  public long takeMaxNanos() {
    long now = nanos.getAsLong();
    long max = 0;
    for (Probe probe : probes) {
      max = Math.max(max, probe.takeMax(now));
    }
    return max;
  }

  private final class Probe {
    private final EventExecutor loop;
    private final AtomicLong max = new AtomicLong();
    private volatile long dueNanos = Long.MAX_VALUE;

    Probe(EventExecutor loop) {
      this.loop = loop;
    }

    void start() {
      schedule(nanos.getAsLong());
    }

    private void schedule(long now) {
      dueNanos = now + INTERVAL_NANOS;
      if (!loop.isShuttingDown()) {
        var unused = loop.schedule(this::fire, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
      }
    }

    private void fire() {
      long now = nanos.getAsLong();
      max.accumulateAndGet(now - dueNanos, Math::max);
      schedule(now);
    }

    long takeMax(long now) {
      long due = dueNanos;
      long pending = due == Long.MAX_VALUE || loop.isShuttingDown() ? 0 : Math.max(0, now - due);
      return Math.max(max.getAndSet(0), pending);
    }
  }
}
