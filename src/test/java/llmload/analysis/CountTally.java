package llmload.analysis;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import llmload.model.GatlingCount;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunCounts;
import org.jspecify.annotations.Nullable;

/** Counts requests by outcome. What was planned and dropped only a footer knows. */
final class CountTally {
  private final @Nullable Long loadEndNanos;
  private final Map<Outcome, Long> byClass = new EnumMap<>(Outcome.class);
  private long warmupCount;
  private long startedCount;
  private long okCount;
  private long failedCount;
  private long okInTimeCount;
  private long failedInTimeCount;

  /** A tally that tells apart who ended by {@code loadEndNanos}, everybody if {@code null}. */
  CountTally(@Nullable Long loadEndNanos) {
    this.loadEndNanos = loadEndNanos;
  }

  void add(RequestRecord request) {
    if (request.phase() == Phase.WARMUP) {
      warmupCount++;
      return;
    }
    Outcome outcome = request.outcome();
    boolean inTime = loadEndNanos == null || request.endedNanos() <= loadEndNanos;
    startedCount++;
    byClass.merge(outcome, 1L, Long::sum);
    if (outcome.isOk()) {
      okCount++;
      okInTimeCount += inTime ? 1 : 0;
    } else if (outcome.isFailed()) {
      failedCount++;
      failedInTimeCount += inTime ? 1 : 0;
    }
  }

  long startedCount() {
    return startedCount;
  }

  RunCounts counts(@Nullable JournalFooter footer) {
    return new RunCounts(
        footer == null ? null : footer.plannedCount(),
        startedCount,
        okCount,
        failedCount,
        startedCount - okCount - failedCount,
        footer == null ? null : footer.droppedCount(),
        warmupCount,
        Collections.unmodifiableMap(new EnumMap<>(byClass)));
  }

  /** What Gatling should have counted: who ended before it stopped. */
  GatlingCount inTime() {
    return new GatlingCount(okInTimeCount, failedInTimeCount);
  }
}
