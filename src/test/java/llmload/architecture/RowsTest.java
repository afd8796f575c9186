package llmload.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/rows} says of each promise and trap of the five suites what keeps it, and proves it.
 */
class RowsTest {
  private static final Path ROWS = Path.of("docs/rows");
  private static final Path JAVA = Path.of("src/test/java");

  /** What begins each suite's promises, and the traps, and how many there are: numbered from 01. */
  private static final Map<String, Integer> COUNTS =
      Map.of("S0-", 20, "S1-", 21, "S2-", 28, "S3-", 20, "S4-", 26, "T", 24);

  private static final Pattern ROW =
      Pattern.compile("\\| ((?:S\\d-|T)\\d\\d) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern BEGUN = Pattern.compile("\\| *(S\\d-|T\\d)");
  private static final Pattern PROOF = Pattern.compile("([A-Z]\\w*(?:Test|IT))\\b(?:\\.(\\w+))?");
  private static final Pattern DOCUMENT = Pattern.compile("(docs/)?([\\w-]+/)*[\\w-]+\\.(md|yml)");

  /** A word of two capitals or more that is no file, URL or setting: the name of a class. */
  private static final Pattern CLASS =
      Pattern.compile("(?<![\\w./<-])[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+\\b(?![./]\\w+/)");

  private static final Pattern PATH = Pattern.compile("(?:user-files|docs)/[\\w./-]*\\w");
  private static final Pattern ANNOTATION =
      Pattern.compile("@(Test|ParameterizedTest|Property)\\b");

  private static final Map<String, List<String>> ROWS_BY_ID = new TreeMap<>();
  private static final Map<String, Path> CLASSES = new LinkedHashMap<>();

  @BeforeAll
  static void read() throws IOException {
    try (Stream<Path> files = Files.list(ROWS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          Matcher row = ROW.matcher(line);
          if (row.matches()) {
            ROWS_BY_ID
                .computeIfAbsent(row.group(1), id -> new ArrayList<>())
                .add(row.group(2) + " " + row.group(3));
          } else {
            assertThat(BEGUN.matcher(line).lookingAt()).as(file + ": " + line).isFalse();
          }
        }
      }
    }
    try (Stream<Path> files = Files.walk(JAVA)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> CLASSES.put(file.getFileName().toString().replace(".java", ""), file));
    }
  }

  @Test
  void everyRow_standsThereOnce() {
    List<String> expected =
        COUNTS.entrySet().stream()
            .flatMap(
                count ->
                    IntStream.rangeClosed(1, count.getValue())
                        .mapToObj(i -> "%s%02d".formatted(count.getKey(), i)))
            .toList();
    // The suites' 115 promises, and the traps.
    assertThat(expected).hasSize(115 + 24);
    assertThat(ROWS_BY_ID.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(ROWS_BY_ID).allSatisfy((id, rows) -> assertThat(rows).as(id).hasSize(1));
  }

  @Test
  void everyProof_isATestThatExists_orADocument() {
    ROWS_BY_ID.forEach(
        (id, rows) -> {
          String row = rows.get(0);
          List<MatchResult> tests = PROOF.matcher(row).results().toList();
          if (tests.isEmpty()) {
            assertThat(row).as(id).contains("docs");
            assertThat(DOCUMENT.matcher(row).results().map(MatchResult::group).toList())
                .as(id)
                .isNotEmpty()
                .allMatch(file -> Files.exists(document(file)));
          }
          tests.forEach(test -> assertExists(id, test.group(1), test.group(2)));
        });
  }

  @Test
  void everyClassAndFile_thatARowNames_exists() {
    List<String> classes = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    ROWS_BY_ID.forEach(
        (id, rows) -> {
          String row = rows.get(0);
          CLASS
              .matcher(row)
              .results()
              .map(MatchResult::group)
              .forEach(
                  name -> {
                    classes.add(name);
                    assertThat(CLASSES).as(id).containsKey(name);
                  });
          PATH.matcher(row)
              .results()
              .map(MatchResult::group)
              .forEach(
                  path -> {
                    paths.add(path);
                    assertThat(Path.of(path)).as(id).exists();
                  });
        });
    // So that neither pattern has ceased to find anything.
    assertThat(classes).contains("SuiteSimulation", "StressSimulation", "ServerCounters");
    assertThat(paths).contains("docs/ci/suite.cron", "docs/ci");
  }

  private static Path document(String name) {
    return name.startsWith("docs/") ? Path.of(name) : Path.of("docs", name);
  }

  private static void assertExists(String id, String test, String method) {
    assertThat(CLASSES).as(id).containsKey(test);
    try {
      String source = Files.readString(CLASSES.get(test));
      assertThat(source).as(id).containsPattern(ANNOTATION);
      if (method != null) {
        assertThat(source).as(id).contains("void " + method + "(");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
