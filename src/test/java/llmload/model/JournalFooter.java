package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * The last line of a finished journal: the counts that its lines must add up to.
 *
 * <p>Warm-up requests are in no count.
 *
 * @param plannedCount requests that the plan wanted
 * @param startedCount requests sent
 * @param okCount of these, complete answers
 * @param failedCount of these, failures
 * @param incompleteCount of these, still in flight at the end
 * @param droppedCount planned requests that were never sent
 * @param lostCount records that could not be written
 * @param interruptedBy the signal or fault that ended the run early; {@code null} if it ran its
 *     course
 */
public record JournalFooter(
    long plannedCount,
    long startedCount,
    long okCount,
    long failedCount,
    long incompleteCount,
    long droppedCount,
    long lostCount,
    @Nullable String interruptedBy) {}
