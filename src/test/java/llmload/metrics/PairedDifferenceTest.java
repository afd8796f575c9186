package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import llmload.metrics.PairedDifference.Shares;
import llmload.model.Interval;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {
  @Test
  void mean_ofFiveDifferences_hasStudentsInterval() {
    Distribution differences = new Distribution("ms");
    for (int i = 1; i <= 5; i++) {
      differences.add(i);
    }
    Interval interval = PairedDifference.ofMean(differences, "ms");
    // 3 ± 2.776445 (t, 4 degrees) × 1.581139 ÷ √5 = 3 ± 1.963243.
    assertThat(interval).isNotNull();
    assertThat(interval.low()).isCloseTo(1.036757, within(1e-6));
    assertThat(interval.high()).isCloseTo(4.963243, within(1e-6));
  }

  @Test
  void mean_ofOneDifference_hasNoInterval() {
    Distribution differences = new Distribution("ms");
    differences.add(7);
    assertThat(PairedDifference.ofMean(differences, "ms")).isNull();
  }

  @Test
  void shares_ofNewcombesFirstExample_haveHisInterval() {
    // R. G. Newcombe, Statistics in Medicine 17 (1998), 36/12/2/0 by method 10.
    Interval interval = new Shares(36, 12, 2, 0).interval();
    assertThat(new Shares(36, 12, 2, 0).differenceRatio()).isCloseTo(0.2, within(1e-12));
    assertThat(interval).isNotNull();
    assertThat(interval.low()).isCloseTo(0.0569, within(5e-5));
    assertThat(interval.high()).isCloseTo(0.3404, within(5e-5));
  }

  @Test
  void shares_thatNeverDiffer_areNotCertain() {
    // Four pairs without an error: Wilson's upper limit of 0 of 4 is z² ÷ (4 + z²) = 0.48990.
    Interval interval = new Shares(0, 0, 0, 4).interval();
    assertThat(interval).isNotNull();
    assertThat(interval.low()).isCloseTo(-0.48990, within(1e-5));
    assertThat(interval.high()).isCloseTo(0.48990, within(1e-5));
    assertThat(new Shares(0, 0, 0, 0).interval()).isNull();
  }
}
