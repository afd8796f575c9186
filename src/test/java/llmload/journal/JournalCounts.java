package llmload.journal;

import java.util.concurrent.atomic.LongAdder;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The counts of a run from two sides: what happened to its requests, counted where they start and
 * end, and what stands in the file, counted where it is written. Any thread.
 */
final class JournalCounts {
  private final LongAdder started = new LongAdder();
  private final LongAdder warmupStarted = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final Outcomes seen = new Outcomes();
  private final Outcomes written = new Outcomes();
  private final LongAdder lost = new LongAdder();
  private final LongAdder lostSamples = new LongAdder();

  void started(Phase phase) {
    (phase == Phase.WARMUP ? warmupStarted : started).increment();
  }

  void ended(RequestRecord record) {
    ended.increment();
    if (record.phase() == Phase.MEASURE) {
      seen.add(record.outcome(), 1);
    }
  }

  void lost(long records) {
    lost.add(records);
  }

  void lostSample() {
    lostSamples.increment();
  }

  void written(Outcome outcome, long records) {
    written.add(outcome, records);
  }

  LiveCounts live() {
    // Ends are read first, so that a request that ends meanwhile never makes the rest negative.
    long endedCount = ended.sum();
    long startedCount = started.sum();
    long warmupCount = warmupStarted.sum();
    return new LiveCounts(
        startedCount,
        seen.ok.sum(),
        seen.failed.sum(),
        seen.incomplete.sum(),
        warmupCount,
        Math.max(0, startedCount + warmupCount - endedCount),
        lost.sum(),
        lostSamples.sum());
  }

  JournalFooter footer(@Nullable Long plannedCount, @Nullable String interruptedBy) {
    long ok = written.ok.sum();
    long failed = written.failed.sum();
    // A line proves that its request was started, whatever the counter saw.
    long startedCount = Math.max(started.sum(), ok + failed + written.incomplete.sum());
    long planned = plannedCount == null ? startedCount : plannedCount;
    return new JournalFooter(
        planned,
        startedCount,
        ok,
        failed,
        startedCount - ok - failed,
        Math.max(0, planned - startedCount),
        lost.sum(),
        interruptedBy);
  }

  private static final class Outcomes {
    private final LongAdder ok = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder incomplete = new LongAdder();

    void add(Outcome outcome, long records) {
      (outcome.isOk() ? ok : outcome.isFailed() ? failed : incomplete).add(records);
    }
  }
}
