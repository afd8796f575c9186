package llmload.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * The journal's one writer: takes entries from a bounded queue, writes them within 50 ms and brings
 * them to the device every 5 s.
 *
 * <p>It looks at the queue at intervals instead of being woken for each entry, since a wake-up
 * would cost an event loop a system call; only a queue that is half full wakes it.
 */
final class JournalWriter implements Runnable {
  private static final System.Logger LOG = System.getLogger(JournalWriter.class.getName());
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int BLOCK_BYTES = 128 * 1024;

  /** How the journal ends: with a footer, or without one. */
  record Ending(boolean footer, @Nullable Long plannedCount, @Nullable String interruptedBy) {}

  /** One file of the journal. */
  private static final class Output {
    private final Path file;
    private final JournalChannel channel;
    private final LineBuffer lines = new LineBuffer();
    private boolean unsynced;

    Output(Path file, JournalChannel channel) {
      this.file = file;
      this.channel = channel;
    }
  }

  private final Output requests;
  private final Output telemetry;
  private final JournalCounts counts;
  private final LongSupplier nanoTime;
  private final int capacity;
  private final ConcurrentLinkedQueue<Record> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final Thread thread;
  private final List<Consumer<RequestRecord>> recordListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<TelemetrySample>> sampleListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> failureListeners = new CopyOnWriteArrayList<>();
  private final Map<Outcome, Integer> bufferedMeasured = new EnumMap<>(Outcome.class);
  private int bufferedRecords;
  private long syncedAtNanos;
  private volatile @Nullable Ending ending;
  private volatile @Nullable String failure;

  /** Takes the two files over; it closes them at its end. */
  JournalWriter(
      Map.Entry<Path, JournalChannel> requests,
      Map.Entry<Path, JournalChannel> telemetry,
      JournalCounts counts,
      int capacity,
      LongSupplier nanoTime) {
    this.requests = new Output(requests.getKey(), requests.getValue());
    this.telemetry = new Output(telemetry.getKey(), telemetry.getValue());
    this.counts = counts;
    this.capacity = capacity;
    this.nanoTime = nanoTime;
    this.thread = new Thread(this, "llmload-journal");
    thread.setDaemon(true);
  }

  void start() {
    syncedAtNanos = nanoTime.getAsLong();
    thread.start();
  }

  /** Queues {@code entry}; false if there is no room or no writer for it. Never waits. */
  boolean offer(Record entry) {
    if (failure != null) {
      return false;
    }
    int now = queued.incrementAndGet();
    // The end is looked at after counting: the writer only stops at a count of zero.
    if (now > capacity || ending != null) {
      queued.decrementAndGet();
      return false;
    }
    queue.add(entry);
    if (now == capacity / 2) {
      LockSupport.unpark(thread);
    }
    return true;
  }

  void listen(Consumer<RequestRecord> listener) {
    recordListeners.add(listener);
  }

  void listenToSamples(Consumer<TelemetrySample> listener) {
    sampleListeners.add(listener);
  }

