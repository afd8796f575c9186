package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Regression;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the other suites at their edges. */
class SuiteRulesTest {

  private static BaselineComparison compare(
      ComparisonPolicy policy, String key, double baseline, double current, String... allow) {
    return BaselineJudge.compare(
        SampleSnapshot.of(policy.id()).number(key, baseline).snapshot(),
        SampleSnapshot.run().number(key, current).snapshot(),
        policy,
        List.of(allow));
  }

  // 95 of 100 is a change of -5 %; 57 of 60, 0.665 of 0.7 and 1.045 of 1.1 are too, though not in
  // binary floating point. 94.99 of 100 is -5.01 %. The rule is below -5 and above 5, strictly.
  @ParameterizedTest
  @CsvSource({
    "100, 95, OK",
    "60, 57, OK",
    "0.7, 0.665, OK",
    "1.1, 1.045, OK",
    "100, 94.99, REGRESSION",
    "100, 105, OK",
    "100, 105.01, IMPROVED",
    "0, 5, NOT_COMPARABLE",
  })
  void pyagent_atItsEdges(double baseline, double current, Regression expected) {
    BaselineComparison compared = compare(ComparisonPolicy.PYAGENT, "avg_tps", baseline, current);

    assertThat(compared.regression()).isEqualTo(expected);
  }

  @Test
  void pyagent_hasTheSuitesKeys() {
    // (90 - 120) / 120 * 100 = -25.
    assertThat(compare(ComparisonPolicy.PYAGENT, "avg_tps", 120, 90).suiteResult())
        .containsExactly(
            entry("baseline_avg_tps", 120.0),
            entry("current_avg_tps", 90.0),
            entry("improvement_percent", -25.0),
            entry("regression", true));
  }

  // Below -10 % of tokens per second, or above +10 % of retrieval p95, strictly.
  @ParameterizedTest
  @CsvSource({
    "tok_s, 30, 27, OK",
    "tok_s, 100, 89.99, REGRESSION",
    "tok_s, 100, 200, OK",
    "p95_ms, 20, 22, OK",
    "p95_ms, 100, 110.01, REGRESSION",
    "p95_ms, 100, 50, OK",
  })
  void minibiai_atItsEdges(String key, double baseline, double current, Regression expected) {
    assertThat(compare(ComparisonPolicy.MINIBIAI, key, baseline, current).regression())
        .isEqualTo(expected);
  }

