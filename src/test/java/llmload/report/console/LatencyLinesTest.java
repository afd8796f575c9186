package llmload.report.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import llmload.model.MetricSummary;
import llmload.model.RunMeasurements;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;

class LatencyLinesTest {
  private static final RunMeasurements EMPTY = SampleRunReports.empty().measurements();

  private static Map<String, MetricSummary> timed(double mean, double perSecond) {
    Map<String, Double> percentiles = Map.of("p50", mean - 1, "p95", mean + 10, "p99", mean + 20);
    return Map.of(
        "e2e",
        new MetricSummary("ms", 50, null, 1.0, mean, 2.0, percentiles, mean + 30, Map.of(), null),
        "requests_per_second",
        MetricSummary.ofValue("req/s", perSecond, 50));
  }

  @Test
  void runWithoutGeneration_isTimedBySortOfRequest() {
    Map<String, Map<String, MetricSummary>> sorts = new LinkedHashMap<>();
    sorts.put("health", timed(12, 250));
    sorts.put("retrieval", timed(30, 40));

    assertThat(LatencyLines.of(EMPTY.with(sorts)))
        .containsExactly(
            "  e2e of                  n           mean            p50            p95            p99",
            "  health                 50          12 ms          11 ms          22 ms          32 ms",
            "  retrieval              50          30 ms          29 ms          40 ms          50 ms",
            "  throughput health 250 req/s, retrieval 40 req/s");
  }

  @Test
  void moreSortsThanFit_areCounted() {
    Map<String, Map<String, MetricSummary>> sorts = new LinkedHashMap<>();
    for (int i = 1; i <= 7; i++) {
      sorts.put("retrieval_" + i, timed(10 * i, i));
    }
    assertThat(LatencyLines.of(EMPTY.with(sorts)))
        .hasSize(8)
        .contains("             and 2 more")
        .noneMatch(line -> line.contains("retrieval_6"));
  }

  @Test
  void runThatTimedNothing_saysWhyOfEach() {
    assertThat(LatencyLines.of(EMPTY))
        .contains("  ttft       not measured: no request was OK")
        .contains("  e2e        not measured: no request was OK");
  }
}
