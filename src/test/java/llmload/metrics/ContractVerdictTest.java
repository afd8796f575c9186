package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.Operator;
import llmload.model.Statistic;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContractVerdictTest {
  private static Target limit(
      String metric, String statistic, Operator op, double value, boolean required) {
    return new Target(
        metric,
        "all",
        metric,
        new Statistic(statistic),
        op,
        value,
        null,
        "ms",
        required,
        true,
        null);
  }

  private static final List<Target> LIMITS =
      List.of(
          limit("ttft", "mean", Operator.AT_MOST, 100, true),
          limit("output_tokens_per_second_per_user", "mean", Operator.AT_LEAST, 50, true),
          limit("peak_memory", "value", Operator.AT_MOST, 32_768, false),
          limit("ttft", "p99", Operator.AT_MOST, 1, true));

  private static ContractVerdict verdict(
      @Nullable Number ttft, @Nullable Number tps, @Nullable Number memory) {
    Map<String, @Nullable Number> fields = new LinkedHashMap<>();
    fields.put("avg_ttft_ms", ttft);
    fields.put("avg_throughput_tps", tps);
    fields.put("peak_mem_mb", memory);
    return ContractVerdict.of("year1", LIMITS, fields);
  }

  @Test
  void averagesAtTheirLimits_pass() {
    ContractVerdict verdict = verdict(100.0, 50.0, 32_768L);

    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.lines())
        .extracting(ContractVerdict.Line::name)
        .containsExactly("ttft_ms", "throughput_tps", "peak_mem_mb");
    assertThat(verdict.summary()).isEqualTo("Passed: 3 of 3 limits kept.");
    assertThat(verdict.lines().get(0).detail()).isEqualTo("avg_ttft_ms 100, limit <= 100");
  }

  @Test
  void averageBeyondItsLimit_doesNot() {
    assertThat(verdict(100.1, 50.0, 1L).passed()).isFalse();
    assertThat(verdict(100.0, 49.9, 1L).summary())
        .isEqualTo("Not passed: 2 of 3 limits kept; missed: throughput_tps.");
  }

  @Test
  void unmeasured_isNoPassWhereRequired_andNamedWhereNot() {
    assertThat(verdict(null, 50.0, 1L).passed()).isFalse();
    ContractVerdict noMemory = verdict(1.0, 50.0, null);
    assertThat(noMemory.passed()).isTrue();
    assertThat(noMemory.lines().get(2).kept()).isNull();
    assertThat(noMemory.summary())
        .isEqualTo("Passed: 2 of 3 limits kept; not measured: peak_mem_mb.");
  }

  @Test
  void noLimitOnAverages_isNoContract() {
    assertThat(ContractVerdict.of("year1", LIMITS.subList(3, 4), Map.of()).passed()).isNull();
  }
}
