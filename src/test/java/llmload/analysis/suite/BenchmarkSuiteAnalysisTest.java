package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.model.Grade;
import llmload.model.MetricSummary;
import llmload.model.Operator;
import llmload.model.Outcome;
import llmload.model.Regression;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.ServerPlace;
import llmload.model.Statistic;
import llmload.model.SuiteResult;
import llmload.model.Tags;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.TargetVerdict.Result;
import llmload.model.TelemetrySample;
import llmload.model.Validity;
import llmload.model.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BenchmarkSuiteAnalysisTest {
  private static final long SECOND = 1_000_000_000L;

  private final RunManifest manifest = ManifestFixture.closed();
  private final BenchmarkSuiteAnalysis analysis = new BenchmarkSuiteAnalysis(manifest);

  private SuiteResult finished() {
    return analysis.finish(new RunAnalysis(manifest).finish(null, 0, 0));
  }

  private static ResultTable table(SuiteResult result, String id) {
    return result.tables().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
  }

  /** Sent then; 100 ms to the first of two tokens, the second 400 ms later. */
  private static RequestRecord answer(String name, double sentMillis, String... tags) {
    RequestFixture fixture = RequestFixture.stream(100, 400).name(name).sent(sentMillis);
    for (int i = 0; i < tags.length; i += 2) {
      fixture = fixture.tag(tags[i], tags[i + 1]);
    }
    return fixture.usage(10, 2).build();
  }

  @Test
  void batches_areSpeedsOfTheirGroups() {
    analysis.accept(answer("batch_1", 0, Tags.BATCH, "1", Tags.WAVE, "0"));
    // Two at once, the second 100 ms later: 4 tokens in 600 ms.
    analysis.accept(answer("batch_2", 1000, Tags.BATCH, "2", Tags.WAVE, "0"));
    analysis.accept(answer("batch_2", 1100, Tags.BATCH, "2", Tags.WAVE, "0"));
    List<List<Object>> rows = new ArrayList<>();
    table(finished(), "batches").rows().forEach(row -> rows.add(List.copyOf(row.subList(0, 4))));
    // 2 tokens in 500 ms are 4 a second; 4 in 600 ms are 6.67.
    assertThat(rows).containsExactly(List.of(1, 1L, 0L, 4.0), List.of(2, 1L, 0L, 4 / 0.6));
  }

  @Test
  void levels_areStable_ifMoreThan95PercentSucceed() {
    for (int i = 0; i < 20; i++) {
      analysis.accept(
          i == 0
              ? RequestFixture.chat(10)
                  .name("concurrency_5")
                  .outcome(Outcome.HTTP_5XX, 503, "full")
                  .build()
              : answer("concurrency_5", i));
      analysis.accept(answer("concurrency_1", i));
    }
    // 19 of 20 are 95 %, which is not more.
    assertThat(table(finished(), "stress").rows())
        .extracting(row -> row.get(0), row -> row.get(8))
        .containsExactly(tuple(1, true), tuple(5, false));
  }

  @Test
  void memory_isAMetric_andEnergyWithoutASensorIsAbsent() {
    analysis.accept(answer("token_throughput", 0, Tags.PROMPT, "10"));
    for (int at = 0; at <= 1; at++) {
      analysis.accept(
          new TelemetrySample(
              "host",
              at * SECOND,
              Map.of("memory_used_bytes", 6e9, "memory_total_bytes", 8e9),
              Map.of()));
    }
    SuiteResult result = finished();
    assertThat(metric(result, "token_throughput", "host_memory_peak").value()).isEqualTo(0.75);
    // No sensor told of energy: the last three columns.
    assertThat(table(result, "resources").rows().get(0).subList(7, 10)).containsOnlyNulls();
  }

  @ParameterizedTest
  @EnumSource(names = {"ANOTHER_MACHINE", "NOT_KNOWN"})
  void memory_isAbsent_whereItIsNotTheServers_soThatNoTargetIsMetByIt(ServerPlace place) {
    RunManifest remote = ManifestFixture.servedOn(place);
    BenchmarkSuiteAnalysis ofRemote = new BenchmarkSuiteAnalysis(remote);
    ofRemote.accept(answer("token_throughput", 0, Tags.PROMPT, "10"));
    ofRemote.accept(
        new TelemetrySample(
            "host",
            SECOND / 4,
            Map.of("memory_used_bytes", 6e9, "memory_total_bytes", 8e9),
            Map.of()));
    SuiteResult result = ofRemote.finish(new RunAnalysis(remote).finish(null, 0, 0));
    assertThat(metric(result, "token_throughput", "host_memory_peak"))
        .isEqualTo(MetricSummary.absent("ratio", Objects.requireNonNull(place.whyNotJudged())));
  }

  private static MetricSummary metric(SuiteResult result, String scope, String id) {
    MetricSummary summary = result.metrics().getOrDefault(scope, Map.of()).get(id);
    assertThat(summary).isNotNull();
    return summary;
  }

  private static TargetVerdict verdict(
      String metric, String statistic, Operator op, double limit, double measured, Result result) {
    Target target =
        new Target(
            metric,
            "token_throughput",
            metric,
            new Statistic(statistic),
            op,
            limit,
            null,
            metric.equals("ttft") ? "ms" : "tok/s",
            false,
            true,
            null);
    return new TargetVerdict(
        target, measured, result, result == Result.MET ? 0.1 : -0.25, 10, null);
  }

  @Test
  void assessment_hasGradeAndARecommendationForEachMissedTarget() {
    List<TargetVerdict> targets =
        List.of(
            verdict(
                "output_tokens_per_second_per_user",
                "mean",
                Operator.AT_LEAST,
                30,
                22.5,
                Result.MISSED),
            verdict("ttft", "p50", Operator.LESS, 5, 4.5, Result.MET));
    Verdict verdict =
        new Verdict(Validity.VALID, List.of(), Grade.POOR, 1, 2, Regression.NONE, 0, List.of());
    SuiteResult result = analysis.assess(finished(), targets, verdict);

    assertThat(result.remarks())
        .containsExactly(
            "Poor: 1 of 2 targets met.",
            "output_tokens_per_second_per_user mean of token_throughput is 22.5 tok/s, the target is"
                + " >= 30.0 tok/s, 25.0 % off: a smaller or quantised model, or faster memory,"
                + " raises it.");
    assertThat(table(result, "overall_assessment").rows()).containsExactly(List.of("Poor", 1, 2));
  }
}