  @Test
  void minibiai_hasTheSuitesKeys_andTheDashboardsAlert() {
    BaselineComparison compared = compare(ComparisonPolicy.MINIBIAI, "tok_s", 40, 30);

    // (30 - 40) / 40 * 100 = -25.
    assertThat(compared.suiteResult())
        .containsEntry("regression_threshold_percent", 10.0)
        .containsEntry("regression_detected", true)
        .containsEntry(
            "regression_analysis",
            Map.of(
                "token_throughput",
                Map.of(
                    "baseline_tok_s",
                    40.0,
                    "current_tok_s",
                    30.0,
                    "change_percent",
                    -25.0,
                    "regression_detected",
                    true)));
    assertThat(compared.suiteResult().get("alerts"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
    assertThat(compare(ComparisonPolicy.MINIBIAI, "tok_s", 40, 36).suiteResult())
        .doesNotContainKey("alerts");
  }

  @Test
  void minibiai_retrievalThatNeitherRunHas_isToldAndDecidesNothing() {
    BaselineComparison compared = compare(ComparisonPolicy.MINIBIAI, "tok_s", 40, 40);

    assertThat(compared.regression()).isEqualTo(Regression.OK);
    assertThat(compared.rows())
        .filteredOn(row -> row.metric().equals("retrieval_performance"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.verdict()).isEqualTo(Regression.NOT_COMPARABLE);
              assertThat(row.reason()).isEqualTo("neither the baseline nor the run has it");
            });
  }

  @Test
  void minibiai_retrievalThatOnlyTheBaselineHas_isNoPass() {
    BaselineComparison compared =
        BaselineJudge.compare(
            SampleSnapshot.of("minibiai").number("tok_s", 40).number("p95_ms", 20).snapshot(),
            SampleSnapshot.run().number("tok_s", 40).snapshot(),
            ComparisonPolicy.MINIBIAI,
            List.of());

    assertThat(compared.regression()).isEqualTo(Regression.NOT_COMPARABLE);
    assertThat(compared.reasons())
        .containsExactly("retrieval_performance cannot be compared: the run does not have it.");
  }

  // Worse by more than 5 % is a warning, by more than 10 % critical, strictly; of throughput lower
  // is worse. A baseline of 0 counts as 0 %.
  @ParameterizedTest
  @CsvSource({
    "avg_ttft_ms, 100, 105, acceptable, OK",
    "avg_ttft_ms, 100, 105.01, warning, OK",
    "avg_ttft_ms, 100, 110, warning, OK",
    "avg_ttft_ms, 100, 110.01, critical, REGRESSION",
    "avg_ttft_ms, 100, 10, acceptable, OK",
    "avg_tbt_ms, 20, 22, warning, OK",
    "avg_tbt_ms, 20, 22.01, critical, REGRESSION",
    "avg_throughput_tps, 100, 95, acceptable, OK",
    "avg_throughput_tps, 100, 90, warning, OK",
    "avg_throughput_tps, 100, 89.99, critical, REGRESSION",
    "avg_throughput_tps, 100, 200, acceptable, OK",
    "avg_ttft_ms, 0, 50, acceptable, OK",
  })
  void sagellm_atItsEdges(
      String key, double baseline, double current, String status, Regression expected) {
    Comparison row =
        compare(ComparisonPolicy.SAGELLM, key, baseline, current).rows().stream()
            .filter(candidate -> candidate.metric().equals(key))
            .findFirst()
            .orElseThrow();

    assertThat(row.status()).isEqualTo(status);
    assertThat(row.verdict()).isEqualTo(expected);
  }

  @Test
  void sagellm_wholeIsTheWorst_andAllowedNamesAreExpectedChanges() {
    var baseline =
        SampleSnapshot.of("sagellm")
            .number("avg_ttft_ms", 50)
            .number("avg_tbt_ms", 10)
            .number("avg_throughput_tps", 100)
            .snapshot();
    // +20 %, +6 % and 0 %.
    var current =
        SampleSnapshot.run()
            .number("avg_ttft_ms", 60)
            .number("avg_tbt_ms", 10.6)
            .number("avg_throughput_tps", 100)
            .snapshot();

    BaselineComparison strict =
        BaselineJudge.compare(baseline, current, ComparisonPolicy.SAGELLM, List.of());
    BaselineComparison allowed =
        BaselineJudge.compare(baseline, current, ComparisonPolicy.SAGELLM, List.of("avg_ttft_ms"));

    assertThat(strict.regression()).isEqualTo(Regression.REGRESSION);
    assertThat(strict.suiteResult())
        .containsEntry("overall_status", "critical")
        .containsEntry("warning_threshold_pct", 5.0)
        .containsEntry("critical_threshold_pct", 10.0);
    assertThat(strict.suiteResult().get("metrics"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsOnlyKeys("avg_ttft_ms", "avg_tbt_ms", "avg_throughput_tps")
        .containsEntry(
            "avg_ttft_ms",
            Map.of(
                "baseline",
                50.0,
                "current",
                60.0,
                "regression_pct",
                20.0,
                "status",
                "critical",
                "direction",
                "higher_is_worse",
                "expected_change",
                false));
    assertThat(allowed.regression()).isEqualTo(Regression.OK);
    assertThat(allowed.suiteResult()).containsEntry("overall_status", "warning");
    assertThat(allowed.rows().get(0).status()).isEqualTo("expected-change");
  }
}
