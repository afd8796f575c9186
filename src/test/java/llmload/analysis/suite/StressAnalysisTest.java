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
import llmload.model.ServerPlace;
import llmload.model.SuiteResult;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StressAnalysisTest {
  private StressAnalysis analysis = new StressAnalysis(ManifestFixture.closed());

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
    assertThat(last(rows(result, "stairs").get(1)))
        .isEqualTo("this machine's CPU 96.0 % above 95.0 %");
    assertThat(metric(result, "breaking_point").value()).isEqualTo(11.0);
    assertThat(metric(result, "max_sustainable_load").value()).isEqualTo(1.0);
  }

  @Test
  void stair_whoseMemoryWasShort_isTheBreakingPoint() {
    ok("breaking_point", "stair", 1, 0, 1000);
    host(500, 0.5, 0.91);

    SuiteResult result = finish();
    assertThat(result.remarks())
        .contains(
            "The breaking point is 1 request at once: this machine's memory 91.0 % above 90.0 %.");
  }

  @Test
  void stair_thatNobodyLookedAt_isJudgedByItsRequestsAlone_andSaysSo() {
    ok("breaking_point", "stair", 1, 0, 1000);

    SuiteResult result = finish();
    assertThat(last(rows(result, "stairs").get(0)))
        .isEqualTo(
            "not judged: this machine's memory (no look at it in its time; llm.telemetry.host"
                + " takes them); not judged: this machine's CPU (no look at it in its time;"
                + " llm.telemetry.host takes them)");
    assertThat(result.remarks()).noneMatch(remark -> remark.contains("not judged"));
    assertThat(metric(result, "breaking_point").notMeasured()).isEqualTo("no stair broke a rule");
    assertThat(metric(result, "max_sustainable_load").value()).isEqualTo(1.0);
  }

  @ParameterizedTest
  @CsvSource({
    "ANOTHER_MACHINE, the server is on another machine",
    "NOT_KNOWN, it is not known whether the server is on this machine"
  })
  void serverThatIsNotHere_isNotJudgedByThisMachine_howeverBusy(ServerPlace place, String why) {
    analysis = new StressAnalysis(ManifestFixture.servedOn(place));
    ok("breaking_point", "stair", 1, 0, 1000);
    ok("pressure", "hold", 8, 0, 1000);
    host(500, 1, 0.99);

    SuiteResult result = finish();
    assertThat(metric(result, "breaking_point").notMeasured()).isEqualTo("no stair broke a rule");
    assertThat(metric(result, "max_sustainable_load").value()).isEqualTo(1.0);
    assertThat(last(rows(result, "stairs").get(0)))
        .isEqualTo(
            "not judged: this machine's memory (%1$s); not judged: this machine's CPU (%1$s)"
                .formatted(why));
    assertThat(rows(result, "tests"))
        .filteredOn(row -> "pressure".equals(row.get(0)))
        .extracting(StressAnalysisTest::last)
        .containsExactly("not judged: " + why);
    assertThat(result.remarks())
        .contains("This machine's CPU and memory are not judged: " + why + ".");
  }

  @Test
  void serverAtAnotherNameOfThisMachine_isJudgedByIt() {
    analysis = new StressAnalysis(ManifestFixture.servedOn(ServerPlace.THIS_MACHINE));
    ok("breaking_point", "stair", 1, 0, 1000);
    host(500, 1, 0.5);

    assertThat(finish().remarks())
        .contains(
            "The breaking point is 1 request at once: this machine's CPU 100.0 % above 95.0 %.");
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
    assertThat(last(rows(result, "tests").get(0)))
        .isEqualTo("this machine's CPU peak of 98 % or more");
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

  private void prompts(String test, String stage, int tokens, int count, int millis) {
    for (int i = 0; i < count; i++) {
      analysis.accept(request(test, stage, 4, millis).sent(i).usage(tokens, 1).build());
    }
  }

  @Test
  void spikes_areToldByPromptLength_sinceMixedLengthsHideThem() {
    prompts("steady", "hold", 12, 19, 100);
    prompts("steady", "hold", 16, 1, 1000);
    prompts("steady", "hold", 100, 20, 1000);
    prompts("spike", "burst", 12, 6, 100);
    prompts("spike", "burst", 17, 9, 2000);
    SuiteResult result = finish();

    List<List<@Nullable Object>> rows = rows(result, "spikes");
    // Steady: 19 of 100 ms and 21 of 1000 ms. Mean 572.5, squared differences 19 · 472.5² +
    // 21 · 427.5² = 8,079,750, over 39: 207,173, so s = 455.2, and above 572.5 + 1365.5 = 1938 ms
    // are the nine of 2000 ms, of 15 in the bursts and of 55 in all.
    // All: mean (25 · 100 + 21 · 1000 + 9 · 2000) ÷ 55 = 754.5; squared differences 25 · 654.5² +
    // 21 · 245.5² + 9 · 1245.5² = 25,936,364, over 54: 480,303, s = 693.0: above 2833.6 ms is none.
    // Its median is the 28th, 1000; 21 differ by 0, 25 by 900, 9 by 1000: the 28th by 900, and
    // above 1000 + 3 · 1.4826 · 900 = 5003 is none.
    assertThat(rows.get(0)).containsExactly("all", 55L, 0.0, 0.0, 900.0 / 55, 10.0);
    // Up to 16 tokens: 25 of 100 ms, one of 1000 ms. Mean 134.6, s = √(900² · 25 ÷ 26 ÷ 25) =
    // 900 ÷ √26 = 176.5, so above 664.1 ms is one of 26. Median 100, deviation 0: above 100, one.
    assertThat(rows.get(1)).containsExactly("up to 16", 26L, 100.0 / 26, 100.0 / 26, 0.0, 10.0);
    // Nine, all of 2000 ms, are fewer than ten: nothing can be said.
    assertThat(rows.get(2)).containsExactly("up to 32", 9L, null, null, null, 10.0);
    assertThat(rows.get(3)).containsExactly("up to 128", 20L, 0.0, 0.0, 0.0, 10.0);
    // Bursts: mean (600 + 18000) ÷ 15 = 1240, no more than 2000; median 2000, deviation 0.
    assertThat(rows.get(4)).containsExactly("bursts", 15L, 0.0, 0.0, 60.0, 10.0);
    assertThat(rows).hasSize(5);
    assertThat(metric(result, "spike_rate_vs_steady").value()).isEqualTo(0.6);
    assertThat(metric(result, "spike_rate_robust").value()).isEqualTo(0.0);
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
