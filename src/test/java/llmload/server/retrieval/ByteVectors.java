package llmload.server.retrieval;

/**
 * Vectors of numbers as vectors of bytes, a quarter of the size: each number times one constant,
 * rounded.
 *
 * <p>The constant puts {@value #DEVIATIONS} standard deviations of a unit vector's numbers, 1 ÷ √d
 * each, on the end of the byte's range; what lies beyond is cut. Since it is the same for all, the
 * order of dot products stays, but for what rounding changes.
 */
final class ByteVectors {
  private static final double DEVIATIONS = 4.5;
  private static final float MAX = Byte.MAX_VALUE;

  private final float scale;

  ByteVectors(int dimensionCount) {
    scale = (float) (MAX * Math.sqrt(dimensionCount) / DEVIATIONS);
  }

  /** The vector, made unit length first, as bytes. */
  byte[] of(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    float factor = squares == 0 ? 0 : (float) (scale / Math.sqrt(squares));
    byte[] bytes = new byte[vector.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(Math.max(-MAX, Math.min(MAX, vector[i] * factor)));
    }
    return bytes;
  }

  /** The cosine that a dot product of two such vectors stands for. */
  double cosine(double dotProduct) {
    return dotProduct / ((double) scale * scale);
  }
}
