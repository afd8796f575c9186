package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.SuiteResult;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenSpeedAnalysisTest {
  private static RunManifest manifest() {
    return new RunManifest(
        "run",
        "llmload.simulations.TokenSpeedSimulation",
        Instant.parse("2026-01-01T00:00:00Z"),
        null,
        null,
        new TargetServer("http://gpu:8000", "openai-chat", "own-model", null, null),
        new LoadPlan("token_speed", "closed", 1, null, null, 1L, null, true, 1L),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        null,
        List.of());
  }

  private static SuiteResult analyse(RequestRecord... requests) {
    Optional<SuiteAnalysis> analysis = SuiteAnalyses.of(manifest());
    assertThat(analysis).isPresent();
    Arrays.stream(requests).forEach(analysis.get()::accept);
    return analysis.get().finish(new RunAnalysis(manifest()).finish(null, 0, 0));
  }

  private static RequestRecord whole(
      String test, String prompt, double sentMillis, double millis, int input, int output) {
    return RequestFixture.chat(millis)
        .notStreamed()
        .name(test)
        .tag("prompt", prompt)
        .sent(sentMillis)
        .usage(input, output)
        .build();
  }

  private static RequestRecord batched(int wave, double sentMillis, double millis, int output) {
    return RequestFixture.chat(millis)
        .notStreamed()
        .name("batch_2")
        .tag("prompt", "short")
        .tag("batch", "2")
        .tag("wave", Integer.toString(wave))
        .sent(sentMillis)
        .usage(10, output)
        .build();
  }

  private static Map<String, MetricSummary> metrics(SuiteResult result, String scope) {
    return result.metrics().getOrDefault(scope, Map.of());
  }

  private static @Nullable Double value(SuiteResult result, String scope, String metric) {
    MetricSummary summary = metrics(result, scope).get(metric);
    return summary == null ? null : summary.value();
  }

  private static List<@Nullable Object> row(SuiteResult result, String table, int index) {
    return table(result, table).rows().get(index);
  }

  private static ResultTable table(SuiteResult result, String id) {
    return result.tables().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
  }

  private static @Nullable Object cell(SuiteResult result, String id, int row, String column) {
    List<String> names =
        table(result, id).columns().stream().map(ResultTable.Column::name).toList();
    return row(result, id, row).get(names.indexOf(column));
  }

  @Test
  void single_sumsAreDividedBesideTheMeanOfTheCalls() {
    // 30 tokens in 100 ms are 300 a second, 100 in 1,000 ms are 100: the mean is 200, the sums
    // give 130 tokens in 1.1 s. Output only: 200 and 80, and 100 tokens in 1.1 s.
    SuiteResult result =
        analyse(
            whole("single_short", "short", 0, 100, 10, 20),
            whole("single_short", "short", 200, 1_000, 20, 80));

    MetricSummary speed = metrics(result, "single_short").get("call_tokens_per_second");
    assertThat(speed).isNotNull();
    assertThat(speed.mean()).isEqualTo(200);
    assertThat((Double) cell(result, "speeds", 0, "tokens_per_second"))
        .isCloseTo(130 / 1.1, within(1e-9));
    assertThat((Double) cell(result, "speeds", 0, "mean")).isEqualTo(200);
    assertThat((Double) cell(result, "speeds", 0, "output_only"))
        .isCloseTo(100 / 1.1, within(1e-9));
    assertThat((Double) cell(result, "speeds", 0, "output_only_mean")).isEqualTo(140);
    assertThat((Double) cell(result, "speeds", 0, "per_token"))
        .isCloseTo(1_100.0 / 130, within(1e-9));
    assertThat((Double) cell(result, "speeds", 0, "per_output_token")).isCloseTo(11, within(1e-9));
    assertThat(row(result, "tests", 0))
        .containsExactly("single_short", 2L, 2L, true, 15.0, 50.0, 0.55, null);
  }

  @Test
  void batch_isComparedWithSingleRequestsOfTheSamePrompts() {
    // Single: 20 output tokens in 200 ms, 100 a second. Two batches, each of 30 + 40 output and 20
    // input tokens in 250 ms: 140 output tokens in 0.5 s are 280 a second, 180 in all are 360.
    SuiteResult result =
        analyse(
            whole("single_short", "short", 0, 200, 10, 20),
            batched(0, 1_000, 250, 30),
            batched(0, 1_000, 100, 40),
            batched(1, 2_000, 100, 30),
            batched(1, 2_000, 250, 40));

    assertThat(value(result, "batch_2", "batch_speedup")).isCloseTo(2.8, within(1e-9));
    assertThat(value(result, "batch_2", "throughput_per_item")).isCloseTo(180, within(1e-9));
    assertThat(cell(result, "batches", 0, "batches")).isEqualTo(2L);
    assertThat((Double) cell(result, "batches", 0, "wall")).isEqualTo(0.25);
    assertThat(cell(result, "batches", 0, "item_p50")).isEqualTo(100.0);
    assertThat(cell(result, "batches", 0, "item_max")).isEqualTo(250.0);
    assertThat(result.remarks())
        .contains(
            "Best test: batch_2 with 360.00 tokens a second, input and output. Worst: single_short"
                + " with 150.00.")
        .noneMatch(remark -> remark.contains("slower"));
  }

  @Test
  void batch_thatGainsNothing_isSaid_andWithoutABaseThereIsNoSpeedup() {
    SuiteResult slow =
        analyse(
            whole("single_short", "short", 0, 100, 10, 40),
            batched(0, 1_000, 400, 40),
            batched(0, 1_000, 400, 40));
    // 400 a second alone, 80 tokens in 400 ms together: half of it.
    assertThat(slow.remarks())
        .anySatisfy(remark -> assertThat(remark).contains("batch_2 is slower", "0.50"));

    SuiteResult alone = analyse(batched(0, 0, 400, 40), batched(0, 0, 400, 40));
    MetricSummary speedup = metrics(alone, "batch_2").get("batch_speedup");
    assertThat(speedup).isNotNull();
    assertThat(speedup.value()).isNull();
    assertThat(speedup.notMeasured()).isEqualTo("single_short was not run");
  }

  @Test
  void streams_standBesideTheirTwins() {
    // 3 output tokens in 300 ms streamed, 10 a second; 6 in 300 ms whole, 20 a second.
    SuiteResult result =
        analyse(
            whole("single_long", "long", 0, 300, 10, 6),
            RequestFixture.stream(100, 100, 100)
                .name("streaming_long")
                .tag("prompt", "long")
                .sent(500)
                .usage(10, 3)
                .build());

    assertThat(value(result, "streaming_long", "streaming_ratio")).isCloseTo(0.5, within(1e-9));
    assertThat(row(result, "streaming", 0)).startsWith("long", 20.0);
    assertThat(cell(result, "streaming", 0, "ttft_p50")).isEqualTo(100.0);
  }

  @Test
  void servers_areRankedWithTheirModels() {
    SuiteResult result =
        analyse(
            whole("single_short", "short", 0, 100, 10, 900),
            ofServer("vllm", "qwen", 1_000, 50),
            ofServer("ollama", null, 2_000, 10));

    assertThat(table(result, "backends").rows()).hasSize(2);
    assertThat(row(result, "backends", 0)).startsWith("vllm", "qwen", 1L, 1L);
    assertThat(row(result, "backends", 1)).startsWith("ollama", "own-model", 1L, 1L);
    // 50 and 10 tokens in half a second.
    assertThat(result.remarks())
        .contains(
            "Best server: vllm with 100.00 output tokens a second. Worst: ollama with 20.00.");
  }

  private static RequestRecord ofServer(
      String label, @Nullable String model, double sentMillis, int output) {
    RequestFixture request =
        RequestFixture.chat(500)
            .notStreamed()
            .name("backend_" + label)
            .tag("endpoint", label)
            .tag("prompt", "short")
            .sent(sentMillis)
            .usage(10, output);
    return (model == null ? request : request.tag("model", model)).build();
  }

  @Test
  void failures_areCountedAndNamed_andInNoSpeed() {
    RequestRecord refused =
        RequestFixture.chat(1)
            .notStreamed()
            .name("single_short")
            .sent(500)
            .outcome(Outcome.HTTP_4XX, 401, "HTTP 401")
            .build();
    SuiteResult result = analyse(whole("single_short", "short", 0, 100, 10, 20), refused, refused);

    assertThat(row(result, "tests", 0)).startsWith("single_short", 3L, 1L, false);
    MetricSummary speed = metrics(result, "all").get("call_tokens_per_second");
    assertThat(speed).isNotNull();
    assertThat(speed.count()).isEqualTo(1);
    assertThat(result.remarks().get(0))
        .isEqualTo("0 of 1 tests passed, 1 of 3 calls. The commonest failure: HTTP 401");
  }

  @Test
  void nothing_isNoTable() {
    SuiteResult result = analyse();

    assertThat(result.tables()).isEmpty();
    assertThat(result.remarks()).isEmpty();
  }
}
