package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.Statistic;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static final double[] PERCENTS = {0.1, 1, 25, 50, 75, 90, 95, 99, 99.9, 100};

  @Test
  void summarize_noSample_isAbsentWithReason() {
    MetricSummary summary = new Distribution("ms").summarize("no request succeeded");
    assertThat(summary).isEqualTo(MetricSummary.absent("ms", "no request succeeded"));
  }

  @Test
  void summarize_oneSample_hasNoSpreadAndNoInterval() {
    Distribution one = new Distribution("ms");
    one.add(7.5);
    MetricSummary summary = one.summarize("none");
    assertThat(summary.count()).isEqualTo(1);
    assertThat(summary.mean()).isEqualTo(7.5);
    assertThat(summary.std()).isNull();
    assertThat(summary.percentiles()).containsEntry("p50", 7.5).containsEntry("p99.9", 7.5);
    assertThat(summary.ci95()).isEmpty();
    assertThat(summary.notMeasured()).isNull();
  }

  @Test
  void summarize_eightKnownSamples_hasTextbookMoments() {
    // 2 4 4 4 5 5 7 9: mean 40 ÷ 8 = 5; squares 9+1+1+1+0+0+4+16 = 32; std √(32 ÷ 7) = 2.138090.
    Distribution eight = new Distribution("ms");
    for (double x : new double[] {9, 2, 4, 5, 4, 7, 4, 5}) {
      eight.add(x);
    }
    MetricSummary summary = eight.summarize("none");
    assertThat(summary.mean()).isEqualTo(5);
    assertThat(summary.std()).isCloseTo(2.138090, within(1e-6));
    assertThat(summary.min()).isEqualTo(2);
    assertThat(summary.max()).isEqualTo(9);
    // p50: rank 4 → 4; p90: rank ⌈7.2⌉ = 8 → 9.
    assertThat(summary.percentiles()).containsEntry("p50", 4.0).containsEntry("p90", 9.0);
    // Of 8 samples the interval of p50 has ranks 1 to 8: P(B ≤ 1) = 9 ÷ 256 = 3.5 % > 2.5 %.
    assertThat(summary.ci95()).containsOnlyKeys("p50");
    assertThat(summary.ci95()).containsEntry("p50", new Interval(2, 9, "ms"));
  }

  @Test
  void summarize_furtherPercentiles_standInOrderBesideTheStandardOnes() {
    Distribution hundred = new Distribution("ms");
    for (int i = 100; i >= 1; i--) {
      hundred.add(i);
    }
    MetricSummary summary =
        hundred.summarize(
            "none", List.of(new Statistic("p75"), new Statistic("mean"), new Statistic("p2.5")));
    assertThat(summary.percentiles().keySet())
        .containsExactly("p2.5", "p50", "p75", "p90", "p95", "p99", "p99.9");
    // Ranks 3 (⌈2.5⌉), 75 and 100 (⌈99.9⌉) of 1 … 100.
    assertThat(summary.percentiles())
        .containsEntry("p2.5", 3.0)
        .containsEntry("p75", 75.0)
        .containsEntry("p99.9", 100.0);
  }

  @Test
  void accept_weights_countAsThatManySamples() {
    Distribution weighted = new Distribution("ms");
    weighted.accept(10, 3);
    weighted.accept(40, 1);
    // 10 10 10 40: mean 70 ÷ 4; squares 3 × 7.5² + 22.5² = 675; std √(675 ÷ 3) = 15.
    assertThat(weighted.count()).isEqualTo(4);
    assertThat(weighted.mean()).hasValue(17.5);
    assertThat(weighted.std().orElseThrow()).isCloseTo(15, within(1e-9));
    assertThat(weighted.percentile(75)).hasValue(10);
    assertThat(weighted.percentile(76)).hasValue(40);
    assertThat(weighted.countAbove(10)).isEqualTo(1);
  }

  @Test
  void accept_noNumber_throws() {
    Distribution empty = new Distribution("ms");
    assertThatThrownBy(() -> empty.add(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> empty.add(Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> empty.accept(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(empty.isEmpty()).isTrue();
  }

  @Property(tries = 300)
  void percentile_exactWeighted_equalsBruteForceSort(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = -50, max = 50) Integer> values,
      @ForAll Random random) {
    Distribution distribution = new Distribution("ms");
    List<Double> all = new ArrayList<>();
    for (int value : values) {
      int weight = 1 + random.nextInt(4);
      distribution.accept(value, weight);
      all.addAll(Collections.nCopies(weight, (double) value));
    }
    Collections.sort(all);
    for (double percent : PERCENTS) {
      int rank = Math.max(1, (int) Math.ceil(percent * 10 * all.size() / 1_000 - 1e-9));
      assertThat(distribution.percentile(percent)).hasValue(all.get(rank - 1));
    }
    double mean = all.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(distribution.mean().orElseThrow()).isCloseTo(mean, within(1e-9));
  }

  @Property(tries = 100)
  void percentile_folded_isWithinATenthOfAPercentOfTheSample(
      @ForAll @Size(min = 2, max = 300)
          List<@DoubleRange(min = -10, max = 100_000) Double> values) {
    Distribution folded = new Distribution("ms", 1);
    values.forEach(folded::add);
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    assertThat(folded.isExact()).isFalse();
    assertThat(folded.min()).hasValue(sorted.get(0));
    assertThat(folded.max()).hasValue(sorted.get(sorted.size() - 1));
    for (double percent : PERCENTS) {
      int rank = Math.max(1, (int) Math.ceil(percent * 10 * sorted.size() / 1_000 - 1e-9));
      double sample = sorted.get(rank - 1);
      // Three digits of the value, but no finer than a microsecond.
      double bound = Math.max(0.0011, Math.abs(sample) * 0.001);
      assertThat(folded.percentile(percent).orElseThrow()).isCloseTo(sample, within(bound));
    }
  }

  @Property(tries = 200)
  void merge_parts_equalTheWhole(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 3_000) Integer> first,
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 3_000) Integer> second,
      @ForAll @IntRange(min = 1, max = 60) int exactLimit) {
    Distribution whole = new Distribution("tok", exactLimit);
    Distribution a = new Distribution("tok", exactLimit);
    Distribution b = new Distribution("tok", exactLimit);
    first.forEach(x -> whole.accept(x, 1 + x % 3));
    second.forEach(x -> whole.accept(x, 1 + x % 3));
    first.forEach(x -> a.accept(x, 1 + x % 3));
    second.forEach(x -> b.accept(x, 1 + x % 3));
    a.merge(b);
    MetricSummary merged = a.summarize("none");
    MetricSummary direct = whole.summarize("none");
    assertThat(a.isExact()).isEqualTo(whole.isExact());
    assertThat(merged.count()).isEqualTo(direct.count());
    assertThat(merged.percentiles()).isEqualTo(direct.percentiles());
    assertThat(merged.ci95()).isEqualTo(direct.ci95());
    assertThat(merged.min()).isEqualTo(direct.min());
    assertThat(merged.max()).isEqualTo(direct.max());
    if (direct.count() > 1) {
      assertThat(merged.mean()).isCloseTo(direct.mean(), within(1e-9));
      assertThat(merged.std()).isCloseTo(direct.std(), within(1e-6));
    }
  }

  @Property(tries = 100)
  void summarize_scaledByTwo_isTwiceEverything(
      @ForAll @Size(min = 2, max = 100) List<@DoubleRange(min = 0, max = 1_000) Double> values) {
    Distribution once = new Distribution("ms");
    Distribution twice = new Distribution("ms");
    values.forEach(once::add);
    values.forEach(x -> twice.add(2 * x));
    MetricSummary a = once.summarize("none");
    MetricSummary b = twice.summarize("none");
    // Doubling is exact in binary.
    assertThat(twice.mean()).hasValue(2 * once.mean().orElseThrow());
    assertThat(twice.std()).hasValue(2 * once.std().orElseThrow());
    a.percentiles().forEach((name, x) -> assertThat(b.percentiles()).containsEntry(name, 2 * x));
  }

  @Test
  void accept_beyondTheLimit_foldsAndKeepsTheMomentsExact() {
    Distribution many = new Distribution("ms");
    for (int i = 1; i <= Distribution.EXACT_LIMIT; i++) {
      many.add(i / 1_000.0);
    }
    assertThat(many.isExact()).isTrue();
    many.add(100.001);
    assertThat(many.isExact()).isFalse();
    // 1 … 100,001 µs: mean 50.001 ms; p50 has rank 50,001 → 50.001 ms, here by bins of 32 µs.
    assertThat(many.count()).isEqualTo(100_001);
    assertThat(many.mean().orElseThrow()).isCloseTo(50.001, within(1e-9));
    assertThat(many.max()).hasValue(100.001);
    assertThat(many.percentile(50).orElseThrow()).isCloseTo(50.001, within(0.05));
  }

  @Test
  void merge_otherUnit_throws() {
    assertThatThrownBy(() -> new Distribution("ms").merge(new Distribution("tok")))
        .hasMessage("unit: Expecting ms. Found: tok.");
  }
}
