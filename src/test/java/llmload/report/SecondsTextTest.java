package llmload.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.model.SeriesPoint;
import llmload.model.TelemetryReport;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecondsTextTest {
  private static ResultTable table(int intervals, @Nullable Double... waiting) {
    List<SeriesPoint> points = new ArrayList<>();
    for (int i = 0; i < intervals; i++) {
      Double ttft = i % 2 == 0 ? Double.valueOf(100 + i) : null;
      points.add(new SeriesPoint(i, 1, 1, 1, 0, 1, 1, null, ttft, null, null, null, null));
    }
    RunMeasurements empty = SampleRunReports.empty().measurements();
    RunMeasurements run =
        new RunMeasurements(
            intervals,
            empty.counts(),
            empty.countsByRequest(),
            empty.metrics(),
            empty.shapes(),
            empty.failedStreamTtft(),
            empty.injector(),
            points,
            empty.errors(),
            empty.flags(),
            empty.tokenSources(),
            empty.journalRequestCounts(),
            empty.footer());
    List<TelemetrySeries> series =
        waiting.length == 0
            ? List.of()
            : List.of(
                new TelemetrySeries(
                    "queue_depth", "Queue", "waiting", "req", Arrays.asList(waiting)));
    return SecondsText.table(
        run.with(
            Map.of(),
            new TelemetryReport(
                1, 3, 0.95, Map.of(), List.of(), series, List.of(), List.of(), List.of())));
  }

  @Test
  void eachInterval_hasItsRow_andGapsAreAbsent() {
    ResultTable table = table(3, 4.0, null, 5.0);

    assertThat(table.title()).isEqualTo("Telemetry beside the seconds");
    assertThat(SuiteText.heads(table))
        .containsExactly("from (s)", "ttft p99 (ms)", "itl p99 (ms)", "queue_depth (req)");
    assertThat(table.rows())
        .containsExactly(
            Arrays.asList(0.0, 100.0, null, 4.0),
            Arrays.asList(1.0, null, null, null),
            Arrays.asList(2.0, 102.0, null, 5.0));
  }

  @Test
  void longRun_hasAtMostSixtyRows_ofTheWorstLatencyAndTheMeanTelemetry() {
    Double[] waiting = new Double[61];
    Arrays.fill(waiting, 0, 2, 4.0);
    waiting[1] = 1.0;
    waiting[60] = 7.0;

    ResultTable table = table(61, waiting);

    // Two intervals a row: 30 of both, and the 61st alone.
    assertThat(table.title()).isEqualTo("Telemetry beside the seconds, 2 intervals a row");
    assertThat(table.rows()).hasSize(31);
    assertThat(table.rows().get(0)).isEqualTo(Arrays.asList(0.0, 100.0, null, 2.5));
    assertThat(table.rows().get(1)).isEqualTo(Arrays.asList(2.0, 102.0, null, null));
    assertThat(table.rows().get(30)).isEqualTo(Arrays.asList(60.0, 160.0, null, 7.0));
    assertThat(table(60, new Double[60]).rows()).hasSize(60);
  }

  @Test
  void run_besideWhichNothingWasWatched_hasNoRow() {
    assertThat(table(5).rows()).isEmpty();
    // Numbers of other intervals do not belong beside these.
    assertThat(table(5, 1.0, 2.0).rows()).isEmpty();
  }
}
