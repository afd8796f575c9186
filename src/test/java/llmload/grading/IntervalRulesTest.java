package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Difference.Effect;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.Regression;
import llmload.model.SeriesPoint;
import llmload.model.Validity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** llmload's own rule, and whether two runs can be compared at all. */
class IntervalRulesTest {
  private final SampleSnapshot baseline = SampleSnapshot.run();
  private final SampleSnapshot current = SampleSnapshot.run();

  @BeforeEach
  void equalRuns() {
    baseline.median("ttft", 100, 98, 102);
    current.median("ttft", 100, 98, 102);
  }

  private BaselineComparison compare(String... allow) {
    return BaselineJudge.compare(
        baseline.snapshot(), current.snapshot(), ComparisonPolicy.LLMLOAD, List.of(allow));
  }

  // The baseline is 100 ms, 98 to 102; 5 % is the limit of a median.
  @ParameterizedTest
  @CsvSource({
    "105, 103, 107, OK",
    "105.01, 103, 107, REGRESSION",
    "105.01, 102, 107, INCONCLUSIVE",
    "120, 90, 150, INCONCLUSIVE",
    "95, 93, 97, OK",
    "94.99, 93, 97, IMPROVED",
    "94.99, 93, 98, INCONCLUSIVE",
    "101, 60, 160, OK",
  })
  void median_isJudgedByItsChangeAndTheIntervals(
      double value, double low, double high, Regression expected) {
    current.median("ttft", value, low, high);

    assertThat(compare().regression()).isEqualTo(expected);
  }

  @Test
  void throughput_isWorseWhenLower() {
    baseline.value("output_tokens_per_second", "tok/s", 1000, 980, 1020);
    current.value("output_tokens_per_second", "tok/s", 900, 880, 920);

    assertThat(compare().regression()).isEqualTo(Regression.REGRESSION);
  }

  @Test
  void numberWithoutAnInterval_isInconclusive() {
    current.metric("ttft", SampleSnapshot.summary("ms", Map.of("p50", 100.0), Map.of(), null));

    Comparison row = compare().rows().get(0);

    assertThat(row.verdict()).isEqualTo(Regression.INCONCLUSIVE);
    assertThat(row.reason())
        .isEqualTo(
            "too short for a confidence interval: 1000 samples in the baseline, 1000 in the run");
  }

  // p95 has 10 %, p99 15 %; a tail without an interval on either side is no row.
  @ParameterizedTest
  @CsvSource({"p95, 110, OK", "p95, 110.01, REGRESSION", "p99, 115, OK", "p99, 115.01, REGRESSION"})
  void tail_hasAWiderLimit(String name, double value, Regression expected) {
    baseline.metric(
        "e2e",
        SampleSnapshot.summary(
            "ms", Map.of(name, 100.0), Map.of(name, List.of(99.0, 101.0)), null));
    current.metric(
        "e2e",
        SampleSnapshot.summary(
            "ms", Map.of(name, value), Map.of(name, List.of(109.0, 116.0)), null));

    assertThat(compare().regression()).isEqualTo(expected);
  }

  @Test
  void tail_withoutAnIntervalOnEitherSide_isNoRow() {
    baseline.metric("e2e", SampleSnapshot.summary("ms", Map.of("p99", 9.0), Map.of(), null));
    current.metric("e2e", SampleSnapshot.summary("ms", Map.of("p99", 90.0), Map.of(), null));

    assertThat(compare().rows()).extracting(Comparison::metric).containsExactly("ttft");
  }

  // Half a point: 0 to 0.5 % is no regression, 0 to 2 % is where the intervals part.
  @ParameterizedTest
  @CsvSource({
    "0.005, 0.004, 0.006, OK",
    "0.02, 0.01, 0.04, REGRESSION",
    "0.02, 0, 0.06, INCONCLUSIVE"
  })
  void errorRate_hasHalfAPoint_alsoFromZero(
      double rate, double low, double high, Regression expected) {
    baseline.value("error_rate", "ratio", 0, 0, 0.003);
    current.value("error_rate", "ratio", rate, low, high);

    assertThat(compare().regression()).isEqualTo(expected);
  }

  @Test
  void metricThatOneRunLacks_isNoPass_andSaysWhy() {
    baseline.median("tpot", 10, 9, 11);
    current.metric("tpot", MetricSummary.absent("ms", "no answer was streamed"));

    BaselineComparison compared = compare();

    assertThat(compared.regression()).isEqualTo(Regression.NOT_COMPARABLE);
    assertThat(compared.reasons())
        .containsExactly(
            "tpot cannot be compared: the run does not have it: no answer was streamed.");
  }

  @Test
  void worseRow_outweighsTheOthers() {
    baseline.median("tpot", 10, 9, 11).median("e2e", 10, 9, 11);
    current.median("tpot", 20, 19, 21);

    assertThat(compare().regression()).isEqualTo(Regression.REGRESSION);
  }

