package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import llmload.model.MetricSummary;
import llmload.model.Operator;
import llmload.model.Statistic;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.TargetVerdict.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetJudgeTest {
  private final SampleRun run = new SampleRun();

  private TargetVerdict judge(Target target) {
    return TargetJudge.judge(target, run.measurements());
  }

  /** The p50 of the sample run is 40 ms. The margin is the distance to the limit ÷ the limit. */
  @ParameterizedTest
  @CsvSource({
    "LESS, 50, MET, 0.2",
    "LESS, 40, MISSED, 0",
    "LESS, 32, MISSED, -0.25",
    "AT_MOST, 40, MET, 0",
    "GREATER, 40, MISSED, 0",
    "GREATER, 32, MET, 0.25",
    "AT_LEAST, 40, MET, 0",
    "AT_LEAST, 50, MISSED, -0.2",
  })
  void target_onAMeasuredValue_isComparedByItsOperator(
      Operator op, double limit, Result result, double margin) {
    TargetVerdict verdict = judge(SampleRun.target("p50", op, limit));

    assertThat(verdict.result()).isEqualTo(result);
    assertThat(verdict.measured()).isEqualTo(40.0);
    assertThat(verdict.sampleCount()).isEqualTo(100);
    assertThat(verdict.reason()).isNull();
    assertThat(verdict.marginRatio()).isCloseTo(margin, within(1e-12));
    assertThat(String.valueOf(verdict.marginRatio())).isNotEqualTo("-0.0");
  }

  /** 40 ms against [lower, upper]: the share is of the nearer bound. */
  @ParameterizedTest
  @CsvSource({
    "40, 80, MET, 0",
    "32, 80, MET, 0.25",
    "10, 50, MET, 0.2",
    "50, 80, MISSED, -0.2",
    "10, 32, MISSED, -0.25",
    "10, 40, MET, 0",
  })
  void between_includesBothBounds(double lower, double upper, Result result, double margin) {
    Target one = SampleRun.target("p50", Operator.BETWEEN, lower);
    Target target =
        new Target(
            one.id(),
            one.scope(),
            one.metric(),
            one.statistic(),
            one.op(),
            lower,
            upper,
            "ms",
            false,
            true,
            null);

    TargetVerdict verdict = judge(target);

    assertThat(verdict.result()).isEqualTo(result);
    assertThat(verdict.marginRatio()).isCloseTo(margin, within(1e-12));
  }

  @Test
  void margin_ofALimitOfZero_cannotBeTold() {
    assertThat(judge(SampleRun.target("p50", Operator.AT_LEAST, 0)).marginRatio()).isNull();
  }

  /** By hand: 100 ÷ the smaller tail in percent, rounded up. */
  @ParameterizedTest
  @CsvSource({
    "p50, 2",
    "p90, 10",
    "p95, 20",
    "p99, 100",
    "p99.9, 1000",
    "p10, 10",
    "p75, 4",
    "p97, 34"
  })
  void percentile_needsEnoughSamplesToExist(String statistic, long needed) {
    assertThat(TargetJudge.neededCount(new Statistic(statistic))).isEqualTo(needed);
  }

  @Test
  void percentile_withOneSampleTooFew_isInconclusive() {
    run.metrics.put("all", Map.of("ttft", SampleRun.ttft(99)));

    TargetVerdict verdict = judge(SampleRun.target("p99", Operator.LESS, 2000));

    assertThat(verdict.result()).isEqualTo(Result.INCONCLUSIVE);
    assertThat(verdict.measured()).isEqualTo(90.0);
    assertThat(verdict.reason()).isEqualTo("p99 needs 100 samples, the run has 99");
    assertThat(judge(SampleRun.target("mean", Operator.LESS, 2000)).result()).isEqualTo(Result.MET);
  }

  @Test
  void percentile_withJustEnoughSamples_isJudged() {
    assertThat(judge(SampleRun.target("p99", Operator.LESS, 2000)).result()).isEqualTo(Result.MET);
  }

  @Test
  void metric_thatWasNotMeasured_isNoDataForItsOwnReason() {
    run.metrics.put("all", Map.of("ttft", MetricSummary.absent("ms", "nothing was streamed")));

    TargetVerdict verdict = judge(SampleRun.target("p50", Operator.LESS, 2000));

    assertThat(verdict.result()).isEqualTo(Result.NO_DATA);
    assertThat(verdict.measured()).isNull();
    assertThat(verdict.marginRatio()).isNull();
    assertThat(verdict.reason()).isEqualTo("nothing was streamed");
  }

  @Test
  void target_onWhatTheRunDoesNotHave_isNoDataAndSaysWhat() {
    Target p50 = SampleRun.target("p50", Operator.LESS, 2000);

    assertThat(judge(SampleRun.of("chta", "ttft", p50)).reason())
        .isEqualTo("no request is named chta; the scopes are all, chat");
    assertThat(judge(SampleRun.of("all", "gpu_power", p50)).reason())
        .isEqualTo("gpu_power is not among this run's metrics");
    assertThat(judge(SampleRun.target("p75", Operator.LESS, 2000)).reason())
        .isEqualTo("p75 of ttft was not computed");
  }

  @Test
  void summary_inAnotherUnit_isNoDataAndNeverCompared() {
    run.metrics.put("all", Map.of("ttft", MetricSummary.ofValue("s", 1, 1)));

    TargetVerdict verdict = judge(SampleRun.target("p50", Operator.LESS, 2000));

    assertThat(verdict.result()).isEqualTo(Result.NO_DATA);
    assertThat(verdict.reason()).isEqualTo("ttft is in s and the target in ms");
  }

  @Test
  void standardDeviation_ofOneSample_isNoData() {
    run.metrics.put(
        "all",
        Map.of(
            "ttft",
            new MetricSummary("ms", 1, null, 1.0, 1.0, null, Map.of(), 1.0, Map.of(), null)));

    assertThat(judge(SampleRun.target("std", Operator.LESS, 2000)).reason())
        .isEqualTo("std of ttft needs 2 samples, the run has 1");
  }
}
