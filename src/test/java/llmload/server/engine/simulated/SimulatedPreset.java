package llmload.server.engine.simulated;

import java.util.List;
import llmload.server.engine.simulated.SimulatedSettings.KvCacheShape;
import org.jspecify.annotations.Nullable;

/**
 * A named set of the model's numbers; {@code docs/engines.md} derives each.
 *
 * <p>The ones named after a GPU are shaped like it, from its data sheet and a model's size; nobody
 * measured them.
 *
 * @param id the name
 * @param latency how long everything takes
 * @param kvCache the key-value cache; {@code null} for one without end that reuses nothing
 * @param maxBatchCount sequences computed at once
 * @param batchedTokens tokens of a common step; {@code null} for no common steps
 * @param outputTokens lengths of answers that end by themselves
 */
record SimulatedPreset(
    String id,
    LatencyModel latency,
    @Nullable KvCacheShape kvCache,
    int maxBatchCount,
    @Nullable Integer batchedTokens,
    TokenLengths outputTokens) {

  /** A mock's answers are as long as they may be. */
  private static final TokenLengths ENDLESS = TokenLengths.fixed(9_999_999);

  private static final TokenLengths MIXED = new TokenLengths(TokenLengths.Kind.UNIFORM, 32, 512);

  /** The mock of the earlier suites: 10 ms to the first token, 5 ms a token, whatever the load. */
  static final SimulatedPreset SUITE =
      new SimulatedPreset(
          "suite10-5",
          new LatencyModel(null, 10_000_000, 5_000_000, 0, 0, 0, 1),
          null,
          10_000,
          null,
          ENDLESS);

  /** A consumer GPU with a model of 8 billion parameters in 16 bits. */
  static final SimulatedPreset RTX_4090_8B =
      new SimulatedPreset(
          "rtx4090-8b-like",
          new LatencyModel(5_140d, 15_000_000, 18_700_000, 153_000, 0.03, 0.002, 3),
          new KvCacheShape(2_638, 16, true),
          64,
          2_048,
          MIXED);

  /** Four data-centre GPUs with a model of 70 billion parameters in 16 bits. */
  static final SimulatedPreset H100_70B =
      new SimulatedPreset(
          "4xh100-70b-like",
          new LatencyModel(12_600d, 20_000_000, 15_000_000, 35_000, 0.03, 0.002, 3),
          new KvCacheShape(28_700, 16, true),
          256,
          8_192,
          MIXED);

  /** No latency at all: as fast as the process can write. */
  static final SimulatedPreset BACK_TO_BACK =
      new SimulatedPreset(
          "back-to-back", new LatencyModel(null, 0, 0, 0, 0, 0, 1), null, 10_000, null, ENDLESS);

  private static final List<SimulatedPreset> ALL =
      List.of(SUITE, RTX_4090_8B, H100_70B, BACK_TO_BACK);

  /** All names. */
  static List<String> ids() {
    return ALL.stream().map(SimulatedPreset::id).toList();
  }

  /** The one of a name. */
  static SimulatedPreset of(String id) {
    return ALL.stream().filter(preset -> preset.id.equals(id)).findFirst().orElseThrow();
  }
}
