package llmload.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RunJournalTest {
  @TempDir Path folder;

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void send(RunJournal journal, RequestRecord record) {
    journal.started(record.phase());
    journal.append(record);
  }

  private List<RequestRecord> rows() {
    List<RequestRecord> rows = new ArrayList<>();
    JournalReader.read(folder, rows::add);
    return rows;
  }

  @Test
  void journal_ofARun_holdsItsRecordsSamplesAndFooter() {
    RunJournal journal = RunJournal.open(folder, 17, 100);
    RequestRecord warmup = JournalLineTest.minimal("w", Phase.WARMUP, Outcome.OK);
    RequestRecord failed = JournalLineTest.minimal("b", Phase.MEASURE, Outcome.EMPTY);
    RequestRecord cut = JournalLineTest.minimal("c", Phase.MEASURE, Outcome.INCOMPLETE);
    TelemetrySample sample = new TelemetrySample("host", 3, Map.of("cpuRatio", 0.25), Map.of());
    send(journal, warmup);
    send(journal, JournalLineTest.ok("a"));
    send(journal, failed);
    send(journal, cut);
    journal.append(sample);

    JournalFooter footer = journal.finish(5L, null);

    // Three measured requests of five planned; the warm-up is in no count.
    assertThat(footer).isEqualTo(new JournalFooter(5, 3, 1, 1, 1, 2, 0, null));
    List<RequestRecord> rows = new ArrayList<>();
    assertThat(JournalReader.read(folder, rows::add)).isEqualTo(new JournalSummary(footer, 3, 0));
    assertThat(rows).containsExactly(warmup, JournalLineTest.ok("a"), failed, cut);
    List<TelemetrySample> samples = new ArrayList<>();
    assertThat(JournalReader.readSamples(folder, samples::add)).isEqualTo(1);
    assertThat(samples).containsExactly(sample);
    assertThat(journal.anchorNanos()).isEqualTo(17);
    assertThat(journal.failure()).isEmpty();
  }

  @Test
  void finish_twice_changesNothing() throws IOException {
    RunJournal journal = RunJournal.open(folder, 0, 10);
    send(journal, JournalLineTest.ok("a"));
    JournalFooter first = journal.finish(1L, null);
    String text = Files.readString(folder.resolve("requests.jsonl"));

    assertThat(journal.finish(9L, "SIGINT")).isEqualTo(first);
    journal.close();
    assertThat(folder.resolve("requests.jsonl")).hasContent(text);
  }

  @Test
  void append_afterTheEnd_isLost() {
    RunJournal journal = RunJournal.open(folder, 0, 10);
    journal.finish(null, null);

    assertThat(journal.append(JournalLineTest.ok("late"))).isFalse();
    assertThat(journal.counts().lostCount()).isEqualTo(1);
    assertThat(rows()).isEmpty();
  }

  @Test
  void close_withoutFinish_leavesNoFooter() {
    RunJournal journal = RunJournal.open(folder, 0, 10);
    send(journal, JournalLineTest.ok("a"));
    journal.close();

    assertThat(JournalReader.read(folder, record -> {})).isEqualTo(new JournalSummary(null, 1, 0));
  }

  @Test
  void existingFile_isRefused_andNothingIsMade() throws IOException {
    Files.createFile(folder.resolve("telemetry.jsonl"));

    assertThatThrownBy(() -> RunJournal.open(folder, 0, 10))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            folder.resolve("telemetry.jsonl")
                + ": Expecting to make a new file. Found: a file of that name.");
    assertThat(folder.resolve("requests.jsonl")).doesNotExist();
  }

  @Test
  void missingFolder_isRefusedWithThePath() {
    assertThatThrownBy(() -> RunJournal.open(folder.resolve("none"), 0, 10))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(
            folder.resolve("none/requests.jsonl") + ": Expecting to make a new file. Found: ");
  }

  @Test
  void files_areTheirOwnersAlone() throws IOException {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    RunJournal.open(folder, 0, 10).finish(null, null);

    for (String name : List.of("requests.jsonl", "telemetry.jsonl")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void recordsOfEightThreads_allArrive_inTheOrderOfEachThread() throws InterruptedException {
    RunJournal journal = RunJournal.open(folder, 0, 1_000_000);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      String name = "t" + t + "-";
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  send(journal, JournalLineTest.ok(name + i));
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    JournalFooter footer = journal.finish(16_000L, null);

    assertThat(footer).isEqualTo(new JournalFooter(16_000, 16_000, 16_000, 0, 0, 0, 0, null));
    int[] next = new int[8];
    for (RequestRecord row : rows()) {
      int thread = row.id().charAt(1) - '0';
      assertThat(row.id()).isEqualTo("t" + thread + "-" + next[thread]++);
    }
    assertThat(next).containsOnly(2_000);
  }

  @Test
  void listener_seesRecordsInOrder_andAFaultyOneIsLeftOut() {
    RunJournal journal = RunJournal.open(folder, 0, 100);
    List<String> seen = new ArrayList<>();
    List<String> faulty = new ArrayList<>();
    journal.listen(
        record -> {
          faulty.add(record.id());
          throw new IllegalStateException("on purpose");
        });
    journal.listen(record -> seen.add(record.id()));
    for (String id : List.of("a", "b", "c")) {
      send(journal, JournalLineTest.ok(id));
    }
    journal.finish(3L, null);

    assertThat(seen).containsExactly("a", "b", "c");
    assertThat(faulty).containsExactly("a");
    assertThat(rows()).hasSize(3);
  }

  @Test
  void sampleListener_seesSamplesInOrder_andAFaultyOneIsLeftOut() {
    RunJournal journal = RunJournal.open(folder, 0, 100);
    List<Long> seen = new ArrayList<>();
    List<Long> faulty = new ArrayList<>();
    journal.listenToSamples(
        sample -> {
          faulty.add(sample.atNanos());
          throw new IllegalStateException("on purpose");
        });
    journal.listenToSamples(sample -> seen.add(sample.atNanos()));
    for (long at = 1; at <= 3; at++) {
      journal.append(new TelemetrySample("host", at, Map.of("cpu_busy_ratio", 0.5), Map.of()));
    }
    journal.finish(null, null);

    assertThat(seen).containsExactly(1L, 2L, 3L);
    assertThat(faulty).containsExactly(1L);
  }

  @Test
  void finish_fromTheWriterItself_isRefused() {
    RunJournal journal = RunJournal.open(folder, 0, 100);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    journal.listen(
        record -> {
          try {
            journal.finish(null, null);
          } catch (IllegalStateException e) {
            thrown.complete(e);
          }
        });
    send(journal, JournalLineTest.ok("a"));

    assertThat(thrown.join())
        .hasMessage(
            "journal: Expecting to be finished by a thread of the run. Found: its own writer.");
    assertThat(journal.finish(1L, null).okCount()).isEqualTo(1);
  }

  @Test
  void appendsThatRaceWithTheEnd_areWrittenOrCountedAsLost() throws InterruptedException {
    RunJournal journal = RunJournal.open(folder, 0, 1_000_000);
    CountDownLatch started = new CountDownLatch(2);
    List<Thread> threads = new ArrayList<>();
    Set<String> kept = Collections.synchronizedSet(new HashSet<>());
    for (int t = 0; t < 2; t++) {
      String name = "t" + t + "-";
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  journal.started(Phase.MEASURE);
                  if (journal.append(JournalLineTest.ok(name + i))) {
                    kept.add(name + i);
                  }
                  if (i == 100) {
                    started.countDown();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    await(started);
    journal.finish(null, null);
    for (Thread thread : threads) {
      thread.join();
    }

    Set<String> rows = new HashSet<>();
    JournalReader.read(folder, record -> rows.add(record.id()));
    assertThat(rows).isEqualTo(kept);
    assertThat(journal.counts().lostCount()).isEqualTo(40_000 - kept.size());
  }
}
