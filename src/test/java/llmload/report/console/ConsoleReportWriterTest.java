package llmload.report.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import llmload.report.ReportWriter;
import llmload.report.ReportWriterContract;
import llmload.report.SampleComparisons;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;

class ConsoleReportWriterTest extends ReportWriterContract {

  @Override
  protected ReportWriter writer() {
    return new ConsoleReportWriter();
  }

  @Override
  protected void assertWellFormed(String text) {
    assertThat(text.chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7F));
    assertThat(text.lines().count()).isLessThanOrEqualTo(30);
    assertThat(text.lines()).allMatch(line -> line.length() <= 600);
  }

  @Test
  void ordinaryRun_isThisText() throws IOException {
    assertThat(written(SampleRunReports.ordinary()))
        .isEqualTo(
            """
            FAIL (exit code 2): 2 of 4 targets met (POOR), 1 without a clear answer. The numbers are usable, with doubts.
              failed     required target ttft p99 <= 400 ms (chat): measured 421.2 ms
              validity   The injector sent its requests late: send lag p99 12.5 ms, the limit is 10 ms (50 ms is invalid). Lower the load, or use more injectors.
              warning    The model llama-3.1-8b is not in the server's list; the name was sent as given.
              target     MISSED ttft p99 <= 400 ms (chat): measured 421.2 ms
              target     MISSED e2e p95 < 2,000 ms (all): measured 2,000.3 ms
              target     INCONCLUSIVE ttft p99.9 < 900 ms (structured): p99.9 needs 1000 samples, the run has 300
                                      n           mean            p50            p95            p99
              ttft                1,180       105.6 ms          96 ms       201.8 ms       292.7 ms
              itl               148,680       12.67 ms       11.52 ms       24.22 ms       35.12 ms
              tpot                1,180       13.20 ms          12 ms       25.23 ms       36.58 ms
              e2e                 1,180       1,775 ms       1,614 ms       3,393 ms       4,920 ms
              throughput 2,478 tok/s, 19.67 req/s
              requests   1,200 started in 1 min 00 s: 1,180 ok, 17 failed, 3 incomplete; 10 dropped, 5 warm-up
              errors     HTTP_429 12, IDLE_TIMEOUT 5, INCOMPLETE 3; first: Rate limit reached for tokens per minute
              injector   send lag p99 12.50 ms, event loop at most 18 ms late, GC pause at most 22 ms, 0.8300 cores
              telemetry  energy 73,810 J, or 0.8147 J/tok, queue at most 7 req, prefix hits 50 %
              slow       4 of 60 s: 12 s to 14 s ttft server queue (waiting 9, usually 0.5); 31 s ttft throttled GPU; 40.50 s ttft unattributed; and 1 more
            """);
  }

  @Test
  void emptyRun_saysWhatWasNotMeasured() throws IOException {
    assertThat(written(SampleRunReports.empty()))
        .startsWith("FAIL (exit code 4): Nothing was measured.\n")
        .contains("  ttft       not measured: no request was OK\n")
        .contains("  injector   send lag p99 not measured");
  }

  @Test
  void run_inWhichNothingWasSlow_hasNoLineOfIt() throws IOException {
    assertThat(written(SampleRunReports.huge())).doesNotContain("  slow ");
  }

  @Test
  void partialRun_doesNotClaimToKnowWhatWasDropped() throws IOException {
    assertThat(written(SampleRunReports.partial())).contains("unknown dropped, 5 warm-up");
  }

  @Test
  void writer_ofNoFolder_namesNone() throws IOException {
    assertThat(written(SampleRunReports.passing())).doesNotContain("report.html", "results/");
  }

  @Test
  void writer_ofAFolder_pointsThere() throws IOException {
    StringWriter out = new StringWriter();
    new ConsoleReportWriter(Path.of("results", "merged")).write(SampleRunReports.passing(), out);

    assertThat(out.toString())
        .startsWith("PASS (exit code 0): 2 of 2 targets met (EXCELLENT).")
        .endsWith("  report     " + Path.of("results", "merged", "report.html") + "\n");
  }

  @Test
  void comparison_isToldInAFewLines() throws IOException {
    String text = written(SampleComparisons.regressed());
    assertWellFormed(text);

    assertThat(text)
        .contains("  baseline   REGRESSION against main (run load-20260101030405000, ")
        .contains("  compared   REGRESSION ttft p50: 80 ms -> 96 ms, +20.0 %")
        .contains("  differs    users: 32 in the baseline, 64 now")
        .doesNotContain("e2e p50");
    assertThat(ConsoleComparison.whole(SampleComparisons.regression())).contains("e2e p50");
  }
}
