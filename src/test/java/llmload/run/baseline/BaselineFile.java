package llmload.run.baseline;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import llmload.config.ConfigException;
import llmload.model.RunSnapshot;

/**
 * A baseline on disk. Read are llmload's own baselines and its {@code report.json}, and the result
 * files of PyAgent, mini-biai-1 and sagellm-benchmark; written is llmload's own form.
 */
public final class BaselineFile {
  /** Its name in the folder of a run that was held against it. */
  public static final String IN_RUN = "baseline.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private BaselineFile() {}

  /**
   * Reads the baseline in {@code file}, in whichever form it is.
   *
   * @throws ConfigException if it is missing, no JSON, or none of the forms
   */
  public static RunSnapshot read(Path file) {
    JsonNode root = tree(file);
    String name = BaselineFolder.nameOf(file);
    if (root.isObject()) {
      if (root.has(BaselineTree.VERSION_KEY)) {
        return BaselineTree.read(root, file, name);
      }
      if (root.has("schemaVersion") && root.has("verdict")) {
        return ReportTree.read(root, file, name);
      }
      RunSnapshot suite = SuiteTree.read(root, name);
      if (suite != null) {
        return suite;
      }
    }
    throw new ConfigException(
        file
            + ": Expecting a baseline: one that baseline save wrote, a report.json, or a result file"
            + " of PyAgent (results[]), mini-biai-1 (token_throughput, retrieval_performance) or"
            + " sagellm-benchmark (summary, rows[], metrics). Found: "
            + found(root)
            + ".");
  }

  private static String found(JsonNode root) {
    if (!root.isObject()) {
      return "no JSON object";
    }
    List<String> keys = new ArrayList<>();
    root.fieldNames().forEachRemaining(keys::add);
    return "the keys " + String.join(", ", keys.subList(0, Math.min(keys.size(), 8)));
  }

  /**
   * Writes {@code baseline} to {@code file} in one step, the folder included: a reader sees the old
   * file or the new one.
   *
   * @throws UncheckedIOException with the path
   */
  public static void write(Path file, RunSnapshot baseline) {
    Path folder = file.toAbsolutePath().getParent();
    try {
      if (folder == null) {
        throw new IOException("it is no file");
      }
      Files.createDirectories(folder);
      // Unlike a temporary file's, its rights are those of any file here: a baseline is shared.
      Path fresh = folder.resolve("." + file.getFileName() + ".part");
      try {
        Files.writeString(fresh, JSON.writeValueAsString(BaselineTree.of(baseline)) + "\n");
        replace(fresh, file);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + ": Expecting to write the baseline. Found: " + e + ".", e);
    }
  }

  private static void replace(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static JsonNode tree(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null || at.getLineNr() < 1 ? "" : ":" + at.getLineNr();
      String message = e.getOriginalMessage().lines().findFirst().orElse("none");
      throw new ConfigException(file + where + ": Expecting JSON. Found: " + message + ".");
    } catch (IOException e) {
      String found = e instanceof NoSuchFileException ? "no such file" : e.toString();
      throw new ConfigException(file + ": Expecting a baseline. Found: " + found + ".");
    }
  }
}
