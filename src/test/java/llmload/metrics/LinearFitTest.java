package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LinearFitTest {
  @Test
  void pointsOnALine_giveThatLine() {
    LinearFit fit =
        LinearFit.of(new double[] {1, 5, 10}, new double[] {107, 135, 170}).orElseThrow();
    // 100 and 7 for each.
    assertThat(fit.slope()).isCloseTo(7, within(1e-9));
    assertThat(fit.intercept()).isCloseTo(100, within(1e-9));
    assertThat(fit.determination()).isCloseTo(1, within(1e-9));
  }

  @Test
  void pointsBesideALine_giveTheLeastSquares() {
    // x 0 1 2, y 0 2 1: means 1 and 1, xx 2, xy 1, yy 2: slope 1/2, intercept 1/2, r² 1/4.
    LinearFit fit = LinearFit.of(new double[] {0, 1, 2}, new double[] {0, 2, 1}).orElseThrow();
    assertThat(fit.slope()).isEqualTo(0.5);
    assertThat(fit.intercept()).isEqualTo(0.5);
    assertThat(fit.determination()).isEqualTo(0.25);
  }

  @Test
  void oneX_givesNone() {
    assertThat(LinearFit.of(new double[0], new double[0])).isEmpty();
    assertThat(LinearFit.of(new double[] {3, 3}, new double[] {1, 2})).isEmpty();
  }
}
