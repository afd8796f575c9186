package llmload.load;

import java.util.SplittableRandom;

/**
 * Seeded random gaps. The uniform numbers are the JDK's SplitMix64; the rest is computed here in
 * {@link StrictMath}, so that a seed gives the same gaps on every machine and Java version.
 */
final class GapSource {
  private final SplittableRandom random;

  GapSource(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The exponential distribution of mean 1. */
  double exponential() {
    return -StrictMath.log1p(-random.nextDouble());
  }

  /**
   * The gamma distribution of that shape and scale 1, by squeezing a normal variate (G. Marsaglia
   * and W. W. Tsang, A simple method for generating gamma variables, ACM TOMS 26(3), 2000): with
   * {@code d = shape − 1/3} and {@code c = 1 ÷ √(9·d)}, {@code d·v} for {@code v = (1 + c·x)³} is
   * kept if {@code ln U < x²/2 + d − d·v + d·ln v}. A shape below 1 takes the variate of shape + 1
   * times {@code U^(1 ÷ shape)} (the same paper, section 6).
   */
  double gamma(double shape) {
    if (shape < 1) {
      double boost = StrictMath.pow(1 - random.nextDouble(), 1 / shape);
      return gamma(shape + 1) * boost;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal();
      double root = 1 + c * x;
      if (root <= 0) {
        continue;
      }
      double v = root * root * root;
      double logU = StrictMath.log(1 - random.nextDouble());
      if (logU < x * x / 2 + d - d * v + d * StrictMath.log(v)) {
        return d * v;
      }
    }
  }

  /**
   * The standard normal distribution, by the polar method (G. Marsaglia and T. A. Bray, SIAM Review
   * 6(3), 1964); the second variate of each pair is left.
   */
  private double normal() {
    while (true) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double square = x * x + y * y;
      if (square > 0 && square < 1) {
        return x * Math.sqrt(-2 * StrictMath.log(square) / square);
      }
    }
  }
}
