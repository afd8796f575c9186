package llmload.journal;

import static llmload.journal.RunJournalTest.await;
import static llmload.journal.RunJournalTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import llmload.model.JournalFooter;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose disk is slow, full, or gone. */
@Timeout(30)
class RunJournalFaultTest {
  @TempDir Path folder;

  /** A real file whose writes can be counted, held up, or made to fail. */
  private static class PlayedChannel implements JournalChannel {
    private final JournalChannel real;

    PlayedChannel(Path file) throws IOException {
      real = JournalChannel.create(file);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      real.write(bytes);
    }

    @Override
    public void force() throws IOException {
      real.force();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  @Test
  void secondFileThatCannotBeMade_takesTheFirstBack() {
    assertThatThrownBy(
            () ->
                RunJournal.open(
                    folder,
                    0,
                    10,
                    file -> {
                      if (file.endsWith("telemetry.jsonl")) {
                        throw new IOException("no room");
                      }
                      return JournalChannel.create(file);
                    },
                    () -> 0))
        .hasMessageContaining("telemetry.jsonl: Expecting to make a new file. Found: ");
    assertThat(folder.resolve("requests.jsonl")).doesNotExist();
  }

  @Test
  void fullQueue_losesAndCounts_withoutWaiting() {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    RunJournal journal =
        RunJournal.open(
            folder,
            0,
            4,
            file ->
                new PlayedChannel(file) {
                  @Override
                  public void write(ByteBuffer bytes) throws IOException {
                    writing.countDown();
                    await(release);
                    super.write(bytes);
                  }
                },
            () -> 0);
    send(journal, JournalLineTest.ok("first"));
    await(writing);
    // The writer now hangs in the file; the queue is empty and takes four.
    for (int i = 0; i < 4; i++) {
      journal.started(Phase.MEASURE);
      assertThat(journal.append(JournalLineTest.ok("kept-" + i))).isTrue();
    }
    journal.started(Phase.MEASURE);

    assertThat(journal.append(JournalLineTest.ok("lost"))).isFalse();
    journal.append(new TelemetrySample("host", 1, Map.of(), Map.of()));

    assertThat(journal.counts()).isEqualTo(new LiveCounts(6, 6, 0, 0, 0, 0, 1, 1));
    release.countDown();
    // Six were started; five left a line, and the lost one counts as incomplete.
    assertThat(journal.finish(6L, null)).isEqualTo(new JournalFooter(6, 6, 5, 0, 1, 0, 1, null));
    assertThat(JournalReader.read(folder, record -> {}).rowCount()).isEqualTo(5);
  }

  @Test
  void failedWrite_isToldOnce_andEndsTheJournal() {
    CompletableFuture<String> told = new CompletableFuture<>();
    List<String> again = new ArrayList<>();
    RunJournal journal =
        RunJournal.open(
            folder,
            0,
            100,
            file ->
                new PlayedChannel(file) {
                  @Override
                  public void write(ByteBuffer bytes) throws IOException {
                    throw new IOException("No space left on device");
                  }
                },
            () -> 0);
    journal.onFailure(
        reason -> {
          again.add(reason);
          told.complete(reason);
        });
    send(journal, JournalLineTest.ok("a"));

    String expected =
        folder.resolve("requests.jsonl")
            + ": Expecting to write to it. Found: No space left on device.";
    assertThat(told.join()).isEqualTo(expected);
    assertThat(journal.failure()).contains(expected);
    journal.started(Phase.MEASURE);
    assertThat(journal.append(JournalLineTest.ok("b"))).isFalse();
    List<String> late = new ArrayList<>();
    journal.onFailure(late::add);
    assertThat(late).containsExactly(expected);

    assertThat(journal.finish(2L, null)).isEqualTo(new JournalFooter(2, 2, 0, 0, 2, 0, 2, null));
    assertThat(again).hasSize(1);
    assertThat(JournalReader.read(folder, record -> {})).isEqualTo(new JournalSummary(null, 0, 0));
  }

  @Test
  void fullDevice_isTold() {
    Path device = Path.of("/dev/full");
    assumeThat(device).exists();
    RunJournal journal =
        RunJournal.open(
            folder,
            0,
            100,
            file -> JournalChannel.over(FileChannel.open(device, StandardOpenOption.WRITE)),
            () -> 0);
    CompletableFuture<String> told = new CompletableFuture<>();
    journal.onFailure(told::complete);
    send(journal, JournalLineTest.ok("a"));

    assertThat(told.join())
        .startsWith(folder.resolve("requests.jsonl") + ": Expecting to write to it. Found: ");
    assertThat(journal.finish(1L, null).lostCount()).isEqualTo(1);
  }

  @Test
  void killedRun_leavesWhatWasWritten() throws IOException {
    CountDownLatch written = new CountDownLatch(1);
    RunJournal journal =
        RunJournal.open(
            folder,
            0,
            100,
            file ->
                new PlayedChannel(file) {
                  @Override
                  public void write(ByteBuffer bytes) throws IOException {
                    super.write(bytes);
                    written.countDown();
                  }
                },
            () -> 0);
    send(journal, JournalLineTest.ok("a"));
    await(written);
    // Nothing is flushed or closed: this is what a kill leaves.
    Path killed = Files.createDirectory(folder.resolve("killed"));
    Files.copy(folder.resolve("requests.jsonl"), killed.resolve("requests.jsonl"));
    journal.close();

    List<RequestRecord> rows = new ArrayList<>();
    assertThat(JournalReader.read(killed, rows::add)).isEqualTo(new JournalSummary(null, 1, 0));
    assertThat(rows).containsExactly(JournalLineTest.ok("a"));
  }

  @Test
  void device_isReached_onceFiveSecondsHavePassed() {
    AtomicLong nanos = new AtomicLong();
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch forced = new CountDownLatch(1);
    RunJournal journal =
        RunJournal.open(
            folder,
            0,
            100,
            file ->
                new PlayedChannel(file) {
                  @Override
                  public void write(ByteBuffer bytes) throws IOException {
                    super.write(bytes);
                    written.countDown();
                  }

                  @Override
                  public void force() throws IOException {
                    super.force();
                    forced.countDown();
                  }
                },
            nanos::get);
    nanos.set(TimeUnit.SECONDS.toNanos(5) - 1);
    send(journal, JournalLineTest.ok("a"));
    await(written);
    assertThat(forced.getCount()).isEqualTo(1);

    nanos.incrementAndGet();
    await(forced);
    journal.close();
  }
}
