package llmload.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import llmload.model.RunReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every report format; each format's test extends it. */
public abstract class ReportWriterContract {
  /** Text of a server or a user that has broken some report writer. */
  private static final List<String> HOSTILE =
      List.of(
          "</script><img src=x onerror=alert(1)>",
          "]]><!-- --><![CDATA[",
          "a|b`c\r\nd\te <details> @all #1 https://example.com/x",
          "=cmd()|'/c calc'!A0",
          "\u001B[31mred\u001B[0m\u001B]0;title\u0007\u009B2J",
          "nul\u0000 bell\u0007 del\u007F nel\u0085 ls\u2028 nonchar\uFFFE\uFFFF",
          "\u202Egnp.exe\u202C \u2066x\u2069",
          "half \uD83D of a pair, a whole \uD83D\uDE00",
          "{{ 7 * 7 }} {% raw %} ${7*7} %s %n",
          "\" onload=\"x\" ' & &amp; \\",
          "../../etc/passwd",
          "",
          "x".repeat(1_000_000));

  /** The writer under test. */
  protected abstract ReportWriter writer();

  /** Fails unless {@code text} is a whole document of the format in which nothing broke out. */
  protected abstract void assertWellFormed(String text) throws IOException;

  /** The text of a report. */
  protected final String written(RunReport report) throws IOException {
    StringWriter out = new StringWriter();
    writer().write(report, out);
    return out.toString();
  }

  static List<String> hostile() {
    return HOSTILE;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileText_staysText(String text) throws IOException {
    assertWellFormed(written(SampleRunReports.hostile(text)));
  }

  @Test
  void ordinaryRun_isWellFormed() throws IOException {
    assertWellFormed(written(SampleRunReports.ordinary()));
  }

  @Test
  void emptyRun_isWellFormed_andHasNoNumberThatIsNone() throws IOException {
    String text = written(SampleRunReports.empty());

    assertWellFormed(text);
    assertThat(text).contains("NO_DATA").doesNotContain("NaN", "Infinity", ">null<");
  }

  @Test
  void partialRun_saysSo() throws IOException {
    String text = written(SampleRunReports.partial());

    assertWellFormed(text);
    assertThat(text).contains("PARTIAL").contains("The journal has no footer");
  }

  @Test
  void hugeRun_isWellFormed() throws IOException {
    assertWellFormed(written(SampleRunReports.huge()));
  }

  @Test
  void sameRun_isWrittenTheSame_inEveryLocale() throws IOException {
    Locale before = Locale.getDefault();
    String text = written(SampleRunReports.ordinary());
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(written(SampleRunReports.ordinary())).isEqualTo(text);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void writer_leavesItsOutputOpen() throws IOException {
    StringWriter out =
        new StringWriter() {
          @Override
          public void close() throws IOException {
            throw new IOException("closed");
          }
        };

    writer().write(SampleRunReports.empty(), out);

    assertThat(out.toString()).isNotEmpty();
  }

  @Test
  void names_areWordsThatAFileCanCarry() {
    assertThat(writer().format()).matches("[a-z]+");
    assertThat(writer().fileName()).matches("[a-z]+\\.[a-z]+");
  }
}
