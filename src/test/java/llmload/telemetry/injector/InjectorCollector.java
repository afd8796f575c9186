package llmload.telemetry.injector;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import llmload.model.TelemetrySample;

/**
 * Samples the injector once a second: its load, its event loops' lag, its collector's pauses, its
 * processor time, its heap.
 *
 * <pre>{@code
 * {"v":1,"source":"injector","atNanos":1000000000,"values":{"started_count":12,"active_count":4,
 *  "done_count":8,"event_loop_lag_max_ms":0.4,"gc_pause_max_ms":0,"gc_pause_total_ms":0,
 *  "cpu_cores":0.31,"heap_used_bytes":52428800}}
 * }</pre>
 *
 * <p>Lag and pauses are those since the sample before; {@code cpu_cores} is the processor time of
 * this process over the same span. Samples are taken on a thread of their own.
 */
public final class InjectorCollector implements AutoCloseable {
  /** The source of these samples. */
  public static final String SOURCE = "injector";

  /**
   * What is read of the load, warm-up requests left out. The two counts may be read a moment apart.
   *
   * @param startedCount requests sent so far
   * @param doneCount of these, ended so far
   */
  public record Progress(long startedCount, long doneCount) {}

  /** Where the collector reads. */
  public interface Source {
    /** The load so far. */
    Progress progress();

    /** The longest event-loop lag since the call before, in nanoseconds. */
    long takeEventLoopLagNanos();
  }

  private final Source source;
  private final Consumer<TelemetrySample> sink;
  private final LongSupplier nanos;
  private final long anchorNanos;
  private final GcPauses gc = GcPauses.watch();
  private final OperatingSystemMXBean os =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "llmload-injector-samples");
            thread.setDaemon(true);
            return thread;
          });
  private long lastAtNanos;
  private long lastCpuNanos;
  private boolean closed;

  /**
   * A collector that hands samples to {@code sink}.
   *
   * @param anchorNanos the run's anchor on the clock {@code nanos}
   */
  public InjectorCollector(
      Source source, Consumer<TelemetrySample> sink, LongSupplier nanos, long anchorNanos) {
    this.source = source;
    this.sink = sink;
    this.nanos = nanos;
    this.anchorNanos = anchorNanos;
    this.lastAtNanos = nanos.getAsLong();
    this.lastCpuNanos = os.getProcessCpuTime();
  }

  /** Begins to sample. */
  public void start() {
    var unused = scheduler.scheduleAtFixedRate(this::sample, 1, 1, TimeUnit.SECONDS);
  }

  /** Takes one sample now. Any thread; nothing once it is closed. */
  public synchronized void sample() {
    if (closed) {
      return;
    }
    long now = nanos.getAsLong();
    long cpu = os.getProcessCpuTime();
    Progress progress = source.progress();
    Map<String, Double> values = new LinkedHashMap<>();
    long done = Math.min(progress.doneCount(), progress.startedCount());
    values.put("started_count", (double) progress.startedCount());
    values.put("active_count", (double) (progress.startedCount() - done));
    values.put("done_count", (double) done);
    values.put("event_loop_lag_max_ms", source.takeEventLoopLagNanos() / 1e6);
    values.put("gc_pause_max_ms", (double) gc.takeMaxMillis());
    values.put("gc_pause_total_ms", (double) gc.takeTotalMillis());
    if (cpu >= 0 && now > lastAtNanos) {
      values.put("cpu_cores", (cpu - lastCpuNanos) / (double) (now - lastAtNanos));
    }
    Runtime runtime = Runtime.getRuntime();
    values.put("heap_used_bytes", (double) (runtime.totalMemory() - runtime.freeMemory()));
    lastAtNanos = now;
    lastCpuNanos = cpu;
    sink.accept(new TelemetrySample(SOURCE, now - anchorNanos, values, Map.of()));
  }

  /** Takes a last sample and ends; does nothing the second time. */
  @Override
  public synchronized void close() {
    scheduler.shutdownNow();
    sample();
    closed = true;
  }
}
