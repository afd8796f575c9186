package llmload.metrics;

/**
 * The size of a model's key-value cache.
 *
 * <p>Keys and values of a block are {@code 2 × heads × dimension × tokens} elements a layer. At 16
 * bits each takes 2 bytes; with fewer it is quantised, {@code bits ÷ 8} bytes and 4 bytes of scale
 * and offset for each group of {@value #GROUP} elements (MLX's affine quantisation).
 *
 * @param layerCount layers
 * @param kvHeadCount key-value heads of a layer
 * @param headDimension elements of a head
 * @param bits bits of an element
 * @param blockTokens tokens of a block
 */
public record KvShape(
    int layerCount, int kvHeadCount, int headDimension, int bits, int blockTokens) {
  private static final int GROUP = 64;
  private static final int GROUP_BYTES = 4;
  private static final int UNQUANTISED_BITS = 16;

  /** Checks the numbers. */
  public KvShape {
    if (layerCount < 1 || kvHeadCount < 1 || headDimension < 1 || bits < 1 || blockTokens < 1) {
      throw new IllegalArgumentException(
          "cache shape: Expecting numbers above 0. Found: %d, %d, %d, %d, %d."
              .formatted(layerCount, kvHeadCount, headDimension, bits, blockTokens));
    }
  }

  /** Bytes of one block over all layers. */
  public double blockBytes() {
    double elements = 2.0 * kvHeadCount * headDimension * blockTokens;
    double bytes = elements * bits / 8;
    double scales = bits < UNQUANTISED_BITS ? elements / GROUP * GROUP_BYTES : 0;
    return layerCount * (bytes + scales);
  }

  /** Blocks that so many tokens take. */
  public long blocks(long tokenCount) {
    return (tokenCount + blockTokens - 1) / blockTokens;
  }

  /** Bytes that so many tokens take, the last block whole. */
  public double bytes(long tokenCount) {
    return blocks(tokenCount) * blockBytes();
  }

  /** Tokens' worth of padding in the last block. */
  public long paddingTokens(long tokenCount) {
    return blocks(tokenCount) * blockTokens - tokenCount;
  }
}
