package llmload.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML file as plain maps, lists and scalars; keys keep the file's order. */
public final class YamlDocument {
  private static final YAMLMapper MAPPER =
      new YAMLMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private YamlDocument() {}

  /**
   * Reads {@code file}, which must hold one mapping; an empty file is an empty one. Words are those
   * of YAML 1.1: {@code yes}, {@code no}, {@code on} and {@code off} are booleans too.
   *
   * @throws ConfigException if it is missing, unreadable, malformed, or no mapping; the message
   *     begins with the path and, where there is one, the line
   */
  public static Map<String, @Nullable Object> read(Path file) {
    try {
      String text = Files.readString(file);
      try (JsonParser parser = MAPPER.createParser(text)) {
        if (parser.nextToken() == null) {
          return Map.of();
        }
        Map<String, @Nullable Object> map =
            MAPPER.readValue(
                parser, new TypeReference<LinkedHashMap<String, @Nullable Object>>() {});
        if (parser.nextToken() != null) {
          throw new ConfigException(
              "%s:%d: Expecting one YAML document. Found: a second one."
                  .formatted(file, parser.currentTokenLocation().getLineNr()));
        }
        return map == null ? Map.of() : map;
      }
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": Expecting a YAML file. Found: no such file.");
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? file.toString() : file + ":" + at.getLineNr();
      throw new ConfigException(
          where + ": Expecting a YAML mapping. Found: " + firstLine(e.getOriginalMessage()) + ".");
    } catch (IOException e) {
      throw new ConfigException(file + ": Expecting a readable file. Found: " + e + ".");
    }
  }

  private static String firstLine(@Nullable String message) {
    if (message == null) {
      return "no mapping";
    }
    int end = message.indexOf('\n');
    return (end < 0 ? message : message.substring(0, end)).trim();
  }
}
