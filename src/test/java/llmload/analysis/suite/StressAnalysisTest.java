package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.model.MetricSummary;
import llmload.model.Outcome;
import llmload.model.ResultTable;
import llmload.model.SuiteResult;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StressAnalysisTest {
  private final StressAnalysis analysis = new StressAnalysis(ManifestFixture.closed());

  private static RequestFixture request(String test, String stage, int users, int millis) {
    return RequestFixture.stream(millis)
        .name(test)
        .tag("stage", stage)
        .tag("concurrency", Integer.toString(users));
  }

  private void ok(String test, String stage, int users, double sentMillis, int millis) {
    analysis.accept(request(test, stage, users, millis).sent(sentMillis).build());
  }

  private void failed(String test, String stage, int users, double sentMillis) {
    analysis.accept(
        request(test, stage, users, 1)
            .sent(sentMillis)
            .outcome(Outcome.HTTP_5XX, 503, "full")
            .build());
  }

  private void host(double millis, double cpuRatio, double memoryRatio) {
    analysis.accept(
        new TelemetrySample(
            "host",
            (long) (millis * 1e6),
            Map.of(
                "cpu_busy_ratio",
                cpuRatio,
                "memory_used_bytes",
                memoryRatio * 1000,
                "memory_total_bytes",
                1000.0),
            Map.of()));
  }

  private SuiteResult finish() {
    return analysis.finish(new RunAnalysis(ManifestFixture.closed()).finish(null, 0, 0));
  }

  private static List<List<@Nullable Object>> rows(SuiteResult result, String id) {
    return result.tables().stream()
        .filter(table -> table.id().equals(id))
        .map(ResultTable::rows)
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable Object last(List<@Nullable Object> row) {
    return row.get(row.size() - 1);
  }

  private static MetricSummary metric(SuiteResult result, String id) {
    return Objects.requireNonNull(result.metrics().getOrDefault("all", Map.of()).get(id));
  }

  @Test
  void stair_whoseHostWasTooBusy_isTheBreakingPoint() {
    ok("breaking_point", "stair", 1, 0, 1000);
    host(500, 0.5, 0.5);
    ok("breaking_point", "stair", 11, 2000, 1000);
    host(2100, 0.95, 0.5);
    host(2900, 0.97, 0.5);

    SuiteResult result = finish();
    // (0.95 + 0.97) ÷ 2 = 0.96.
    assertThat(last(rows(result, "stairs").get(1))).isEqualTo("CPU 96.0 % above 95.0 %");
    assertThat(metric(result, "breaking_point").value()).isEqualTo(11.0);
    assertThat(metric(result, "max_sustainable_load").value()).isEqualTo(1.0);
  }

  @Test
  void stair_whoseMemoryWasShort_isTheBreakingPoint() {
    ok("breaking_point", "stair", 1, 0, 1000);
    host(500, 0.5, 0.91);

    SuiteResult result = finish();
    assertThat(result.remarks())
        .contains("The breaking point is 1 request at once: memory 91.0 % above 90.0 %.");
  }

  @Test
  void stair_thatNobodyLookedAt_isJudgedByItsRequestsAlone_andSaysSo() {
    ok("breaking_point", "stair", 1, 0, 1000);

    SuiteResult result = finish();
    assertThat(last(rows(result, "stairs").get(0)))
        .isEqualTo(
            "not judged: memory (no look at this machine in its time; llm.telemetry.host takes"
                + " them); not judged: CPU (no look at this machine in its time;"
                + " llm.telemetry.host takes them)");
    assertThat(metric(result, "breaking_point").notMeasured()).isEqualTo("no stair broke a rule");
    assertThat(metric(result, "max_sustainable_load").value()).isEqualTo(1.0);
  }

  @Test
  void pressure_isJudgedByTheHighestLook_andNotAtAllWithoutOne() {
    ok("pressure", "hold", 8, 0, 1000);
    assertThat(last(rows(finish(), "tests").get(0))).isEqualTo("not judged");

    StressAnalysis watched = new StressAnalysis(ManifestFixture.closed());
    watched.accept(request("pressure", "hold", 8, 1000).build());
    watched.accept(
        new TelemetrySample(
            "host",
            5,
            Map.of("cpu_busy_ratio", 0.98, "memory_used_bytes", 1.0, "memory_total_bytes", 10.0),
            Map.of()));
    SuiteResult result =
        watched.finish(new RunAnalysis(ManifestFixture.closed()).finish(null, 0, 0));
    assertThat(last(rows(result, "tests").get(0))).isEqualTo("CPU peak of 98 % or more");
  }

  @Test
  void levels_areStableAboveNinetyFivePercentCompleted_whateverTheLatency() {
    // 96 of 100 are above 95 %, 95 of 100 are not; answers of 2 s are no matter.
    for (int i = 0; i < 100; i++) {
      if (i < 4) {
        failed("concurrency_5", "hold", 5, i);
      } else {
        ok("concurrency_5", "hold", 5, i, 2000);
      }
      if (i < 5) {
        failed("concurrency_10", "hold", 10, 5000 + i);
      } else {
        ok("concurrency_10", "hold", 10, 5000 + i, 2000);
      }
    }
    SuiteResult result = finish();
    assertThat(rows(result, "tests").get(0).get(11)).isEqualTo(true);
    assertThat(rows(result, "tests").get(1).get(11)).isEqualTo(false);
    assertThat(last(rows(result, "tests").get(1))).isEqualTo("95.0 % completed, not above 95 %");
    assertThat(metric(result, "max_sustainable_load").value()).isEqualTo(5.0);
  }

  @Test
  void heldLoad_thatSlowsDown_hasItsDegradationByWindow() {
    // Ramps are not compared: their answers are fast, since few ask.
    ok("steady", "ramp_up", 1, 0, 10);
    for (int i = 0; i < 20; i++) {
      ok("steady", "hold", 4, 1000 + i * 100, 100);
    }
    for (int i = 0; i < 20; i++) {
      ok("steady", "hold", 4, 3000 + i * 95, 195);
    }
    failed("steady", "hold", 4, 4990);
    SuiteResult result = finish();

    // 40 answers, two windows, from 1 s to 5 s; the last of the first 20 ends at 3.0 s, which is
    // the second's: 19 and 21 answers.
    List<List<@Nullable Object>> rows = rows(result, "windows");
    assertThat(rows.get(0)).containsExactly("steady", 0.0, 2.0, 19L, 0L, 0.0, 100.0, 0.0);
    assertThat(rows.get(1).subList(0, 5)).containsExactly("steady", 2.0, 4.0, 21L, 1L);
    assertThat(rows.get(1).subList(5, 8)).containsExactly(100.0 / 22, 195.0, 95.0);
    assertThat(metric(result, "p95_degradation").value()).isEqualTo(0.95);
  }
}
