package llmload.report.files;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import llmload.model.RunReport;
import llmload.report.ReportWriter;
import llmload.report.html.HtmlReportWriter;
import llmload.report.json.JsonReportWriter;
import llmload.report.junit.JunitReportWriter;
import llmload.report.markdown.MarkdownReportWriter;

/** The report files of a run folder: each is replaced whole or left as it was. */
public final class ReportFiles {
  private static final List<ReportWriter> WRITERS =
      List.of(
          new JsonReportWriter(),
          new HtmlReportWriter(),
          new MarkdownReportWriter(),
          new JunitReportWriter());

  private ReportFiles() {}

  /**
   * Writes {@code report.json}, {@code report.html}, {@code report.md} and {@code junit.xml}. One
   * that fails does not keep the others from being written.
   *
   * @throws IOException if one could not be written; further failures are suppressed in it
   */
  public static void writeAll(RunReport report, Path folder) throws IOException {
    Files.createDirectories(folder);
    IOException failure = null;
    for (ReportWriter writer : WRITERS) {
      try {
        write(writer, report, folder);
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Writes one format under its own name: beside it first, then moved into place.
   *
   * @throws IOException with the file's path, if it could not be written
   */
  public static void write(ReportWriter writer, RunReport report, Path folder) throws IOException {
    Path file = folder.resolve(writer.fileName());
    Path part = folder.resolve("." + writer.fileName() + ".part");
    try {
      // Unlike Files.newBufferedWriter, this replaces half a surrogate pair instead of failing.
      try (Writer out =
          new BufferedWriter(
              new OutputStreamWriter(Files.newOutputStream(part), StandardCharsets.UTF_8))) {
        writer.write(report, out);
      }
      move(part, file);
    } catch (IOException e) {
      throw new IOException(file + ": Expecting to write the report. Found: " + e + ".", e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void move(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
