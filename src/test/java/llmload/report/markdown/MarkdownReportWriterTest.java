package llmload.report.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import llmload.report.ReportWriter;
import llmload.report.ReportWriterContract;
import llmload.report.SampleComparisons;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;

class MarkdownReportWriterTest extends ReportWriterContract {

  @Override
  protected ReportWriter writer() {
    return new MarkdownReportWriter();
  }

  @Override
  protected void assertWellFormed(String text) {
    assertThat(text.length()).isLessThanOrEqualTo(60_000);
    assertThat(text).startsWith("<!-- llmload:report -->\n");
    // The only tags are the kit's own, and they are closed.
    String plain = text.replace("<!-- llmload:report -->", "");
    assertThat(plain.replaceAll("</?(details|summary)>", "")).doesNotContain("<", "@", "`");
    assertThat(plain.split("<details>", -1)).hasSameSizeAs(plain.split("</details>", -1));
    assertThat(plain.codePoints()).noneMatch(c -> Character.isISOControl(c) && c != '\n');
    assertTablesAreRegular(text.lines().toList());
  }

  /** Every row of a table has as many cells as its head. */
  private static void assertTablesAreRegular(List<String> lines) {
    long cells = 0;
    for (String line : lines) {
      if (!line.startsWith("|")) {
        cells = 0;
      } else if (cells == 0) {
        cells = line.chars().filter(c -> c == '|').count();
      } else {
        assertThat(line.chars().filter(c -> c == '|').count()).as(line).isEqualTo(cells);
      }
    }
  }

  @Test
  void ordinaryRun_beginsWithItsVerdict() throws IOException {
    assertThat(written(SampleRunReports.ordinary()))
        .startsWith(
            """
            <!-- llmload:report -->
            ## llmload: FAIL (exit code 2, DEGRADED)

            **2 of 4 targets met (POOR), 1 without a clear answer. The numbers are usable, with doubts.**

            - required target ttft p99 &lt;= 400 ms \\(chat\\)&#58; measured 421.2 ms
            """);
  }

  @Test
  void targets_areSortedByUrgency() throws IOException {
    assertThat(written(SampleRunReports.ordinary()))
        .contains(
            """
            | | target | scope | limit | measured | margin | n |
            |---|---|---|---|---:|---:|---:|
            | MISSED | ttft p99 (required) | chat | &lt;= 400 ms | 421.2 ms | -5.3 % | 880 |
            | MISSED | e2e p95 | all | &lt; 2,000 ms | 2,000.3 ms | -&lt;0.1 % | 1,180 |
            """);
  }

  @Test
  void longTables_areFolded_andSayWhatIsMissing() throws IOException {
    String text = written(SampleRunReports.huge());

    // Of 300 targets ten stand open and the next hundred fold, if they fit.
    assertThat(text).contains("<details><summary>290 more targets</summary>");
    assertThat(text).contains("190 more are in report.html.");
  }

  @Test
  void doubtfulPercentile_isMarked() throws IOException {
    // p99 of 880 samples has 8.8 beyond it, which is fewer than 10; of 1,180 it has 11.8.
    assertThat(written(SampleRunReports.ordinary()))
        .contains("| ttft (ms) | chat | 880 | 95.04 | 86.40 | 181.7 | 263.4 (?) |")
        .contains("| ttft (ms) | all | 1,180 | 105.6 | 96 | 201.8 | 292.7 |");
  }

  @Test
  void comparison_hasItsTable_whatIsWorseFirst() throws IOException {
    String text = written(SampleComparisons.regressed());
    assertWellFormed(text);

    assertThat(text)
        .contains("### Baseline", "**REGRESSION** against main")
        .contains("| REGRESSION | ttft p50 | 80 ms | 96 ms | \\+20.0 % | 5 % |")
        .contains("- differs&#58; users".replace("&#58;", ":"));
  }

  @Test
  void slowIntervals_haveTheirTable_withoutColumnsOfWhichNothingIsKnown() throws IOException {
    assertThat(written(SampleRunReports.ordinary()))
        .contains(
            """
            ### Slow intervals, and what made them slow

            | start \\(s\\) | slow\\_in | because | waiting \\(req\\) |
            |---|---|---|---|
            | 12 | ttft | TIMEOUT&#58; no whole answer | 9 |
            | 31 | itl | TIMEOUT&#58; no whole answer | - |
            """)
        .contains("### The failed requests that lasted longest", "| r17 | IDLE\\_TIMEOUT |");
  }

  @Test
  void telemetry_standsBesideTheSeconds_foldedAndWithItsGaps() throws IOException {
    // The 25th second of the sample is the last one of a gap of five; then 1200 + 30 sin 25 W.
    assertThat(written(SampleRunReports.ordinary()))
        .contains(
            """
            <details><summary>Telemetry beside the seconds</summary>

            | from \\(s\\) | ttft p99 \\(ms\\) | itl p99 \\(ms\\) | power \\(W\\) | queue\\_depth \\(req\\) |
            |---|---|---|---|---|
            """)
        .containsPattern("(?m)^\\| 24 \\| [0-9.]+ \\| [0-9.]+ \\| - \\| - \\|$")
        .containsPattern("(?m)^\\| 25 \\| [0-9.]+ \\| [0-9.]+ \\| 1,196 \\| 1 \\|$");
  }
}
