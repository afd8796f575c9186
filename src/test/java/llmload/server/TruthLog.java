package llmload.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import llmload.journal.RunJournal;
import llmload.model.Phase;
import llmload.model.RequestRecord;

/**
 * What the server really sent and when, as a journal of its own.
 *
 * <p>A folder in the layout of a run's: one line a request, in the journal's fields, as the server
 * saw it. Times count from the machine's monotonic clock, which on Linux all processes share, so
 * that a client on the same machine can be held against it.
 */
final class TruthLog implements AutoCloseable {
  private static final int QUEUE = 100_000;

  private final RunJournal journal;

  private TruthLog(RunJournal journal) {
    this.journal = journal;
  }

  /**
   * Makes the journal in {@code folder}, and the folder if need be.
   *
   * @throws UncheckedIOException with the path, if it holds one already or cannot be written
   */
  static TruthLog open(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder + ": Expecting a folder for the truth log. Found: " + e + ".", e);
    }
    return new TruthLog(RunJournal.open(folder, 0, QUEUE));
  }

  /** A request came. Any thread. */
  void started() {
    journal.started(Phase.MEASURE);
  }

  /** A request is over. Any thread; never waits. */
  void append(RequestRecord record) {
    // What finds the queue full is lost, and the footer counts it.
    boolean unused = journal.append(record);
  }

  @Override
  public void close() {
    var unused = journal.finish(null, null);
    journal.close();
  }
}
