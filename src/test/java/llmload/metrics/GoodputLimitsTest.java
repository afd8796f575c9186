package llmload.metrics;

import static llmload.metrics.RequestFixture.chat;
import static llmload.metrics.RequestFixture.stream;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import llmload.metrics.GoodputLimits.Judgement;
import llmload.model.Operator;
import llmload.model.Statistic;
import llmload.model.Target;
import org.junit.jupiter.api.Test;

class GoodputLimitsTest {
  @Test
  void isEmpty_targetsThatBoundNoLatencyFromAbove_isTrue() {
    GoodputLimits limits =
        GoodputLimits.of(
            List.of(
                target("all", "ttft", "p99", Operator.GREATER, 1),
                target("all", "ttft", "std", Operator.LESS, 1),
                target("all", "inter_chunk", "p99", Operator.LESS, 1),
                target("other", "ttft", "p99", Operator.LESS, 1),
                expectation(target("all", "ttft", "p99", Operator.LESS, 1)),
                target("all", "gpu_memory_used_bytes", "max", Operator.LESS, 1)),
            "chat");
    assertThat(limits.isEmpty()).isTrue();
    assertThat(limits.judge(stream(100).build())).isEqualTo(Judgement.GOOD);
  }

  @Test
  void judge_severalLimitsOnOneMetric_tightestCounts() {
    GoodputLimits limits =
        GoodputLimits.of(
            List.of(
                target("all", "ttft", "p99", Operator.AT_MOST, 500),
                target("chat", "ttft", "p50", Operator.AT_MOST, 100),
                target("all", "ttft", "max", Operator.LESS, 900)),
            "chat");
    assertThat(limits.judge(stream(100).build())).isEqualTo(Judgement.GOOD);
    assertThat(limits.judge(stream(101).build())).isEqualTo(Judgement.BEYOND);
  }

  @Test
  void judge_sameBoundStrictAndNot_strictCounts() {
    List<Target> targets =
        List.of(
            target("all", "ttft", "p99", Operator.AT_MOST, 100),
            target("all", "ttft", "p50", Operator.LESS, 100));
    assertThat(GoodputLimits.of(targets, "chat").judge(stream(100).build()))
        .isEqualTo(Judgement.BEYOND);
    assertThat(GoodputLimits.of(targets, "chat").judge(stream(99).build()))
        .isEqualTo(Judgement.GOOD);
  }

  @Test
  void judge_limitedLatencyNotMeasured_isNotGood() {
    GoodputLimits limits =
        GoodputLimits.of(
            List.of(
                target("all", "ttft", "p99", Operator.LESS, 100),
                target("all", "e2e", "p99", Operator.LESS, 1_000)),
            "chat");
    assertThat(limits.judge(chat(900).notStreamed().build())).isEqualTo(Judgement.NOT_MEASURED);
    assertThat(limits.judge(chat(1_000).notStreamed().build())).isEqualTo(Judgement.BEYOND);
  }

  @Test
  void judge_singleTokenUnderATpotLimit_isGood() {
    GoodputLimits limits =
        GoodputLimits.of(List.of(target("all", "tpot", "mean", Operator.LESS, 10)), "chat");
    assertThat(limits.judge(stream(100).build())).isEqualTo(Judgement.GOOD);
    assertThat(limits.judge(stream(100, 10).build())).isEqualTo(Judgement.BEYOND);
  }

  private static Target target(
      String scope, String metric, String statistic, Operator op, double value) {
    return new Target(
        "t", scope, metric, new Statistic(statistic), op, value, null, "ms", false, true, null);
  }

  private static Target expectation(Target target) {
    return new Target(
        target.id(),
        target.scope(),
        target.metric(),
        target.statistic(),
        target.op(),
        target.value(),
        null,
        target.unit(),
        false,
        false,
        null);
  }
}
