package llmload.analysis.alerts;

import org.jspecify.annotations.Nullable;

/**
 * Where alerts begin.
 *
 * @param tokensPerSecond the least; critical at 0.8 of it and below
 * @param ttftMillis the most; critical from 1.5 times it
 * @param spikeRatio the most
 * @param retrievalMillis the most
 * @param memoryRatio the most; always critical
 * @param cpuRatio the most
 * @param cpuCriticalRatio critical from here
 * @param gpuRatio the most; {@code null} for no limit, since no source states one
 * @param gpuCelsius the most; {@code null} for no limit
 * @param energyPerTokenJoules the most
 * @param errorRatio the most
 * @param regressionRatio the largest loss of tokens a second against the baseline
 */
public record AlertLimits(
    double tokensPerSecond,
    double ttftMillis,
    double spikeRatio,
    double retrievalMillis,
    double memoryRatio,
    double cpuRatio,
    double cpuCriticalRatio,
    @Nullable Double gpuRatio,
    @Nullable Double gpuCelsius,
    double energyPerTokenJoules,
    double errorRatio,
    double regressionRatio) {
  /** Those of mini-biai-1's dashboard, its targets and its stress runner. */
  public static final AlertLimits MINIBIAI =
      new AlertLimits(30, 5, 0.15, 20, 0.9, 0.9, 0.95, null, null, 1, 0.05, 0.1);
}
