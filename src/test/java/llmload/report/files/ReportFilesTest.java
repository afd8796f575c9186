package llmload.report.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import llmload.model.RunReport;
import llmload.report.ReportWriter;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  @TempDir Path folder;

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void writeAll_leavesTheFourFiles_andNothingElse() throws IOException {
    ReportFiles.writeAll(SampleRunReports.ordinary(), folder);
    ReportFiles.writeAll(SampleRunReports.passing(), folder);

    assertThat(names())
        .containsExactlyInAnyOrder("report.html", "report.json", "report.md", "junit.xml");
    assertThat(folder.resolve("report.json")).content().contains("\"exitCode\" : 0");
  }

  @Test
  void writeAll_ofHalfACharacter_writesAllTheSame() throws IOException {
    ReportFiles.writeAll(SampleRunReports.hostile("half \uD83D"), folder);

    assertThat(names()).hasSize(4);
  }

  @Test
  void file_whoseWriterFails_keepsItsOldText() throws IOException {
    Files.writeString(folder.resolve("report.txt"), "old");
    ReportWriter failing =
        new ReportWriter() {
          @Override
          public String format() {
            return "failing";
          }

          @Override
          public String fileName() {
            return "report.txt";
          }

          @Override
          public void write(RunReport report, Writer out) throws IOException {
            out.write("half");
            throw new IOException("disk full");
          }
        };

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ReportFiles.write(failing, SampleRunReports.empty(), folder))
        .withMessageContaining("report.txt: Expecting to write the report.")
        .withMessageContaining("disk full");
    assertThat(folder.resolve("report.txt")).hasContent("old");
    assertThat(names()).containsExactly("report.txt");
  }

  @Test
  void writeAll_whereOneFileCannotBe_writesTheOthers() throws IOException {
    Files.createDirectories(folder.resolve("report.html").resolve("taken"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ReportFiles.writeAll(SampleRunReports.ordinary(), folder))
        .withMessageContaining("report.html");
    assertThat(names()).contains("report.json", "report.md", "junit.xml");
  }
}
