package llmload.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import llmload.config.ConfigException;
import llmload.model.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code show PATH}: grade and targets met of a finished run in one line, from {@code report.json}
 * or from the files of mini-biai-1's suite.
 */
@Command(
    name = "show",
    description = "Prints grade and targets met of a finished run in one line.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "DIR|FILE",
      description =
          "A run's folder, a report.json, a comprehensive_benchmark_*.json or a *_summary.json.")
  private @Nullable Path path;

  @Override
  public Integer call() throws IOException {
    if (path == null || spec == null) {
      throw new IllegalStateException("picocli fills these in");
    }
    var out = spec.commandLine().getOut();
    out.println(line(path));
    out.flush();
    return ExitCode.PASS;
  }

  /**
   * The line, {@code Good: 4 of 5 targets met}.
   *
   * @throws ConfigException if the file holds no such verdict
   */
  static String line(Path place) throws IOException {
    Path file = Files.isDirectory(place) ? place.resolve("report.json") : place;
    JsonNode root = read(file);
    JsonNode ours = root.path("verdict");
    if (ours.path("targetsTotal").isInt()) {
      return line(ours.path("grade"), ours.path("targetsMet"), ours.path("targetsTotal"));
    }
    for (String name : new String[] {"overall_assessment", "assessment"}) {
      JsonNode theirs = root.path(name);
      if (theirs.path("total_targets").isInt()) {
        return line(
            theirs.path("performance_grade"),
            theirs.path("targets_met"),
            theirs.path("total_targets"));
      }
    }
    throw new ConfigException(
        file + ": Expecting verdict or overall_assessment with its targets. Found: neither.");
  }

  private static JsonNode read(Path file) throws IOException {
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      return root == null ? JSON.createObjectNode() : root;
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": Expecting a JSON file. Found: no such file.");
    } catch (JsonProcessingException e) {
      throw new ConfigException(file + ": Expecting JSON. Found: " + e.getOriginalMessage() + ".");
    }
  }

  /** The suite's own code has lower case and needs_improvement, its document Poor. */
  private static String line(JsonNode grade, JsonNode met, JsonNode total) {
    String word = grade.asText("").toLowerCase(Locale.ROOT).replace('_', ' ');
    String shown =
        switch (word) {
          case "", "null", "not graded" -> "Not graded";
          case "needs improvement" -> "Poor";
          default -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        };
    return "%s: %d of %d targets met".formatted(shown, met.asInt(), total.asInt());
  }
}
