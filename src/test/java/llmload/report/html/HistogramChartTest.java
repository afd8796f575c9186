package llmload.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import llmload.model.DistributionShape;
import org.junit.jupiter.api.Test;

class HistogramChartTest {

  private static List<String> found(String pattern, String svg) {
    return Pattern.compile(pattern).matcher(svg).results().map(m -> m.group(1)).toList();
  }

  @Test
  void bars_areAsHighAsTheirCounts() {
    // Four bins from 10 to 50; 0, 4, 8 and 2 samples. The axis ends at 8, 162 high above 184: 4 is
    // 81 high, 8 162, 2 40.5. A bin without samples has no bar.
    String svg =
        new HistogramChart(
                "T",
                new DistributionShape(
                    "ms",
                    14,
                    Map.of(0.0, 21.0, 50.0, 35.0, 100.0, 45.0),
                    List.of(10.0, 20.0, 30.0, 40.0, 50.0),
                    List.of(0L, 4L, 8L, 2L)))
            .svg();

    assertThat(found("class=\"bar\"[^>]* height=\"([^\"]*)\"", svg))
        .containsExactly("81.0", "162.0", "40.5");
    assertThat(found("<title>([^<]*)</title>", svg))
        .containsExactly("20 to 30 ms: 4", "30 to 40 ms: 8", "40 to 50 ms: 2");
    // p50 = 35 lies in the middle of the third of four bins: 62.5 % of 374 is 233.75, from 58.
    assertThat(found("class=\"upright\" x1=\"([^\"]*)\"", svg)).startsWith("291.8");
    assertThat(svg).contains(">ms</text>").doesNotContain("logarithmic");
  }

  @Test
  void scaleOfGrowingBins_isNamedAtPowersOfTen() {
    // In two decades lie seven multiples of 1, 2 and 5, which have room.
    String svg =
        new HistogramChart(
                "T",
                new DistributionShape(
                    "ms",
                    1_000_001,
                    Map.of(0.0, 1.0, 50.0, 2.0, 99.0, 3.0, 100.0, 100.0),
                    List.of(1.0, 10.0, 100.0),
                    List.of(1_000_000L, 1L)))
            .svg();

    assertThat(found("text-anchor=\"middle\">([^<]*)<", svg))
        .containsExactly("1", "2", "5", "10", "20", "50", "100", "ms, logarithmic");
    // One among a million is still to be seen.
    assertThat(found("class=\"bar\"[^>]* height=\"([^\"]*)\"", svg))
        .containsExactly("162.0", "1.5");
  }
}
