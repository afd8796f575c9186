package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import llmload.journal.JournalReader;
import llmload.journal.RunJournal;
import llmload.model.ChunkTimeline;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.model.TokenUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RequestLogTest {
  @TempDir private Path folder;
  private RunJournal journal;
  private RequestLog log;

  @BeforeEach
  void open() {
    journal = RunJournal.open(folder, System.nanoTime(), 10_000);
    log = RequestLog.to(journal, text -> text.replace("key", "***"));
  }

  private static RequestRecord record(String id, Outcome outcome) {
    return new RequestRecord(
        id,
        "scenario",
        "chat",
        1,
        0,
        Phase.MEASURE,
        0L,
        0,
        Stamps.endedAt(1),
        ChunkTimeline.EMPTY,
        null,
        outcome,
        null,
        null,
        TokenUsage.NONE,
        null,
        0,
        null,
        null,
        Map.of());
  }

  /** A request whose event loop does nothing for it. */
  private static class Stuck implements InFlight {
    final String id;

    Stuck(String id) {
      this.id = id;
    }

    @Override
    public void abandon() {}

    @Override
    public RequestRecord incomplete(long nowNanos) {
      return record(id, Outcome.INCOMPLETE);
    }
  }

  /** A request whose event loop hands it in at once. */
  private final class Willing extends Stuck {
    Willing(String id) {
      super(id);
    }

    @Override
    public void abandon() {
      log.leave(this, incomplete(0));
    }
  }

  private List<RequestRecord> written() {
    List<RequestRecord> rows = new ArrayList<>();
    JournalReader.read(folder, rows::add);
    return rows;
  }

  @Test
  void request_enteredAndLeft_isOneRow() {
    Stuck request = new Stuck("a");

    assertThat(log.enter(request, Phase.MEASURE)).isTrue();
    assertThat(log.inFlightCount()).isEqualTo(1);
    assertThat(log.leave(request, record("a", Outcome.OK))).isTrue();
    assertThat(log.leave(request, record("a", Outcome.CLIENT))).as("a second time").isFalse();
    assertThat(log.inFlightCount()).isZero();
    JournalFooter footer = journal.finish(null, null);
    assertThat(footer.startedCount()).isEqualTo(1);
    assertThat(footer.okCount()).isEqualTo(1);
    assertThat(written()).extracting(RequestRecord::outcome).containsExactly(Outcome.OK);
  }

  @Test
  void freeze_blockedLoop_isHandedInFromOutsideOnce() {
    Stuck stuck = new Stuck("stuck");
    Willing willing = new Willing("willing");
    log.enter(stuck, Phase.MEASURE);
    log.enter(willing, Phase.MEASURE);

    log.freeze(20);

    assertThat(log.leave(stuck, record("stuck", Outcome.OK))).as("after the end").isFalse();
    JournalFooter footer = journal.finish(null, null);
    assertThat(footer.startedCount()).isEqualTo(2);
    assertThat(footer.incompleteCount()).isEqualTo(2);
    assertThat(written())
        .extracting(RequestRecord::id)
        .containsExactlyInAnyOrder("stuck", "willing");
  }

  @Test
  void freeze_laterRequests_areRefusedAndNotCounted() {
    log.freeze(0);

    assertThat(log.enter(new Stuck("late"), Phase.MEASURE)).isFalse();
    assertThat(log.isStopped()).isTrue();
    assertThat(journal.finish(null, null).startedCount()).isZero();
  }

  @Test
  void freeze_whileRequestsEnd_recordsEachOnce() throws InterruptedException {
    int requests = 400;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CountDownLatch half = new CountDownLatch(requests / 2);
    List<Stuck> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Stuck request = i % 2 == 0 ? new Stuck("r" + i) : new Willing("r" + i);
      all.add(request);
      log.enter(request, Phase.MEASURE);
    }
    for (Stuck request : all) {
      threads.execute(
          () -> {
            half.countDown();
            log.leave(request, record(request.id, Outcome.OK));
          });
    }
    half.await();
    log.freeze(5);
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

    JournalFooter footer = journal.finish(null, null);
    assertThat(footer.startedCount()).isEqualTo(requests);
    assertThat(footer.okCount() + footer.incompleteCount()).isEqualTo(requests);
    List<RequestRecord> rows = written();
    Set<String> ids = new HashSet<>(rows.stream().map(RequestRecord::id).toList());
    assertThat(rows).hasSize(requests);
    assertThat(ids).hasSize(requests);
  }

  @Test
  void abandonAll_stopsAndLeavesTheLogOpen() {
    log.enter(new Willing("a"), Phase.MEASURE);
    log.abandonAll();

    assertThat(log.isStopped()).isTrue();
    assertThat(log.inFlightCount()).isZero();
    assertThat(log.enter(new Stuck("b"), Phase.MEASURE)).isTrue();
  }

  @Test
  void noLog_keepsNothingAndRefusesNothing() {
    RequestLog none = RequestLog.none();
    Stuck request = new Stuck("a");

    assertThat(none.enter(request, Phase.MEASURE)).isTrue();
    assertThat(none.leave(request, record("a", Outcome.OK))).isTrue();
    assertThat(none.redact("a key")).isEqualTo("a key");
    assertThat(log.redact("a key")).isEqualTo("a ***");
  }

  @Test
  void ids_areUnique() {
    assertThat(log.newId()).isEqualTo("r1").isNotEqualTo(log.newId());
  }
}
