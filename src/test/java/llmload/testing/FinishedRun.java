package llmload.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A load test that has ended, and what it left. Files are read as JSON, without the kit's readers.
 *
 * @param exitCode the exit code of its JVM
 * @param console what it printed, standard output and error in one
 * @param results the folder of its run's folder
 */
public record FinishedRun(int exitCode, String console, Path results) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The run's own folder: what {@code latest} points to. */
  public Path folder() {
    try {
      return results.resolve("latest").toRealPath();
    } catch (IOException e) {
      throw new AssertionError("no run's folder:\n" + console, e);
    }
  }

  /** The file {@code report.json}. */
  public JsonNode report() {
    return json("report.json");
  }

  /** The file {@code run.json}. */
  public JsonNode manifest() {
    return json("run.json");
  }

  /** The lines of {@code requests.jsonl} that are JSON; a torn last line is not. */
  public List<JsonNode> journal() {
    return lines("requests.jsonl");
  }

  /** The requests of the journal in {@code phase}. */
  public List<JsonNode> requests(String phase) {
    return journal().stream().filter(line -> line.path("phase").asText().equals(phase)).toList();
  }

  /** The lines of {@code telemetry.jsonl}. */
  public List<JsonNode> samples() {
    return lines("telemetry.jsonl");
  }

  /** What the report says of {@code metric} over all requests. */
  public JsonNode metric(String metric) {
    return report().path("metrics").path("all").path(metric);
  }

  /** The text of the verdict's field {@code name}. */
  public String verdict(String name) {
    return report().path("verdict").path(name).asText();
  }

  /** The count {@code name}. */
  public long count(String name) {
    JsonNode count = report().path("counts").path(name);
    if (!count.isIntegralNumber()) {
      throw new AssertionError("counts." + name + " is " + count);
    }
    return count.asLong();
  }

  /** The most of these requests of the journal that were open at one moment. */
  public static int mostOpen(List<JsonNode> requests) {
    TreeMap<Long, Integer> changes = new TreeMap<>();
    for (JsonNode line : requests) {
      long sent = line.path("sentNanos").asLong();
      changes.merge(sent, 1, Integer::sum);
      changes.merge(sent + line.path("endNanos").asLong(), -1, Integer::sum);
    }
    int open = 0;
    int most = 0;
    for (int change : changes.values()) {
      open += change;
      most = Math.max(most, open);
    }
    return most;
  }

  private JsonNode json(String name) {
    try {
      return JSON.readTree(Files.readString(folder().resolve(name)));
    } catch (IOException e) {
      throw new AssertionError("no " + name + ":\n" + console, e);
    }
  }

  private List<JsonNode> lines(String name) {
    List<JsonNode> all = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(folder().resolve(name))) {
        try {
          all.add(JSON.readTree(line));
        } catch (IOException e) {
          // A torn line.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
