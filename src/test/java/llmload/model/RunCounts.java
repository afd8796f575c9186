package llmload.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a run made of what. {@code started = ok + failed + incomplete} always, and
 * {@code planned = started + dropped} where they are known.
 *
 * @param plannedCount wanted by the plan; {@code null} if the journal has no footer to say
 * @param startedCount sent
 * @param okCount complete answers
 * @param failedCount failures
 * @param incompleteCount still in flight at the end
 * @param droppedCount planned and never sent; {@code null} if the journal has no footer to say
 * @param warmupCount warm-up requests, in no other count
 * @param byClass started requests by outcome; outcomes that did not occur are left out
 */
public record RunCounts(
    @Nullable Long plannedCount,
    long startedCount,
    long okCount,
    long failedCount,
    long incompleteCount,
    @Nullable Long droppedCount,
    long warmupCount,
    Map<Outcome, Long> byClass) {}
