package llmload.analysis.alerts;

import org.jspecify.annotations.Nullable;

/**
 * What was measured in one window; {@code null} is not measured and raises nothing.
 *
 * @param atNanos its end, on the run's clock
 * @param tokensPerSecond output tokens a second of one stream
 * @param ttftMillis time to first token
 * @param spikeRatio share of spikes
 * @param retrievalMillis p95 of retrieval
 * @param memoryRatio share of this machine's memory in use
 * @param cpuRatio share of this machine's processors that were busy
 * @param gpuRatio share of the GPU that was busy
 * @param gpuCelsius its temperature
 * @param energyPerTokenJoules energy over output tokens
 * @param throughputChangeRatio tokens a second against the baseline's; −0.1 is a tenth less
 * @param okCount complete answers
 * @param failedCount failures
 */
public record AlertWindow(
    long atNanos,
    @Nullable Double tokensPerSecond,
    @Nullable Double ttftMillis,
    @Nullable Double spikeRatio,
    @Nullable Double retrievalMillis,
    @Nullable Double memoryRatio,
    @Nullable Double cpuRatio,
    @Nullable Double gpuRatio,
    @Nullable Double gpuCelsius,
    @Nullable Double energyPerTokenJoules,
    @Nullable Double throughputChangeRatio,
    long okCount,
    long failedCount) {}
