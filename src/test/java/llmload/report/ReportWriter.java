package llmload.report;

import java.io.IOException;
import java.io.Writer;
import llmload.model.RunReport;

/** One format of a run's report. Writers have no state and are safe on any thread. */
public interface ReportWriter {

  /** The word that names the format: {@code html}, {@code json}, {@code markdown} ... */
  String format();

  /** The file's name in the run folder, for example {@code report.html}. */
  String fileName();

  /**
   * Writes {@code report} to {@code out}, which stays open. Text that came from a server or a user
   * is made harmless for the format.
   *
   * @throws IOException if {@code out} fails
   */
  void write(RunReport report, Writer out) throws IOException;
}
