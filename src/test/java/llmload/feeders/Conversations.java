package llmload.feeders;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.config.ConfigException;

/**
 * A file of conversations, one JSON object a line:
 *
 * <pre>{@code
 * {"id": "trip", "system": "You plan journeys.", "turns": ["Where to?", "For how long?"]}
 * }</pre>
 *
 * Only {@code turns}, what the user says, is needed. The answers are the server's own.
 */
public final class Conversations {
  private static final Set<String> SHIPPED = Set.of("short", "medium", "long");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<Script> scripts;

  private record Script(String id, String system, List<String> turns) {}

  private Conversations(List<Script> scripts) {
    this.scripts = scripts;
  }

  /**
   * The file meant by a setting: {@code short} (3 turns), {@code medium} (5) and {@code long} (8)
   * ship in {@code feeders/conversations}; anything else is a path, from the project's folder.
   */
  public static Path resolve(Path projectFolder, String nameOrPath) {
    return SHIPPED.contains(nameOrPath)
        ? projectFolder.resolve("feeders/conversations/" + nameOrPath + ".jsonl")
        : projectFolder.resolve(nameOrPath);
  }

  /**
   * Reads the whole file.
   *
   * @throws ConfigException if it is missing or empty, or lines break a rule: all of them, each
   *     with path and line
   */
  public static Conversations jsonl(Path file) {
    List<Script> scripts = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try (LineReader lines = LineReader.open(file)) {
      for (var line = lines.next(); line != null; line = lines.next()) {
        try {
          scripts.add(parse(file, line));
        } catch (ConfigException e) {
          problems.addAll(e.problems());
        }
      }
    }
    if (scripts.isEmpty() && problems.isEmpty()) {
      problems.add(file + ": Expecting at least one conversation. Found: none.");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Conversations(List.copyOf(scripts));
  }

  private static Script parse(Path file, LineReader.Line line) {
    String at = file + ":" + line.number();
    JsonNode node;
    try {
      node = MAPPER.readTree(line.text());
    } catch (JacksonException e) {
      String reason = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("no JSON");
      throw new ConfigException(at + ": Expecting a JSON object. Found: " + reason + ".");
    }
    List<String> turns = new ArrayList<>();
    for (JsonNode turn : node.path("turns")) {
      if (!turn.isTextual() || turn.textValue().isBlank()) {
        throw new ConfigException(
            at + ": turns: Expecting texts that are not blank. Found: " + turn + ".");
      }
      turns.add(turn.textValue());
    }
    if (turns.isEmpty() || !node.path("turns").isArray()) {
      throw new ConfigException(
          at + ": turns: Expecting a list of at least one text. Found: none.");
    }
    JsonNode system = node.path("system");
    if (!system.isMissingNode() && !system.isTextual()) {
      throw new ConfigException(at + ": system: Expecting a text. Found: " + system + ".");
    }
    String unnamed = file.getFileName() + ":" + line.number();
    return new Script(node.path("id").asText(unnamed), system.asText(""), List.copyOf(turns));
  }

  /** The most turns that a conversation of the file has. */
  public int longestTurnCount() {
    return scripts.stream().mapToInt(script -> script.turns().size()).max().orElse(0);
  }

  /**
   * The conversations in the file's order, over and over. A record has {@code conversation} (its id
   * and how often one was begun, so that no two are named alike), {@code system} and {@code turns}.
   * Thread safe.
   */
  public Iterator<Map<String, Object>> circular() {
    AtomicInteger begun = new AtomicInteger();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Map<String, Object> next() {
        int number = begun.getAndIncrement();
        Script script = scripts.get(Math.floorMod(number, scripts.size()));
        return Map.of(
            "conversation",
            script.id() + "#" + (number + 1),
            "system",
            script.system(),
            "turns",
            script.turns());
      }
    };
  }
}
