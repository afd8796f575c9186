package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.model.Grade;
import llmload.model.JournalFooter;
import llmload.model.MetricSummary;
import llmload.model.Operator;
import llmload.model.Regression;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.Validity;
import llmload.model.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradingTest {
  private final SampleRun run = new SampleRun();

  private Verdict verdict() {
    return run.grade().verdict();
  }

  private static Target expectation(Target like) {
    return new Target(
        like.id(),
        like.scope(),
        like.metric(),
        like.statistic(),
        like.op(),
        like.value(),
        null,
        like.unit(),
        false,
        false,
        null);
  }

  @Test
  void goodRun_passes() {
    run.targets = List.of(SampleRun.target("p99", Operator.AT_MOST, 2000, true));

    assertThat(verdict())
        .isEqualTo(
            new Verdict(
                Validity.VALID, List.of(), Grade.EXCELLENT, 1, 1, Regression.NONE, 0, List.of()));
  }

  /** The thresholds are 90, 80 and 60 %: 799 of 1,000 is 79.9 %, which is not yet good. */
  @ParameterizedTest
  @CsvSource({
    "9, 1, EXCELLENT",
    "899, 101, GOOD",
    "8, 2, GOOD",
    "799, 201, ACCEPTABLE",
    "6, 4, ACCEPTABLE",
    "599, 401, POOR",
    "0, 3, POOR",
    "0, 0, NOT_GRADED",
  })
  void grade_isTheShareMet_exactly(int met, int missed, Grade grade) {
    Verdict verdict = run.withTargets(met, missed).grade().verdict();

    assertThat(verdict.grade()).isEqualTo(grade);
    assertThat(verdict.targetsMet()).isEqualTo(met);
    assertThat(verdict.targetsTotal()).isEqualTo(met + missed);
  }

  @Test
  void target_thatIsMissedAndNotRequired_lowersTheGradeOnly() {
    run.withTargets(0, 1);

    assertThat(verdict().exitCode()).isZero();
    assertThat(verdict().failures()).isEmpty();
  }

  @Test
  void requiredTarget_thatIsMissed_failsWithOneLine() {
    run.targets =
        List.of(
            SampleRun.of("chat", "ttft", SampleRun.target("p99", Operator.AT_MOST, 80.5, true)));

    assertThat(verdict().exitCode()).isEqualTo(2);
    assertThat(verdict().failures())
        .containsExactly("required target ttft p99 <= 80.5 ms (chat): measured 90 ms");
  }

  @Test
  void requiredTarget_thatIsMissed_passesIfNobodyAsks() {
    run.targets = List.of(SampleRun.target("p99", Operator.AT_MOST, 80, true));
    run.failOn = List.of("invalid");

    assertThat(verdict().exitCode()).isZero();
  }

  @Test
  void requiredTarget_withoutData_countsAsMissed() {
    Target required = SampleRun.target("p50", Operator.LESS, 2000, true);
    run.targets =
        List.of(
            SampleRun.target("p99", Operator.LESS, 2000), SampleRun.of("chat", "itl", required));

    assertThat(verdict().exitCode()).isEqualTo(2);
    assertThat(verdict().failures())
        .containsExactly(
            "required target itl p50 < 2000 ms (chat): NO_DATA, itl is not among this run's"
                + " metrics");
    // One met, and one required without an answer: 1 of 2.
    assertThat(verdict().targetsMet()).isEqualTo(1);
    assertThat(verdict().targetsTotal()).isEqualTo(2);
  }

  @Test
  void target_withoutDataAndNotRequired_isLeftOutOfTheGrade() {
    Target plain = SampleRun.target("p50", Operator.LESS, 2000);
    run.targets = List.of(plain, SampleRun.of("chat", "itl", plain));
    run.failOn = List.of("targets", "required", "grade<excellent");

    assertThat(verdict().targetsTotal()).isEqualTo(1);
    assertThat(verdict().grade()).isEqualTo(Grade.EXCELLENT);
    assertThat(verdict().exitCode()).isZero();
  }

  @Test
  void requiredTarget_thatIsInconclusive_fails() {
    run.metrics.put("all", Map.of("ttft", SampleRun.ttft(50)));
    run.targets = List.of(SampleRun.target("p99", Operator.LESS, 2000, true));

    assertThat(verdict().exitCode()).isEqualTo(2);
    assertThat(verdict().grade()).isEqualTo(Grade.NOT_GRADED);
    assertThat(verdict().failures())
        .containsExactly(
            "required target ttft p99 < 2000 ms (all): INCONCLUSIVE, p99 needs 100 samples, the run"
                + " has 50");
  }

  @Test
  void failOnTargets_failsOnAnyMissedOne_butNotOnAnExpectation() {
    run.failOn = List.of("targets");
    Target missed = SampleRun.target("p50", Operator.LESS, 30);
    run.targets = List.of(expectation(missed));

    assertThat(verdict().exitCode()).isZero();
    assertThat(verdict().grade()).isEqualTo(Grade.NOT_GRADED);
    assertThat(run.grade().targets().get(0).result()).isEqualTo(TargetVerdict.Result.MISSED);

    run.targets = List.of(missed);
    assertThat(verdict().exitCode()).isEqualTo(2);
    assertThat(verdict().failures())
        .containsExactly("target ttft p50 < 30 ms (all): measured 40 ms");
  }

  @ParameterizedTest
  @CsvSource({"8, 2, 0", "799, 201, 2", "0, 0, 2"})
  void failOnGrade_failsBelowIt(int met, int missed, int exitCode) {
    run.withTargets(met, missed).failOn = List.of("grade<good");

    assertThat(verdict().exitCode()).isEqualTo(exitCode);
  }

  @Test
  void failOnGrade_saysWhichGrade() {
    run.withTargets(1, 1).failOn = List.of("grade<acceptable");

    assertThat(verdict().failures())
        .containsExactly("grade POOR is worse than ACCEPTABLE: 1 of 2 targets met");
  }

  @ParameterizedTest
  @CsvSource({
    "REGRESSION, regression, 3",
    "REGRESSION, required, 0",
    "NOT_COMPARABLE, regression, 7",
    "NOT_COMPARABLE, invalid, 0",
    "INCONCLUSIVE, regression, 0",
    "IMPROVED, regression, 0",
    "OK, regression, 0",
  })
  void regression_failsWhereAsked(Regression regression, String word, int exitCode) {
    run.failOn = List.of(word);

    Verdict verdict =
        Grading.grade(run.manifest(), run.measurements(), SampleComparison.of(regression))
            .verdict();

    assertThat(verdict.regression()).isEqualTo(regression);
    assertThat(verdict.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void degradedRun_passes() {
    run.sendLagP99Millis = 11.0;

    assertThat(verdict().validity()).isEqualTo(Validity.DEGRADED);
    assertThat(verdict().exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"invalid", "required", "regression"})
  void invalidRun_fails_whateverTheList(String word) {
    run.failOn = List.of(word);
    run.lost = 1;

    assertThat(verdict().validity()).isEqualTo(Validity.INVALID);
    assertThat(verdict().exitCode()).isEqualTo(4);
    assertThat(verdict().failures())
        .containsExactly(
            "run INVALID: 1 records never reached the journal, and none may be lost. Check the"
                + " disk's space and speed.");
  }

  @Test
  void invalidRun_withAMissedTarget_exitsAsInvalidAndSaysBoth() {
    run.lost = 1;
    run.targets = List.of(SampleRun.target("p50", Operator.LESS, 30, true));

    assertThat(verdict().exitCode()).isEqualTo(4);
    assertThat(verdict().failures()).hasSize(2);
  }

  @Test
  void missedTarget_withARegression_exitsAsMissed() {
    run.failOn = List.of("required", "regression");
    run.targets = List.of(SampleRun.target("p50", Operator.LESS, 30, true));

    Verdict verdict =
        Grading.grade(
                run.manifest(), run.measurements(), SampleComparison.of(Regression.REGRESSION))
            .verdict();

    assertThat(verdict.exitCode()).isEqualTo(2);
    assertThat(verdict.failures()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"false, false, 7", "true, false, 2", "false, true, 4", "true, true, 4"})
  void t11_nothingToCompare_hasAnExitCodeOfItsOwn_whereNothingWorseHolds(
      boolean missed, boolean invalid, int exitCode) {
    run.failOn = List.of("required", "regression");
    // The sample's p50 is 40 ms.
    run.targets =
        List.of(SampleRun.target("p50", missed ? Operator.LESS : Operator.GREATER, 30, true));
    run.lost = invalid ? 1 : 0;

    Verdict verdict =
        Grading.grade(
                run.manifest(), run.measurements(), SampleComparison.of(Regression.NOT_COMPARABLE))
            .verdict();

    assertThat(verdict.exitCode()).isEqualTo(exitCode);
    assertThat(verdict.failures())
        .hasSize(1 + (missed ? 1 : 0) + (invalid ? 1 : 0))
        .last()
        .isEqualTo("not comparable with the baseline main: One reason.");
  }

  @ParameterizedTest
  @CsvSource({"SIGINT, 130", "SIGTERM, 143", "disk full, 4"})
  void interruptedRun_exitsByTheSignal(String word, int exitCode) {
    run.interruptedBy(word);

    assertThat(verdict().validity()).isEqualTo(Validity.PARTIAL);
    assertThat(verdict().exitCode()).isEqualTo(exitCode);
  }

  @Test
  void run_inWhichNothingSucceeded_failsThoughItIsValid() {
    run.ok = 0;
    run.failed = 100;
    run.footer = new JournalFooter(100, 100, 0, 100, 0, 0, 0, null);
    run.journal = Map.of();
    run.gatling = Map.of();
    run.metrics.put("all", Map.of("ttft", MetricSummary.absent("ms", "no request was OK")));
    run.targets = List.of(SampleRun.target("p50", Operator.LESS, 2000));

    assertThat(verdict().validity()).isEqualTo(Validity.VALID);
    assertThat(verdict().exitCode()).isEqualTo(4);
    assertThat(verdict().grade()).isEqualTo(Grade.NOT_GRADED);
    assertThat(verdict().failures())
        .containsExactly("nothing succeeded: 0 of 100 requests were OK. See the errors by class.");
  }

  @Test
  void failOn_withUnknownWords_listsTheKnownOnes() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> FailOn.parse(List.of("invalid", "grade<great", "slow")))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "failOn: Expecting invalid, required, targets, regression, or"
                            + " grade<excellent, grade<good, grade<acceptable, grade<poor."
                            + " Found: grade<great.",
                        "failOn: Expecting invalid, required, targets, regression, or"
                            + " grade<excellent, grade<good, grade<acceptable, grade<poor."
                            + " Found: slow."));
  }

  @Test
  void failOn_words_areReadInAnyCaseAndOrder() {
    assertThat(FailOn.parse(List.of("Regression", "grade < good", "grade<poor", "TARGETS")))
        .isEqualTo(new FailOn(false, true, Grade.GOOD, true));
    assertThat(FailOn.parse(FailOn.DEFAULT)).isEqualTo(new FailOn(true, false, null, false));
  }
}
