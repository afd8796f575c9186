package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.model.MetricSummary;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartTableTest {
  private final PartTable parts = new PartTable();
  private final RunAnalysis analysis = new RunAnalysis(ManifestFixture.closed());

  private void accept(RequestRecord request) {
    analysis.accept(request);
    if (request.phase() == Phase.MEASURE) {
      parts.accept(request);
    }
  }

  private static RequestFixture look(String name, double sentMillis, double lastsMillis) {
    return RequestFixture.chat(lastsMillis)
        .name(name)
        .kind(name.equals("health") ? RequestKind.HEALTH : RequestKind.MODELS)
        .notStreamed()
        .sent(sentMillis);
  }

  private static double number(List<@Nullable Object> row, int column) {
    return ((Number) Objects.requireNonNull(row.get(column))).doubleValue();
  }

  @Test
  void parts_haveTheirOwnTimeCountsRatesAndLatencies_inTheOrderOfTheirBeginning() {
    // Models are analysed first and were asked for last.
    accept(look("models", 60_000, 400).build());
    accept(look("models", 60_500, 100).outcome(Outcome.HTTP_5XX, 503, "full").build());
    accept(look("health", 0, 5_000).warmup().build());
    // 100 looks of 1 to 100 ms, one each 300 ms from 10 s on, the fastest last.
    for (int i = 0; i < 100; i++) {
      accept(look("health", 10_000 + 300 * i, 100 - i).build());
    }
    RunMeasurements run = analysis.finish(null, 0, 0);

    ResultTable table = parts.table(run);
    assertThat(table.columns())
        .extracting(ResultTable.Column::name)
        .containsExactly(
            "part",
            "duration",
            "succeeded",
            "failed",
            "error_rate",
            "requests_per_second",
            "latency_mean",
            "latency_p95",
            "latency_p99",
            "latency_max");
    assertThat(table.rows()).extracting(row -> row.get(0)).containsExactly("health", "models");

    // From 10,000 ms to 39,700 + 1 ms: 29.701 s.
    List<@Nullable Object> health = table.rows().get(0);
    assertThat(number(health, 1)).isCloseTo(29.701, within(1e-9));
    assertThat(health.subList(2, 4)).containsExactly(100L, 0L);
    assertThat(number(health, 4)).isZero();
    assertThat(number(health, 5)).isCloseTo(100 / 29.701, within(1e-9));
    // Mean of 1 … 100, and the samples of ranks 95, 99 and 100.
    assertThat(number(health, 6)).isCloseTo(50.5, within(1e-6));
    assertThat(number(health, 7)).isEqualTo(95);
    assertThat(number(health, 8)).isEqualTo(99);
    assertThat(number(health, 9)).isEqualTo(100);

    // From 60,000 to 60,600 ms; one of two failed, and its 100 ms are no latency of an answer.
    List<@Nullable Object> models = table.rows().get(1);
    assertThat(number(models, 1)).isCloseTo(0.6, within(1e-9));
    assertThat(models.subList(2, 4)).containsExactly(1L, 1L);
    assertThat(number(models, 4)).isEqualTo(0.5);
    assertThat(number(models, 5)).isCloseTo(1 / 0.6, within(1e-9));
    assertThat(number(models, 6)).isEqualTo(400);
    assertThat(number(models, 9)).isEqualTo(400);
  }

  @Test
  void duration_isAMetricOfEachPart() {
    accept(look("health", 0, 10).build());
    accept(look("health", 29_995, 10).build());

    Map<String, MetricSummary> health =
        Objects.requireNonNull(parts.metrics(analysis.finish(null, 0, 0)).get("health"));
    assertThat(health).containsOnlyKeys("part_duration");
    // 29,995 + 10 ms: just over the guide's half minute.
    assertThat(health.values()).extracting(MetricSummary::value).containsExactly(30.005);
  }

  @Test
  void partThatOnlyFailed_hasNoLatency() {
    accept(look("health", 0, 10).outcome(Outcome.HTTP_4XX, 401, "no key").build());

    List<@Nullable Object> row = parts.table(analysis.finish(null, 0, 0)).rows().get(0);
    assertThat(row.subList(2, 4)).containsExactly(0L, 1L);
    assertThat(number(row, 4)).isEqualTo(1);
    assertThat(row.subList(6, 10)).containsOnlyNulls();
  }
}
