package llmload.report.html;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis from 0 to a round number, with a tick at each multiple of 1, 2 or 5 times a power of ten.
 *
 * @param step the distance between ticks
 * @param ticks their number beyond 0
 */
record Axis(BigDecimal step, int ticks) {
  private static final int[] STEPS = {1, 2, 5, 10};

  /** The axis that holds {@code largest} in at most {@code mostTicks} steps. */
  static Axis upTo(double largest, int mostTicks) {
    double wanted = largest > 0 && Double.isFinite(largest) ? largest : 1;
    int exponent = (int) Math.floor(Math.log10(wanted / mostTicks));
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(exponent);
    for (int step : STEPS) {
      BigDecimal candidate = power.multiply(BigDecimal.valueOf(step));
      int ticks = (int) Math.ceil(wanted / candidate.doubleValue());
      if (ticks <= mostTicks) {
        return new Axis(candidate, ticks);
      }
    }
    return new Axis(power.multiply(BigDecimal.valueOf(20)), mostTicks);
  }

  /** The largest number on the axis. */
  double end() {
    return step.doubleValue() * ticks;
  }

  /** All ticks, 0 included. */
  List<BigDecimal> values() {
    List<BigDecimal> values = new ArrayList<>();
    for (int i = 0; i <= ticks; i++) {
      values.add(step.multiply(BigDecimal.valueOf(i)));
    }
    return values;
  }
}
