package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import llmload.model.DistributionShape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DistributionShapesTest {

  private static Distribution of(double... values) {
    Distribution samples = new Distribution("ms");
    for (double value : values) {
      samples.add(value);
    }
    return samples;
  }

  private static Distribution oneTo(int last) {
    Distribution samples = new Distribution("ms");
    for (int i = last; i >= 1; i--) {
      samples.add(i);
    }
    return samples;
  }

  @Test
  void quantiles_ofFourSamples_endWhereTheLargestBegins() {
    // 10 20 30 40: rank ⌈4p⌉. 5 to 25 % → rank 1, 30 to 50 % → 2, 55 to 75 % → 3, from 80 % on → 4,
    // the largest, which 100 says once.
    Map<Double, Double> quantiles = DistributionShapes.of(of(30, 10, 40, 20)).quantiles();

    assertThat(quantiles.keySet())
        .containsExactly(
            0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0,
            75.0, 100.0);
    assertThat(quantiles)
        .containsEntry(0.0, 10.0)
        .containsEntry(25.0, 10.0)
        .containsEntry(30.0, 20.0)
        .containsEntry(50.0, 20.0)
        .containsEntry(75.0, 30.0)
        .containsEntry(100.0, 40.0);
  }

  @Test
  void quantiles_ofAThousandSamples_getFinerWithEachNine() {
    // 1 … 1,000: the value of a percentile is its rank, ⌈10 × percent⌉. 99.9 % has rank 999; with
    // 99.92 % begins the largest.
    Map<Double, Double> quantiles = DistributionShapes.of(oneTo(1_000)).quantiles();

    assertThat(quantiles)
        .containsEntry(50.0, 500.0)
        .containsEntry(92.0, 920.0)
        .containsEntry(97.5, 975.0)
        .containsEntry(99.0, 990.0)
        .containsEntry(99.75, 998.0)
        .containsEntry(99.9, 999.0)
        .containsEntry(100.0, 1_000.0)
        .doesNotContainKey(99.92);
  }

  @Test
  void quantiles_ofMillionsOfSamples_areNoMoreThanSixty() {
    Distribution samples = new Distribution("ms", 10);
    for (int i = 1; i <= 1_000; i++) {
      samples.accept(i, 10_000);
    }
    DistributionShape shape = DistributionShapes.of(samples);

    // 10,000,000 samples: 99.999 % has rank 9,999,900, before the largest.
    assertThat(shape.quantiles()).containsKeys(99.99, 99.999).hasSizeLessThanOrEqualTo(60);
    assertThat(shape.binCounts().stream().mapToLong(Long::longValue).sum()).isEqualTo(10_000_000);
  }

  @Test
  void bins_ofNarrowSamples_areEvenAndRound() {
    // 100 … 178: 78 ÷ 39 = 2 a bin, from 100 to 178: 39 bins, (100, 102] and so on.
    Distribution samples = new Distribution("ms");
    for (int i = 100; i <= 178; i++) {
      samples.add(i);
    }
    DistributionShape shape = DistributionShapes.of(samples);

    assertThat(shape.binEdges()).hasSize(40).startsWith(100.0, 102.0, 104.0).endsWith(176.0, 178.0);
    // The first holds 100, 101 and 102; each further one an odd and an even number.
    assertThat(shape.binCounts()).hasSize(39).startsWith(3L, 2L, 2L).endsWith(2L);
  }

  @Test
  void bins_ofWideSamples_growByTheSameFactor() {
    // 1 to 1,000 are three decades: at most 40 bins are 10 a decade, each 10^0.1 wide.
    DistributionShape shape = DistributionShapes.of(of(1, 1, 9, 1_000));

    assertThat(shape.binEdges()).hasSize(31);
    assertThat(shape.binEdges().get(1)).isCloseTo(1.258925, within(1e-6));
    assertThat(shape.binEdges().get(30)).isCloseTo(1_000, within(1e-9));
    // 9 lies between 10^0.9 = 7.94 and 10: the tenth bin.
    assertThat(shape.binCounts().get(0)).isEqualTo(2);
    assertThat(shape.binCounts().get(9)).isEqualTo(1);
    assertThat(shape.binCounts().get(29)).isEqualTo(1);
    assertThat(shape.binCounts().stream().filter(n -> n > 0)).hasSize(3);
  }

  @Test
  void bins_ofOneValue_areOne() {
    DistributionShape shape = DistributionShapes.of(of(5, 5, 5));

    assertThat(shape.binCounts()).containsExactly(3L);
    assertThat(shape.binEdges()).startsWith(5.0);
    assertThat(DistributionShapes.of(of(5)).quantiles())
        .containsExactly(Map.entry(0.0, 5.0), Map.entry(100.0, 5.0));
  }

  @Test
  void bins_ofSomeZeros_beginAtAMicrosecond() {
    // Tokens of one packet have no gap between them.
    DistributionShape shape = DistributionShapes.of(of(0, 0, 0.5, 20));

    assertThat(shape.binEdges().get(0)).isCloseTo(0.001, within(1e-12));
    assertThat(shape.binCounts().get(0)).isEqualTo(2);
  }

  @Test
  void shape_ofNoSample_isRefused() {
    assertThatThrownBy(() -> DistributionShapes.of(new Distribution("ms")))
        .hasMessage("samples: Expecting at least one. Found: none.");
  }

  @Property(tries = 300)
  void shape_ofAnySamples_holdsEachOnce(
      @ForAll @Size(min = 1, max = 200) List<@DoubleRange(min = -5, max = 100_000) Double> values,
      @ForAll @IntRange(min = 1, max = 300) int exactLimit) {
    Distribution samples = new Distribution("ms", exactLimit);
    values.forEach(samples::add);
    DistributionShape shape = DistributionShapes.of(samples);
    List<Double> edges = shape.binEdges();
    List<Double> quantiles = new ArrayList<>(shape.quantiles().values());

    assertThat(shape.count()).isEqualTo(values.size());
    assertThat(shape.binCounts()).hasSize(edges.size() - 1).allMatch(n -> n >= 0);
    assertThat(shape.binCounts().size()).isBetween(1, DistributionShapes.MOST_BINS);
    assertThat(shape.binCounts().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(values.size());
    assertThat(edges).isSorted().doesNotHaveDuplicates();
    assertThat(quantiles).isSorted();
    assertThat(quantiles.get(0)).isEqualTo(Collections.min(values));
    assertThat(quantiles.get(quantiles.size() - 1)).isEqualTo(Collections.max(values));
    // No sample lies outside; a smallest one below a microsecond counts as one.
    assertThat(edges.get(0)).isLessThanOrEqualTo(Math.max(0.001, Collections.min(values)) + 1e-9);
    double largest = Collections.max(values);
    assertThat(edges.get(edges.size() - 1))
        .isGreaterThanOrEqualTo(largest - 1e-12 * Math.abs(largest));
  }
}
