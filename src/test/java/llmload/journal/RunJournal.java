package llmload.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import llmload.model.JournalFooter;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a run that goes on: one JSON line for each request and each telemetry sample.
 *
 * <p>Appending is safe from any thread and never waits: an entry goes into a bounded queue, from
 * which one daemon thread writes it to the file within 50 ms and to the device within 5 s. An entry
 * that finds the queue full, or the disk failed, is lost, and the loss is counted.
 *
 * <p>One line of {@code requests.jsonl}:
 *
 * <pre>{@code
 * {"v":1,"id":"7","scenario":"load","request":"chat","user":2,"turn":0,"phase":"measure","sentNanos":5000,"endNanos":900,"status":200,"outcome":"OK","bytesReceived":12}
 * }</pre>
 */
public final class RunJournal implements AutoCloseable {
  /** The file of the requests, in the run's folder. */
  public static final String REQUESTS_FILE = "requests.jsonl";

  /** The file of the telemetry, in the run's folder. */
  public static final String TELEMETRY_FILE = "telemetry.jsonl";

  private static final long END_MILLIS = 5_000;

  private final long anchorNanos;
  private final JournalCounts counts;
  private final JournalWriter writer;
  private final Object endLock = new Object();
  private @Nullable JournalFooter footer;

  private RunJournal(long anchorNanos, JournalCounts counts, JournalWriter writer) {
    this.anchorNanos = anchorNanos;
    this.counts = counts;
    this.writer = writer;
  }

  /**
   * Makes the two files of the journal in {@code runFolder}, which exists, and starts the writer.
   *
   * @param anchorNanos {@link System#nanoTime()} at the moment from which the run counts
   * @param queueCapacity entries that may wait for the writer
   * @throws UncheckedIOException with the path, if a file exists or cannot be made
   */
  public static RunJournal open(Path runFolder, long anchorNanos, int queueCapacity) {
    return open(runFolder, anchorNanos, queueCapacity, JournalChannel::create, System::nanoTime);
  }

  static RunJournal open(
      Path runFolder,
      long anchorNanos,
      int queueCapacity,
      JournalChannel.Opener opener,
      LongSupplier nanoTime) {
    if (queueCapacity < 1) {
      throw new IllegalArgumentException(
          "queueCapacity: Expecting at least 1. Found: " + queueCapacity + ".");
    }
    Path requestsFile = runFolder.resolve(REQUESTS_FILE);
    Path telemetryFile = runFolder.resolve(TELEMETRY_FILE);
    for (Path file : new Path[] {requestsFile, telemetryFile}) {
      if (Files.exists(file)) {
        throw cannotMake(file, new FileAlreadyExistsException(file.toString()));
      }
    }
    JournalChannel requests = make(requestsFile, opener);
    JournalChannel telemetry;
    try {
      telemetry = make(telemetryFile, opener);
    } catch (UncheckedIOException e) {
      try {
        requests.close();
        Files.deleteIfExists(requestsFile);
      } catch (IOException cleanup) {
        e.addSuppressed(cleanup);
      }
      throw e;
    }
    JournalCounts counts = new JournalCounts();
    JournalWriter writer =
        new JournalWriter(
            Map.entry(requestsFile, requests),
            Map.entry(telemetryFile, telemetry),
            counts,
            queueCapacity,
            nanoTime);
    writer.start();
    return new RunJournal(anchorNanos, counts, writer);
  }

  private static JournalChannel make(Path file, JournalChannel.Opener opener) {
    try {
      return opener.open(file);
    } catch (IOException e) {
      throw cannotMake(file, e);
    }
  }

  private static UncheckedIOException cannotMake(Path file, IOException e) {
    String found =
        e instanceof FileAlreadyExistsException ? "a file of that name" : String.valueOf(e);
    return new UncheckedIOException(
        file + ": Expecting to make a new file. Found: " + found + ".", e);
  }

  /** {@link System#nanoTime()} at the moment from which the run counts. */
  public long anchorNanos() {
    return anchorNanos;
  }

  /** Counts a request of {@code phase} that was sent. Any thread; wait-free. */
  public void started(Phase phase) {
    counts.started(phase);
  }

  /**
   * Appends the record of a request that ended. Any thread; never waits.
   *
   * @return false if it was lost, because the queue is full, writing failed, or the journal ended
   */
  public boolean append(RequestRecord record) {
    counts.ended(record);
    boolean kept = writer.offer(record);
    if (!kept) {
      counts.lost(1);
    }
    return kept;
  }

  /** Appends a telemetry sample, under the same rules. */
  public void append(TelemetrySample sample) {
    if (!writer.offer(sample)) {
      counts.lostSample();
    }
  }

  /** The counts so far, as the requests' own threads saw them. Any thread; cheap. */
  public LiveCounts counts() {
    return counts.live();
  }

  /**
   * Has {@code listener} told once, on the writer's thread, when writing fails: the run must stop.
   * It is told at once, by the caller, if that has already happened. It must not finish the journal
   * itself.
   */
  public void onFailure(Consumer<String> listener) {
    writer.onFailure(listener);
  }

  /** Why writing failed, path first; empty while all is well. */
  public Optional<String> failure() {
    return writer.failure();
  }

  /**
   * Has {@code listener} see each record, in the order of the file, on the writer's thread. One
   * that throws is left out from then on.
   */
  public void listen(Consumer<RequestRecord> listener) {
    writer.listen(listener);
  }

  /** Has {@code listener} see each telemetry sample, under the same rules. */
  public void listenToSamples(Consumer<TelemetrySample> listener) {
    writer.listenToSamples(listener);
  }

  /**
   * Writes what is queued and the footer, brings both to the device and closes the files; ends
   * within 5 s, and does nothing the second time. Not to be called by a listener.
   *
   * <p>{@code started = ok + failed + incomplete} holds in the footer: what was started and left no
   * line, be it lost or never ended, is incomplete. {@code ok} and {@code failed} count lines. A
   * journal whose writing failed gets no footer line.
   *
   * @param plannedCount measured requests that the plan wanted; {@code null} if it named no number,
   *     which counts as planned what was started
   * @param interruptedBy the signal or fault that ended the run early; {@code null} if none
   */
  public JournalFooter finish(@Nullable Long plannedCount, @Nullable String interruptedBy) {
    synchronized (endLock) {
      if (footer == null) {
        writer.end(new JournalWriter.Ending(true, plannedCount, interruptedBy), END_MILLIS);
        footer = counts.footer(plannedCount, interruptedBy);
      }
      return footer;
    }
  }

  /**
   * Closes the files; without {@link #finish} there is no footer line, and the run counts as cut
   * short.
   */
  @Override
  public void close() {
    synchronized (endLock) {
      if (footer == null) {
        writer.end(new JournalWriter.Ending(false, null, null), END_MILLIS);
      }
    }
  }
}
