package llmload.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import llmload.model.TelemetrySample;

/**
 * Looks at each source at a fixed interval, from before the load until after it.
 *
 * <p>A sample's stamp is the middle of its look, on the run's own clock, so no clock of another
 * machine is needed. Whatever is missed is counted with its reason, in samples of the source {@code
 * telemetry}: when a source comes or goes, and at the end.
 */
public final class Sampler implements AutoCloseable {
  private final List<Lane> lanes;
  private final Duration deadline;
  private final LongSupplier nanos;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean ended;

  /**
   * When to look, and how long a look may take.
   *
   * @param interval between two looks at one source
   * @param deadline of one look
   * @param nanos the clock
   * @param anchorNanos the run's anchor on it
   */
  public record Beat(Duration interval, Duration deadline, LongSupplier nanos, long anchorNanos) {}

  /**
   * A sampler that hands samples to {@code sink}, from several threads.
   *
   * @param sources closed with the sampler
   */
  public Sampler(List<TelemetrySource> sources, Beat beat, Consumer<TelemetrySample> sink) {
    // A look that comes back after the end is no part of the run.
    Consumer<TelemetrySample> guarded =
        sample -> {
          if (!ended) {
            sink.accept(sample);
          }
        };
    this.lanes = sources.stream().map(source -> new Lane(source, beat, guarded)).toList();
    this.deadline = beat.deadline();
    this.nanos = beat.nanos();
  }

  /** Begins: the first look at each source is at once. */
  public void start() {
    lanes.forEach(Lane::start);
  }

  /** Waits until each source was looked at once, at most for one deadline. */
  public void awaitBaseline() {
    await((lane, patience) -> lane.awaitFirst(patience));
  }

  /** Looks at every source now, beside the interval; does not wait. */
  public void sampleNow() {
    lanes.forEach(Lane::nudge);
  }

  /** Looks a last time, waits for that at most one deadline, and ends. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      lanes.forEach(Lane::end);
      await((lane, patience) -> lane.awaitEnd(patience));
      ended = true;
    }
  }

  private void await(Wait wait) {
    long until = nanos.getAsLong() + deadline.toNanos();
    try {
      for (Lane lane : lanes) {
        wait.on(lane, until - nanos.getAsLong());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Wait {
    void on(Lane lane, long patienceNanos) throws InterruptedException;
  }
}
