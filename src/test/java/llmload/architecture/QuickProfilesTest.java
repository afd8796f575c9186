package llmload.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import llmload.config.YamlDocument;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/workloads.md} says what the files of the profile {@code quick} say. */
class QuickProfilesTest {
  private static final Path FOLDER = Path.of("user-files/profiles");
  private static final Path SIMULATIONS = Path.of("src/test/java/llmload/simulations");
  private static final Pattern ROW =
      Pattern.compile("\\| `(quick[\\w-]*\\.yaml)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern SETTING = Pattern.compile("`([\\w.]+)=([^`]+)`");
  private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*");

  private static final Map<String, MatchResult> ROWS = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    for (String line : Files.readAllLines(Path.of("docs/workloads.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(ROWS.put(row.group(1), row.toMatchResult())).as(line).isNull();
      }
    }
  }

  @Test
  void everyQuickFile_hasItsRow_withItsSettings() throws IOException {
    Map<String, Map<String, String>> told = new TreeMap<>();
    ROWS.forEach(
        (file, row) ->
            told.put(
                file,
                SETTING
                    .matcher(row.group(3))
                    .results()
                    .collect(Collectors.toMap(s -> s.group(1), s -> s.group(2)))));
    Map<String, Map<String, String>> set = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      files
          .filter(file -> file.getFileName().toString().matches("quick(-\\w+)?\\.yaml"))
          .forEach(
              file -> {
                Map<String, String> settings = new TreeMap<>();
                flatten("", YamlDocument.read(file), settings);
                set.put(file.getFileName().toString(), settings);
              });
    }
    assertThat(set).hasSizeGreaterThan(1);
    assertThat(told).isEqualTo(set);
  }

  @Test
  void everyNumberOfWhatARowComesTo_isInItsFile() throws IOException {
    for (MatchResult row : ROWS.values()) {
      List<String> inFile = numbers(Files.readString(FOLDER.resolve(row.group(1))));
      assertThat(inFile).as(row.group(1)).containsAll(numbers(row.group(4)));
    }
  }

  @Test
  void everySimulationOfARow_exists() {
    ROWS.values().stream()
        .flatMap(row -> Pattern.compile("\\w+Simulation").matcher(row.group(2)).results())
        .forEach(name -> assertThat(SIMULATIONS.resolve(name.group() + ".java")).isRegularFile());
  }

  private static List<String> numbers(String text) {
    return NUMBER
        .matcher(text)
        .results()
        .map(number -> number.group().replace(",", ""))
        .distinct()
        .toList();
  }

  private static void flatten(String prefix, Map<?, ?> map, Map<String, String> into) {
    map.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            flatten(prefix + key + ".", inner, into);
          } else if (value instanceof List<?> list) {
            into.put(
                prefix + key, list.stream().map(String::valueOf).collect(Collectors.joining(", ")));
          } else {
            into.put(prefix + key, String.valueOf(value));
          }
        });
  }
}