  @Test
  void allowedMetric_mayBeWorse_andAnUnknownOneIsRefused() {
    current.median("ttft", 200, 190, 210);

    assertThat(compare("ttft").regression()).isEqualTo(Regression.OK);
    assertThat(compare("ttft").rows().get(0).status()).isEqualTo("expected-change");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> compare("ttf"))
        .withMessageContaining("baseline.allow: Expecting metrics that the policy llmload compares")
        .withMessageEndingWith("Found: ttf. Did you mean ttft?");
  }

  @Test
  void t11_emptyRunAgainstABaseline_isNeverAPass() {
    current.metrics.clear();
    current.okCount = 0L;
    current.validity = Validity.NO_DATA;

    for (ComparisonPolicy policy : ComparisonPolicy.values()) {
      BaselineComparison compared =
          BaselineJudge.compare(
              SampleSnapshot.of(policy.id())
                  .median("ttft", 100, 98, 102)
                  .number("avg_tps", 1)
                  .number("tok_s", 1)
                  .number("avg_ttft_ms", 1)
                  .snapshot(),
              current.snapshot(),
              policy,
              List.of());
      assertThat(compared.regression()).isEqualTo(Regression.NOT_COMPARABLE);
      assertThat(compared.reasons()).containsExactly("Nothing succeeded in the run.");
      assertThat(compared.suiteResult()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(ComparisonPolicy.class)
  void t11_emptyBaseline_isNeverAPass(ComparisonPolicy policy) {
    BaselineComparison compared =
        BaselineJudge.compare(
            SampleSnapshot.of("empty").snapshot(),
            SampleSnapshot.run().snapshot(),
            policy,
            List.of());

    assertThat(compared.regression()).isEqualTo(Regression.NOT_COMPARABLE);
    assertThat(compared.reasons())
        .containsExactly(
            "Neither the baseline nor the run has a number that the policy "
                + policy.id()
                + " compares. The baseline is of the format empty.");
  }

  @ParameterizedTest
  @EnumSource(
      value = Validity.class,
      names = {"INVALID", "PARTIAL", "NO_DATA"})
  void unbelievableRun_isNotComparable(Validity validity) {
    current.validity = validity;
    assertThat(compare().regression()).isEqualTo(Regression.NOT_COMPARABLE);

    current.validity = Validity.DEGRADED;
    baseline.validity = validity;
    assertThat(compare().regression()).isEqualTo(Regression.NOT_COMPARABLE);
  }

  @Test
  void simulatedBaseline_isNotComparableWithARealRun_butWithItsLike() {
    baseline.simulated = true;
    assertThat(compare().regression()).isEqualTo(Regression.NOT_COMPARABLE);

    current.simulated = true;
    assertThat(compare().regression()).isEqualTo(Regression.OK);
  }

  @Test
  void otherWorkload_isAWarning_andIsListed() {
    current.conditions.put("users", "8");

    BaselineComparison compared = compare();

    assertThat(compared.regression()).isEqualTo(Regression.OK);
    assertThat(compared.differences())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.what()).isEqualTo("users");
              assertThat(difference.baseline()).isEqualTo("4");
              assertThat(difference.current()).isEqualTo("8");
              assertThat(difference.effect()).isEqualTo(Effect.WARNING);
            });
  }

  @Test
  void streamedAgainstWhole_hasNoTimesToCompare_butThroughput() {
    baseline.value("requests_per_second", "req/s", 10, 9, 11);
    current.value("requests_per_second", "req/s", 10, 9, 11);
    current.conditions.put("stream", "false");

    BaselineComparison compared = compare();

    assertThat(compared.regression()).isEqualTo(Regression.NOT_COMPARABLE);
    assertThat(compared.rows(Regression.OK))
        .extracting(Comparison::metric)
        .containsExactly("requests_per_second");
  }

  @Test
  void share_hasWilsonsInterval() {
    // Wilson (1927) for 10 of 100: 0.0552 to 0.1744, as in Newcombe's tables.
    Interval interval = interval("error_rate", "ratio", 0.1, 100, List.of());

    assertThat(interval.low()).isCloseTo(0.0552, within(0.0001));
    assertThat(interval.high()).isCloseTo(0.1744, within(0.0001));
  }

  @Test
  void throughput_hasTheIntervalOfTenBatches() {
    // Edges aside, ten seconds of 90 and 110 requests in turn: mean 100, sample standard deviation
    // sqrt(10 * 100 / 9) = 10.541; half-width 2.262 * 10.541 / sqrt(10) = 7.540, laid around 98.
    List<SeriesPoint> series = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      series.add(point(i, i == 0 || i == 11 ? 3 : i % 2 == 0 ? 90 : 110));
    }

    Interval interval = interval("requests_per_second", "req/s", 98, 1000, series);

    assertThat(interval.low()).isCloseTo(98 - 7.540 * 0.98, within(0.001));
    assertThat(interval.high()).isCloseTo(98 + 7.540 * 0.98, within(0.001));
  }

  @Test
  void throughput_ofAShortRun_hasNoInterval() {
    List<SeriesPoint> series = List.of(point(0, 10), point(1, 10), point(2, 10));
    MetricSummary value = MetricSummary.ofValue("req/s", 10, 30);

    assertThat(
            SnapshotIntervals.of(Map.of("all", Map.of("requests_per_second", value)), series)
                .get("all"))
        .containsEntry("requests_per_second", value);
  }

  private static Interval interval(
      String id, String unit, double value, long count, List<SeriesPoint> series) {
    Map<String, MetricSummary> all = Map.of(id, MetricSummary.ofValue(unit, value, count));
    Interval interval =
        SnapshotIntervals.of(Map.of("all", all), series)
            .getOrDefault("all", Map.of())
            .getOrDefault(id, MetricSummary.absent(unit, "none"))
            .ci95()
            .get("value");
    assertThat(interval).isNotNull();
    return interval;
  }

  private static SeriesPoint point(int second, long okCount) {
    return new SeriesPoint(second, 1, 0, okCount, 0, 0, 0, null, null, null, null, null, null);
  }
}
