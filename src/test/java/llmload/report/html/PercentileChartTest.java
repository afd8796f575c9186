package llmload.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.DistributionShape;
import org.junit.jupiter.api.Test;

class PercentileChartTest {

  private static DistributionShape shape(long count, double... percentsAndValues) {
    Map<Double, Double> quantiles = new LinkedHashMap<>();
    for (int i = 0; i < percentsAndValues.length; i += 2) {
      quantiles.put(percentsAndValues[i], percentsAndValues[i + 1]);
    }
    return new DistributionShape("ms", count, quantiles, List.of(0.0, 100.0), List.of(count));
  }

  @Test
  void points_standByTheirNines() {
    // 0 % has none; 50 % log10(2) = 0.30103; 90 % one; 99.9 % three; the largest of 5,000 covers
    // the last 1 ÷ 5,000, whose middle 1 − 1 ÷ 10,000 has four.
    Map<Double, Double> points =
        PercentileChart.points(shape(5_000, 0, 1, 50, 2, 90, 3, 99.9, 4, 100, 5));

    assertThat(points.values()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
    List<Double> nines = new ArrayList<>(points.keySet());
    double[] expected = {0, 0.30103, 1, 3, 4};
    for (int i = 0; i < expected.length; i++) {
      assertThat(nines.get(i)).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void points_beyondTheAxis_areLeftOut() {
    // The largest of 5,000,000 would stand at log10(10,000,000) = 7 nines, the axis ends at 6.
    assertThat(PercentileChart.points(shape(5_000_000, 0, 1, 99.999, 8, 100, 9)).values())
        .containsExactly(1.0, 8.0);
  }

  @Test
  void curve_isPale_whereFewerThanTenSamplesLieBeyond() {
    // Of 100 samples ten lie beyond 90 %, five beyond 95 %: from 90 % on the curve is pale. The
    // axis ends at three nines, log10(200) = 2.3 rounded up, 374 wide from 58, 124.67 a nine:
    // 0.30103 → 95.5,
    // 1 → 182.7, 1.30103 → 220.2, 2.30103 → 344.9. The values' axis ends at 50, 162 high above 184.
    DistributionShape shape = shape(100, 0, 10, 50, 20, 90, 30, 95, 40, 100, 50);
    PercentileChart chart = new PercentileChart("T", List.of(shape));
    chart.add(shape, "a");

    assertThat(chart.svg())
        .contains("<path class=\"line a\" d=\"M58.0 151.6L95.5 119.2L182.7 86.8\"/>")
        .contains("<path class=\"line a pale\" d=\"M182.7 86.8L220.2 54.4L344.9 22.0\"/>");
  }
}
