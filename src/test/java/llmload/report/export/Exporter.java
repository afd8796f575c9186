package llmload.report.export;

import java.io.IOException;
import java.nio.file.Path;
import llmload.model.RunReport;

/**
 * Another tool's files, with that tool's own names, formulas and units.
 *
 * <p>What that tool shows and this run did not measure is {@code null} in its files, never 0.
 * Exporters have no state and are safe on any thread.
 */
public interface Exporter {
  /** The word that the setting {@code exports} takes. */
  String id();

  /**
   * Writes its files into {@code folder}, which exists.
   *
   * @throws IOException if one cannot be written
   */
  void write(RunReport report, JournalRecords records, Path folder) throws IOException;
}
