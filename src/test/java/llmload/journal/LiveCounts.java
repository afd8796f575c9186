package llmload.journal;

/**
 * The requests of a run so far. Warm-up requests are only in {@code warmupCount} and {@code
 * activeCount}.
 *
 * @param startedCount requests sent
 * @param okCount of these, complete answers
 * @param failedCount of these, failures
 * @param incompleteCount of these, given up because the run ends
 * @param warmupCount warm-up requests sent
 * @param activeCount requests of either phase that were sent and have not ended
 * @param lostCount records of either phase that could not be kept, whatever their outcome
 * @param lostSampleCount telemetry samples that could not be kept
 */
public record LiveCounts(
    long startedCount,
    long okCount,
    long failedCount,
    long incompleteCount,
    long warmupCount,
    long activeCount,
    long lostCount,
    long lostSampleCount) {}
