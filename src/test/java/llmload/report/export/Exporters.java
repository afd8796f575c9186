package llmload.report.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import llmload.model.RunReport;
import llmload.report.export.sagellm.SagellmExporter;

/** All exporters, and the writing of those that a run asked for. */
public final class Exporters {
  /** The folder of exports within a run's folder. */
  public static final String FOLDER = "exports";

  private static final Map<String, Exporter> BY_ID =
      byId(
          new AgentMemoryExporter(),
          new SagellmExporter(),
          new LlmServerPerformanceExporter(),
          new LlmServerConversationsExporter(),
          new LlmServerComparisonExporter(),
          new TokenSpeedExporter(),
          new MinibiaiStressExporter(),
          new MinibiaiSuiteExporter());

  private Exporters() {}

  private static Map<String, Exporter> byId(Exporter... exporters) {
    return Arrays.stream(exporters).collect(Collectors.toMap(Exporter::id, Function.identity()));
  }

  /** The words that the setting {@code exports} takes, in alphabetical order. */
  public static List<String> ids() {
    return BY_ID.keySet().stream().sorted().toList();
  }

  /**
   * Writes the exports that the run's setting {@code exports} names; one that fails does not keep
   * the others from being written.
   *
   * @param runFolder the run's folder, which gets a folder {@value #FOLDER}
   * @throws IOException if one could not be written; further failures are suppressed in it
   */
  public static void writeAll(RunReport report, JournalRecords records, Path runFolder)
      throws IOException {
    IOException failure = null;
    for (String id : named(report)) {
      Exporter exporter = BY_ID.get(id);
      if (exporter == null) {
        continue;
      }
      try {
        Path folder = Files.createDirectories(runFolder.resolve(FOLDER));
        exporter.write(report, records, folder);
      } catch (IOException e) {
        IOException told = new IOException("The export " + id + " could not be written: " + e, e);
        if (failure == null) {
          failure = told;
        } else {
          failure.addSuppressed(told);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static List<String> named(RunReport report) {
    String words = report.manifest().settings().getOrDefault("exports", "");
    return Arrays.stream(words.split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }
}
