package llmload.metrics;

import java.util.Arrays;
import java.util.Optional;

/** The straight line of least squares through points; its numbers are in the points' own units. */
public final class LinearFit {
  private final double slope;
  private final double intercept;
  private final double determination;

  private LinearFit(double slope, double intercept, double determination) {
    this.slope = slope;
    this.intercept = intercept;
    this.determination = determination;
  }

  /**
   * The line; empty where there are not two different x.
   *
   * @param x what y may grow with
   * @param y what may grow, one for each x
   */
  public static Optional<LinearFit> of(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "points: Expecting a y for each x. Found: %d and %d.".formatted(x.length, y.length));
    }
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    if (xx == 0) {
      return Optional.empty();
    }
    double slope = xy / xx;
    double determination = yy == 0 ? 1 : xy * xy / (xx * yy);
    return Optional.of(new LinearFit(slope, meanY - slope * meanX, determination));
  }

  /** How much y grows with x. */
  public double slope() {
    return slope;
  }

  /** y at x = 0. */
  public double intercept() {
    return intercept;
  }

  /** The share of y's variance that the line explains (r²), 1 where y does not vary. */
  public double determination() {
    return determination;
  }
}
