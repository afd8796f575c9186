package llmload.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  /** The smallest of 1, 2, 5 × 10ⁿ with which at most five steps reach the largest value. */
  @ParameterizedTest
  @CsvSource({
    "494, 100, 5",
    "37, 10, 4",
    "60, 20, 3",
    "3900, 1000, 4",
    "0.7, 0.2, 4",
    "5, 1, 5",
    "0, 0.2, 5"
  })
  void axis_endsOnARoundNumber(double largest, double step, int ticks) {
    Axis axis = Axis.upTo(largest, 5);

    assertThat(axis.step().doubleValue()).isEqualTo(step);
    assertThat(axis.ticks()).isEqualTo(ticks);
    assertThat(axis.values()).hasSize(ticks + 1);
  }

  @Property(seed = "11")
  void axis_holdsAnyValue_inAFewSteps(@ForAll @DoubleRange(min = -6, max = 12) double log10) {
    double largest = Math.pow(10, log10);
    Axis axis = Axis.upTo(largest, 5);

    assertThat(axis.end()).isGreaterThanOrEqualTo(largest * (1 - 1e-12));
    assertThat(axis.ticks()).isBetween(1, 5);
  }
}
