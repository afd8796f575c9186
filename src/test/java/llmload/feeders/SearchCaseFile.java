package llmload.feeders;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import llmload.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A file of searches whose exact answers are known, one JSON object a line:
 *
 * <pre>{@code
 * {"vector": [0.12, -0.7], "ids": ["41", "7"]}
 * }</pre>
 *
 * {@code ids} are those of the nearest neighbours, nearest first, as texts or whole numbers.
 */
public final class SearchCaseFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_PROBLEM_COUNT = 20;

  private SearchCaseFile() {}

  /**
   * Reads the whole file.
   *
   * @param neighbourCount the neighbours that each line must name, at the least
   * @throws ConfigException if it is missing or empty, or lines break a rule: the first 20 of them,
   *     each with path and line
   */
  public static List<SearchCase> read(Path file, int neighbourCount) {
    List<String> problems = new ArrayList<>();
    List<SearchCase> cases = new ArrayList<>();
    try (LineReader lines = LineReader.open(file)) {
      LineReader.@Nullable Line line = lines.next();
      while (line != null && problems.size() < MAX_PROBLEM_COUNT) {
        try {
          SearchCase one = parse(line.text(), neighbourCount);
          int dimensions = cases.isEmpty() ? one.vector().length : cases.get(0).vector().length;
          if (one.vector().length != dimensions) {
            throw rule(
                "vector", dimensions + " numbers, as before", one.vector().length + " numbers");
          }
          cases.add(one);
        } catch (IllegalArgumentException e) {
          problems.add(lines.at() + ": " + e.getMessage());
        }
        line = lines.next();
      }
    }
    if (problems.isEmpty() && cases.isEmpty()) {
      problems.add(file + ": Expecting at least one search. Found: none.");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return List.copyOf(cases);
  }

  private static SearchCase parse(String text, int neighbourCount) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("Expecting a JSON object. Found: other text.", e);
    }
    JsonNode ids = node.path("ids");
    if (!ids.isArray() || ids.size() < neighbourCount) {
      throw rule(
          "ids",
          "at least " + neighbourCount + " ids, as many as each search asks for",
          ids.isArray() ? ids.size() + " ids" : "no array");
    }
    List<String> exact = new ArrayList<>();
    for (JsonNode id : ids) {
      if (!id.isTextual() && !id.isIntegralNumber()) {
        throw rule("ids", "texts or whole numbers", id.toString());
      }
      exact.add(id.asText());
    }
    return new SearchCase(vector(node.path("vector")), exact.subList(0, neighbourCount));
  }

  private static float[] vector(JsonNode numbers) {
    if (!numbers.isArray() || numbers.isEmpty()) {
      throw rule("vector", "an array of numbers", numbers.isArray() ? "an empty one" : "none");
    }
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      if (!numbers.get(i).isNumber()) {
        throw rule("vector", "an array of numbers", numbers.get(i).toString());
      }
      vector[i] = numbers.get(i).floatValue();
    }
    return vector;
  }

  private static IllegalArgumentException rule(String field, String rule, String found) {
    return new IllegalArgumentException(field + ": Expecting " + rule + ". Found: " + found + ".");
  }
}
