package llmload.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import llmload.model.Operator;
import llmload.model.RunManifest;
import llmload.model.Statistic;

/**
 * The manifest of a run on disk: {@code run.json}, pretty printed. Absent values are left out;
 * unknown fields are skipped when reading.
 */
public final class ManifestFile {
  /** Its name in the run's folder. */
  public static final String NAME = "run.json";

  private static final int VERSION = 1;
  private static final List<String> REQUIRED =
      List.of(
          "runId",
          "simulation",
          "startedAt",
          "target",
          "plan",
          "targets",
          "failOn",
          "validityLimits",
          "settings",
          "environment",
          "warnings");
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new WordWriter<>(Instant.class, Instant::toString))
                  .addDeserializer(Instant.class, new WordParser<>(Instant.class, Instant::parse))
                  .addSerializer(
                      Statistic.class, new WordWriter<>(Statistic.class, Statistic::name))
                  .addDeserializer(
                      Statistic.class, new WordParser<>(Statistic.class, Statistic::new))
                  .addSerializer(Operator.class, new WordWriter<>(Operator.class, Operator::symbol))
                  .addDeserializer(
                      Operator.class, new WordParser<>(Operator.class, ManifestFile::operator)))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ManifestFile() {}

  /**
   * Writes {@code manifest} into {@code runFolder} in one step: a reader sees the old file or the
   * new one, and a crash leaves no half.
   *
   * @throws UncheckedIOException with the path
   */
  public static void write(Path runFolder, RunManifest manifest) {
    Path file = runFolder.resolve(NAME);
    try {
      // A temporary file is its owner's alone where the file system knows owners; the move keeps
      // that.
      Path fresh = Files.createTempFile(runFolder, NAME, ".tmp");
      try {
        ObjectNode json = JSON.createObjectNode();
        json.put("v", VERSION);
        json.setAll((ObjectNode) JSON.valueToTree(manifest));
        Files.writeString(fresh, JSON.writeValueAsString(json) + "\n");
        replace(fresh, file);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": Expecting to write it. Found: " + e + ".", e);
    }
  }

  /**
   * Reads the manifest of {@code runFolder}.
   *
   * @throws UncheckedIOException with the path, if it is missing or unreadable
   * @throws IllegalArgumentException with path, line and reason, if it is no manifest
   */
  public static RunManifest read(Path runFolder) {
    Path file = runFolder.resolve(NAME);
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      JsonNode version = json.path("v");
      if (!json.isObject() || (!version.isMissingNode() && version.asInt() != VERSION)) {
        throw new IllegalArgumentException(
            "%s: Expecting a run's manifest of version %d. Found: %s."
                .formatted(
                    file, VERSION, json.isObject() ? "version " + version.asText() : "no object"));
      }
      for (String name : REQUIRED) {
        if (!json.hasNonNull(name)) {
          throw new IllegalArgumentException(
              file + ": Expecting a run's manifest. Found: no " + name + ".");
        }
      }
      return JSON.treeToValue(json, RunManifest.class);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null || at.getLineNr() < 1 ? "" : ":" + at.getLineNr();
      throw new IllegalArgumentException(
          file
              + where
              + ": Expecting a run's manifest. Found: "
              + firstLine(e.getOriginalMessage())
              + ".",
          e);
    } catch (IOException e) {
      String found = e instanceof NoSuchFileException ? "no such file" : e.toString();
      throw new UncheckedIOException(
          file + ": Expecting a run's manifest. Found: " + found + ".", e);
    }
  }

  private static void replace(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("no JSON");
  }

  private static Operator operator(String symbol) {
    return Operator.of(symbol)
        .orElseThrow(() -> new IllegalArgumentException("no comparison: " + symbol));
  }

  /** Writes a value as one word. */
  private static final class WordWriter<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<T, String> word;

    WordWriter(Class<T> type, Function<T, String> word) {
      super(type);
      this.word = word;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(word.apply(value));
    }
  }

  /** Reads a value from one word. */
  private static final class WordParser<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, T> value;

    WordParser(Class<T> type, Function<String, T> value) {
      super(type);
      this.value = value;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      String word = json.getText();
      try {
        return value.apply(word);
      } catch (IllegalArgumentException | DateTimeException e) {
        return value(context, word, e);
      }
    }

    @SuppressWarnings("unchecked")
    private T value(DeserializationContext context, String word, RuntimeException e)
        throws IOException {
      return (T) context.handleWeirdStringValue(handledType(), word, "%s", e.getMessage());
    }
  }
}
