package llmload.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.config.YamlDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the CI recipes of docs/ci to what they promise, and plays the step that decides. */
class CiRecipesTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Map<String, @Nullable Object> GITHUB =
      YamlDocument.read(ROOT.resolve("docs/ci/github-actions.yml"));
  private static final Map<String, @Nullable Object> GITLAB =
      YamlDocument.read(ROOT.resolve("docs/ci/gitlab-ci.yml"));

  /** The value at the end of {@code keys}; null if a key is not there. */
  private static @Nullable Object at(Object from, String... keys) {
    Object here = from;
    for (String key : keys) {
      Object next = here instanceof Map<?, ?> map ? map.get(key) : null;
      if (next == null) {
        return null;
      }
      here = next;
    }
    return here;
  }

  private static List<Object> list(@Nullable Object value) {
    assertThat(value).isInstanceOf(List.class);
    return value instanceof List<?> list ? List.copyOf(list) : List.of();
  }

  private static List<Object> githubSteps() {
    return list(at(GITHUB, "jobs", "smoke", "steps"));
  }

  private static Object githubStep(String text) {
    List<Object> found =
        githubSteps().stream().filter(step -> step.toString().contains(text)).toList();
    assertThat(found).as("steps with %s", text).hasSize(1);
    return found.get(0);
  }

  private static String gitlabLines(String key) {
    return String.join(
        "\n", list(at(GITLAB, "llmload", key)).stream().map(String::valueOf).toList());
  }

  @Test
  void github_runsTheLoadAndGoesOnToTheVerdict() {
    assertThat(GITHUB).containsKeys("name", "on", "permissions", "jobs");
    assertThat(at(GITHUB, "on")).isInstanceOf(Map.class);
    Object load = githubStep("mvn -B gatling:test");

    assertThat(at(load, "id")).isEqualTo("load");
    assertThat(at(load, "continue-on-error")).isEqualTo(true);
    assertThat(githubSteps().indexOf(load)).isLessThan(githubSteps().size() - 1);
  }

  @Test
  void github_publishesAlways() {
    List<Object> published =
        List.of(
            githubStep("report.md"), githubStep("results/latest/junit.xml"),
            githubStep("actions/upload-artifact"), githubStep("\"exitCode\""));

    assertThat(published).allSatisfy(s -> assertThat(at(s, "if")).isEqualTo("always()"));
    assertThat(String.valueOf(at(published.get(0), "run"))).contains("$GITHUB_STEP_SUMMARY");
    assertThat(at(published.get(2), "with", "path")).isEqualTo("results/latest/");
    assertThat(at(published.get(3), "env", "MAVEN")).isEqualTo("${{ steps.load.outcome }}");
    assertThat(githubSteps().get(githubSteps().size() - 1)).isEqualTo(published.get(3));
  }

  @Test
  void suiteSchedules_areThoseOfTheSuite_inBothFiles() throws IOException {
    Map<String, @Nullable Object> schedule =
        YamlDocument.read(ROOT.resolve("docs/ci/suite-schedule.yml"));
    List<String> crons =
        list(at(schedule, "on", "schedule")).stream()
            .map(entry -> String.valueOf(at(entry, "cron")))
            .toList();
    assertThat(crons).containsExactly("0 */6 * * *", "0 2 * * *", "0 3 * * 0");
    List<String> lines = Files.readAllLines(ROOT.resolve("docs/ci/suite.cron"));
    for (String cron : crons) {
      assertThat(lines).filteredOn(line -> line.startsWith(cron + " cd ")).hasSize(1);
    }
    // A crontab cuts a command at an unescaped percent sign.
    assertThat(lines)
        .filteredOn(line -> line.contains("mvn"))
        .hasSize(4)
        .allSatisfy(line -> assertThat(line.replace("\\%", "")).doesNotContain("%"))
        .allSatisfy(line -> assertThat(line).contains("$(date +"));
    String steps = String.valueOf(at(schedule, "jobs", "suite", "steps"));
    assertThat(steps)
        .contains("suite.type=production", "suite.type=full", "stress.maxConcurrency=100")
        .contains("ci_$(date +%Y%m%d_%H%M).json", "daily_$(date +%Y%m%d).json", "weekly_");
  }

  @Test
  void gitlab_runsTheLoadAndPublishesAlways() {
    assertThat(list(GITLAB.get("stages"))).containsExactly("load");
    assertThat(at(GITLAB, "llmload", "stage")).isEqualTo("load");
    assertThat(gitlabLines("script"))
        .contains("\nmaven=0; mvn -B gatling:test $baseline || maven=$?\n");
    assertThat(at(GITLAB, "llmload", "artifacts", "when")).isEqualTo("always");
    assertThat(list(at(GITLAB, "llmload", "artifacts", "paths"))).contains("results/");
    assertThat(at(GITLAB, "llmload", "artifacts", "reports", "junit")).isEqualTo("junit.xml");
    assertThat(gitlabLines("after_script"))
        .startsWith("cp results/latest/junit.xml results/latest/report.md .\n")
        .contains("/merge_requests/$CI_MERGE_REQUEST_IID/notes");
  }

  @ParameterizedTest
  @CsvSource({"true, mvn -B gatling:test -Dllm.baseline=main", "false, mvn -B gatling:test"})
  void loadSteps_holdTheRunAgainstABaselineThatIsKept(
      boolean kept, String expected, @TempDir Path folder) throws Exception {
    assumeThat(Path.of("/bin/bash")).as("a machine without bash").exists();
    if (kept) {
      Path baselines = Files.createDirectories(folder.resolve("user-files/baselines"));
      Files.writeString(baselines.resolve("main.json"), "{}");
    }
    String mvn = "mvn() { echo \"mvn $*\" >> called; }\n";
    String end = "\necho 'exit code: 0'";
    List<Object> script = list(at(GITLAB, "llmload", "script"));
    String github = String.valueOf(at(githubStep("mvn -B gatling:test"), "run"));

    assertThat(bash(folder, mvn, "set -e\n" + github + end)).isZero();
    assertThat(bash(folder, mvn, "set -eo pipefail\n" + script.get(0) + "\n" + script.get(1) + end))
        .isZero();
    assertThat(Files.readAllLines(folder.resolve("called"))).containsExactly(expected, expected);
  }

  /** {@code report} is verdict.exitCode, or - where the run ended before it had a report. */
  @ParameterizedTest
  @CsvSource({
    "0, true, 0",
    "2, false, 2",
    "3, false, 3",
    "4, false, 4",
    "143, false, 143",
    "0, false, 1",
    "-, false, 1",
    "-, true, 1"
  })
  void verdictSteps_endWithTheVerdictsCode(
      String report, boolean mavenPassed, int expected, @TempDir Path folder) throws Exception {
    assumeThat(Path.of("/bin/bash")).as("a machine without bash").exists();
    if (!report.equals("-")) {
      writeReport(folder, report);
    }
    String github = String.valueOf(at(githubStep("\"exitCode\""), "run"));
    String gitlab = String.valueOf(list(at(GITLAB, "llmload", "script")).get(2));

    // GitHub runs a step with -e, GitLab a script with -e and pipefail.
    assertThat(bash(folder, "MAVEN=" + (mavenPassed ? "success" : "failure"), "set -e\n" + github))
        .isEqualTo(expected);
    assertThat(bash(folder, "maven=" + (mavenPassed ? 0 : 1), "set -eo pipefail\n" + gitlab))
        .isEqualTo(expected);
  }

  /** The head of a report as its writer lays it out, with a second field of that name below. */
  private static void writeReport(Path folder, String exitCode) throws IOException {
    Path latest = Files.createDirectories(folder.resolve("results/latest"));
    String text =
        """
        {
          "schemaVersion" : "1.0.0",
          "verdict" : {
            "validity" : "VALID",
            "exitCode" : %s,
            "failures" : [ ]
          },
          "environment" : { "exitCode" : 99 }
        }
        """;
    Files.writeString(latest.resolve("report.json"), text.formatted(exitCode));
  }

  private static int bash(Path folder, String variable, String script)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("/bin/bash", "-c", variable + "\n" + script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(said).as(variable).contains("exit code: " + code);
    return code;
  }

  @Test
  void readme_namesBothRecipes() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/ci/README.md"));

    assertThat(Stream.of("github-actions.yml", "gitlab-ci.yml"))
        .allSatisfy(name -> assertThat(page).contains("](" + name + ")"));
  }
}