  void onFailure(Consumer<String> listener) {
    failureListeners.add(listener);
    String reason = failure;
    // Whoever removes the listener tells it: the writer when it fails, or this call when it has.
    if (reason != null && failureListeners.remove(listener)) {
      listener.accept(reason);
    }
  }

  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** Ends the journal; false if the writer did not get there within {@code timeoutMillis}. */
  boolean end(Ending how, long timeoutMillis) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "journal: Expecting to be finished by a thread of the run. Found: its own writer.");
    }
    if (ending == null) {
      ending = how;
    }
    LockSupport.unpark(thread);
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    long leftMillis = timeoutMillis;
    while (thread.isAlive() && leftMillis > 0) {
      try {
        thread.join(leftMillis);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  @Override
  public void run() {
    try {
      Ending how = drainUntilEnd();
      if (how.footer() && failure == null) {
        writeFooter(how);
      }
    } catch (RuntimeException | Error e) {
      fail("journal: Expecting to go on writing. Found: " + e + ".");
      LOG.log(System.Logger.Level.ERROR, "the journal's writer failed", e);
      // What still arrives is counted as lost.
      drainUntilEnd();
    } finally {
      close(requests);
      close(telemetry);
    }
  }

  private Ending drainUntilEnd() {
    while (true) {
      Ending how = ending;
      drain();
      if (how == null) {
        LockSupport.parkNanos(this, POLL_NANOS);
      } else if (queued.get() == 0) {
        return how;
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private void drain() {
    Record entry;
    while ((entry = queue.poll()) != null) {
      queued.decrementAndGet();
      if (entry instanceof RequestRecord record) {
        take(record);
      } else if (entry instanceof TelemetrySample sample) {
        take(sample);
      }
    }
    flush(requests);
    flush(telemetry);
    sync();
  }

  private void take(RequestRecord record) {
    if (failure != null) {
      counts.lost(1);
      return;
    }
    int start = requests.lines.size();
    try {
      JournalLine.write(record, requests.lines);
    } catch (IOException | RuntimeException e) {
      requests.lines.truncate(start);
      counts.lost(1);
      LOG.log(System.Logger.Level.WARNING, "a request record could not be written as JSON", e);
      return;
    }
    bufferedRecords++;
    if (record.phase() == Phase.MEASURE) {
      bufferedMeasured.merge(record.outcome(), 1, Integer::sum);
    }
    tell(recordListeners, record);
    if (requests.lines.size() >= BLOCK_BYTES) {
      flush(requests);
    }
  }

  private void take(TelemetrySample sample) {
    if (failure != null) {
      counts.lostSample();
      return;
    }
    int start = telemetry.lines.size();
    try {
      JournalLine.write(sample, telemetry.lines);
    } catch (IOException | RuntimeException e) {
      telemetry.lines.truncate(start);
      counts.lostSample();
      LOG.log(System.Logger.Level.WARNING, "a telemetry sample could not be written as JSON", e);
      return;
    }
    tell(sampleListeners, sample);
  }

  // A faulty listener loses its feed; the record of the run goes on.
  private static <T> void tell(List<Consumer<T>> listeners, T entry) {
    listeners.removeIf(listener -> isFaulty(listener, entry));
  }

  private static <T> boolean isFaulty(Consumer<T> listener, T entry) {
    try {
      listener.accept(entry);
      return false;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a listener of the journal failed and is left out", e);
      return true;
    }
  }

  private void flush(Output output) {
    if (output.lines.size() == 0 || failure != null) {
      return;
    }
    try {
      output.channel.write(output.lines.asByteBuffer());
      output.unsynced = true;
      output.lines.truncate(0);
    } catch (IOException e) {
      fail(output.file + ": Expecting to write to it. Found: " + e.getMessage() + ".");
      return;
    }
    if (output == requests) {
      bufferedMeasured.forEach(counts::written);
      bufferedMeasured.clear();
      bufferedRecords = 0;
    }
  }

  private void sync() {
    long now = nanoTime.getAsLong();
    if (now - syncedAtNanos >= SYNC_NANOS) {
      syncedAtNanos = now;
      force(requests);
      force(telemetry);
    }
  }

  private void force(Output output) {
    if (!output.unsynced || failure != null) {
      return;
    }
    try {
      output.channel.force();
      output.unsynced = false;
    } catch (IOException e) {
      fail(output.file + ": Expecting to write to it. Found: " + e.getMessage() + ".");
    }
  }

  private void writeFooter(Ending how) {
    try {
      JournalLine.write(counts.footer(how.plannedCount(), how.interruptedBy()), requests.lines);
    } catch (IOException e) {
      fail(requests.file + ": Expecting to write its footer. Found: " + e.getMessage() + ".");
    }
    flush(requests);
    force(requests);
    force(telemetry);
  }

  private void fail(String reason) {
    if (failure != null) {
      return;
    }
    failure = reason;
    counts.lost(bufferedRecords);
    bufferedRecords = 0;
    bufferedMeasured.clear();
    for (Consumer<String> listener : List.copyOf(failureListeners)) {
      if (failureListeners.remove(listener)) {
        try {
          listener.accept(reason);
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.WARNING, "a listener of the journal's failure failed", e);
        }
      }
    }
  }

  private void close(Output output) {
    try {
      output.channel.close();
    } catch (IOException e) {
      fail(output.file + ": Expecting to close it. Found: " + e.getMessage() + ".");
    }
  }
}
