package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * How well the injector did its own work while it measured. What was not measured is {@code null}.
 *
 * @param sendLagP50Millis median of sent − intended
 * @param sendLagP99Millis its 99th percentile
 * @param sendLagMaxMillis its maximum
 * @param lateRatio share of requests sent more than 10 ms late
 * @param eventLoopLagMaxMillis the longest time an event loop was late for a timer
 * @param gcPauseMaxMillis the longest garbage collection pause
 * @param gcPauseTotalMillis all pauses together
 * @param cpuCores processor time of the injector's own process per second, in cores, mean
 * @param heapUsedMaxBytes the most heap in use
 * @param achievedRatio arrivals sent ÷ arrivals planned, for an open load
 * @param clockDriftMillis wall clock minus monotonic clock over the run
 * @param journalRowCount measured request lines in the journal
 * @param journalTornCount lines that could not be read
 * @param lostRecordCount records that never reached the journal
 */
public record InjectorHealth(
    @Nullable Double sendLagP50Millis,
    @Nullable Double sendLagP99Millis,
    @Nullable Double sendLagMaxMillis,
    @Nullable Double lateRatio,
    @Nullable Double eventLoopLagMaxMillis,
    @Nullable Double gcPauseMaxMillis,
    @Nullable Double gcPauseTotalMillis,
    @Nullable Double cpuCores,
    @Nullable Double heapUsedMaxBytes,
    @Nullable Double achievedRatio,
    @Nullable Double clockDriftMillis,
    long journalRowCount,
    long journalTornCount,
    long lostRecordCount) {}
