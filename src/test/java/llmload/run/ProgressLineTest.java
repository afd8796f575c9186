package llmload.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import llmload.journal.LiveCounts;
import llmload.journal.RunJournal;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
  @Test
  void line_hasCountsRateAndTtft() {
    Histogram ttft = new Histogram(2);
    for (int i = 0; i < 98; i++) {
      ttft.recordValue(41_000);
    }
    ttft.recordValue(180_000);
    ttft.recordValue(180_000);
    String line =
        ProgressLine.line(12, new LiveCounts(1271, 1204, 3, 0, 8, 64, 0, 0), 8412.4, ttft);
    assertThat(line.replaceAll(" {2,}", "  ").strip())
        .isEqualTo("12 s  1,204 ok  3 failed  64 active  8,412 tok/s  TTFT p50 41 ms  p99 180 ms");
  }

  @Test
  void line_beforeTheFirstMeasuredRequest_saysWarmUpAndNoTtft() {
    String line = ProgressLine.line(1, new LiveCounts(0, 0, 0, 0, 4, 4, 0, 0), 0, new Histogram(2));
    assertThat(line).contains("TTFT p50 -").contains("p99 -").endsWith("(warm-up)");
  }

  @ParameterizedTest
  @CsvSource({"true, '\rhot\u001b[K'", "false, hot"})
  void say_onATerminal_writesOverTheLineThatGoesOnChanging(
      boolean terminal, String expected, @TempDir Path folder) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RunJournal journal = RunJournal.open(folder, 0, 8);
        ProgressLine progress =
            new ProgressLine(journal, new PrintStream(out, true, UTF_8), terminal)) {
      progress.say("hot");

      assertThat(out.toString(UTF_8)).isEqualTo(expected + System.lineSeparator());
    }
  }
}
