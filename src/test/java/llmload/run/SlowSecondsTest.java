package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import llmload.model.ResultTable;
import llmload.model.RunReport;
import llmload.model.SlowTime;
import llmload.report.console.ConsoleReportWriter;
import llmload.testing.Fixtures;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The record of a real run: bursts of twelve users upon four, twice, against the simulated engine
 * with room for four sequences. It is less the stamps, samples and settings that say nothing here.
 * The expected numbers are those that a script worked out of it, apart from this code.
 */
class SlowSecondsTest {
  @TempDir private Path folder;

  private RunReport aggregate() throws IOException {
    for (String file : List.of("run.json", "requests.jsonl", "telemetry.jsonl")) {
      Files.writeString(folder.resolve(file), Fixtures.text("telemetry/slow-seconds/" + file));
    }
    return Aggregator.aggregate(folder);
  }

  private static List<List<@Nullable Object>> rows(RunReport report, String id) {
    return report.measurements().telemetry().tables().stream()
        .filter(table -> table.id().equals(id))
        .findFirst()
        .map(ResultTable::rows)
        .orElseThrow();
  }

  private static void assertRow(
      List<@Nullable Object> row, double start, double p99, double waiting, String because) {
    assertThat((Double) row.get(0)).isCloseTo(start, within(1e-6));
    assertThat(row.get(2)).isEqualTo("ttft");
    // The series is kept to two digits.
    assertThat((Double) row.get(3)).isCloseTo(p99, within(p99 * 0.01));
    assertThat((Double) row.get(4)).isCloseTo(19.990443, within(0.2));
    assertThat(row.get(5)).isEqualTo("server queue");
    assertThat((Double) row.get(6)).isCloseTo(waiting, within(1e-6));
    assertThat(row.get(row.size() - 1)).isEqualTo(because);
  }

  @Test
  void secondsOfTheBursts_areSlow_byTheQueueOfTheServer() throws IOException {
    RunReport report = aggregate();
    List<List<@Nullable Object>> rows = rows(report, "slow_intervals");

    assertThat(rows).hasSize(4);
    assertRow(
        rows.get(0),
        4.586574301,
        471.34442,
        0.5498936163782483,
        "waiting 2.48 until its first tokens, usually 0");
    assertRow(rows.get(1), 5.586574301, 587.902242, 5.360315717287712, "waiting 5.36, usually 0");
    assertRow(
        rows.get(2),
        10.586574301,
        587.260721,
        0.5500175493821068,
        "waiting 2.71 until its first tokens, usually 0");
    assertRow(rows.get(3), 11.586574301, 587.654254, 4.699903052934573, "waiting 4.7, usually 0");
    SlowTime slow = report.measurements().telemetry().slow();
    // Three seconds and a last one of 1.146 s, of 12.733 s.
    assertThat(slow.slowSeconds()).isCloseTo(4.146040715, within(1e-6));
    assertThat(slow.judgedSeconds()).isCloseTo(12.732615016, within(1e-6));
    assertThat(slow.stretches()).hasSize(2);
  }

  @Test
  void slowestRequests_ofTheBursts_waitedInTheSameQueue() throws IOException {
    RunReport report = aggregate();

    assertThat(rows(report, "slowest"))
        .hasSize(10)
        .allSatisfy(row -> assertThat(row.get(4)).isEqualTo("server queue"));
    assertThat(rows(report, "slowest_failed")).isEmpty();
  }

  @Test
  void console_saysWhichSecondsWereSlow_andByWhat() throws IOException {
    StringWriter out = new StringWriter();
    new ConsoleReportWriter().write(aggregate(), out);

    assertThat(out.toString())
        .containsPattern(
            "\n  slow       4\\.146 of 12\\.73 s: 4\\.587 s to 6\\.587 s ttft server queue \\(waiting"
                + " 5\\.36, usually 0\\); 10\\.59 s to 12\\.73 s ttft server queue\n");
  }
}
