package llmload.server.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyModelTest {
  private static LatencyModel noisy(double jitter, double tail, double factor) {
    return new LatencyModel(8_000d, 0, 10_000_000, 0, jitter, tail, factor);
  }

  private static long[] steps(LatencyModel model, int count) {
    SplittableRandom random = new SplittableRandom(11);
    long[] steps = new long[count];
    for (int i = 0; i < count; i++) {
      steps[i] = model.stepsNanos(1, 1, random);
    }
    Arrays.sort(steps);
    return steps;
  }

  @Test
  void prefill_isTokensOverRate() {
    LatencyModel model = new LatencyModel(8_000d, 0, 0, 0, 0, 0, 1);

    // 1,000 / 8,000 s = 125 ms; 3 / 8,000 s = 375 us.
    assertThat(model.prefillNanos(1_000)).isEqualTo(125_000_000);
    assertThat(model.prefillNanos(3)).isEqualTo(375_000);
    assertThat(new LatencyModel(null, 0, 0, 0, 0, 0, 1).prefillNanos(1_000)).isZero();
  }

  @Test
  void step_growsWithEachFurtherSequence() {
    LatencyModel model = new LatencyModel(null, 0, 15_000_000, 30_000, 0, 0, 1);

    assertThat(model.stepNanos(1)).isEqualTo(15_000_000);
    // 15 ms + 63 x 0.03 ms = 16.89 ms.
    assertThat(model.stepNanos(64)).isEqualTo(16_890_000);
  }

  @Test
  void noNoise_isExact() {
    LatencyModel model = new LatencyModel(null, 20_000_000, 5_000_000, 0, 0, 0, 1);

    assertThat(model.stepsNanos(3, 4, new SplittableRandom(1))).isEqualTo(20_000_000);
    assertThat(model.firstTokenNanos(new SplittableRandom(1))).isEqualTo(20_000_000);
  }

  @Test
  void jitter_keepsTheMeanAndSpreadsTheLogarithm() {
    long[] steps = steps(noisy(0.2, 0, 1), 100_000);

    double mean = Arrays.stream(steps).average().orElseThrow();
    // The mean of exp(s z - s^2 / 2) is 1; its standard error here is 0.2 / sqrt(100,000) = 0.0006.
    assertThat(mean / 10e6).isCloseTo(1, within(0.003));
    // The median is exp(-s^2 / 2) = exp(-0.02) = 0.9802, the 84.13th percentile exp(0.2 - 0.02) =
    // 1.1972.
    assertThat(steps[50_000] / 10e6).isCloseTo(0.9802, within(0.005));
    assertThat(steps[84_134] / 10e6).isCloseTo(1.1972, within(0.006));
  }

  @Test
  void tail_slowsItsShareByAParetoFactor() {
    long[] steps = steps(noisy(0, 0.1, 4), 100_000);

    long slow = Arrays.stream(steps).filter(step -> step > 10_000_000).count();
    assertThat(slow / 100_000d).isCloseTo(0.1, within(0.004));
    assertThat(Arrays.stream(steps).filter(step -> step > 10_000_000).min().orElseThrow())
        .isBetween(40_000_000L, 40_010_000L);
    // Of a Pareto distribution with shape 3 one in eight is beyond twice the least: 2^-3.
    long beyond = Arrays.stream(steps).filter(step -> step > 80_000_000).count();
    assertThat(beyond / (double) slow).isCloseTo(0.125, within(0.012));
  }
}
