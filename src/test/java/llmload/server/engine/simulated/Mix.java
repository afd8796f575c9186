package llmload.server.engine.simulated;

/** The finalizer of SplitMix64: spreads every bit of its input over all bits of its output. */
final class Mix {
  private Mix() {}

  /** A hash of what {@code state} stands for, followed by {@code value}. */
  static long of(long state, long value) {
    long z = (state ^ value) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
