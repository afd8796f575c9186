package llmload.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import llmload.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShowCommandTest {
  @TempDir private Path folder;

  private Path file(String name, String json) throws IOException {
    return Files.writeString(folder.resolve(name), json);
  }

  @Test
  void runsFolder_isShownByItsReport() throws IOException {
    Path unused =
        file(
            "report.json",
            "{\"verdict\": {\"grade\": \"GOOD\", \"targetsMet\": 4, \"targetsTotal\": 5}}");
    assertThat(ShowCommand.line(folder)).isEqualTo("Good: 4 of 5 targets met");
  }

  @ParameterizedTest
  @CsvSource({
    "overall_assessment, Excellent, Excellent",
    "assessment, good, Good",
    "overall_assessment, needs_improvement, Poor",
    "overall_assessment, ACCEPTABLE, Acceptable"
  })
  void suitesFiles_areShownByTheirAssessment(String key, String grade, String shown)
      throws IOException {
    String json =
        "{\"%s\": {\"performance_grade\": \"%s\", \"targets_met\": 2, \"total_targets\": 3}}";
    assertThat(ShowCommand.line(file("x.json", json.formatted(key, grade))))
        .isEqualTo(shown + ": 2 of 3 targets met");
  }

  @Test
  void ungradedRun_saysSo() throws IOException {
    String json =
        "{\"overall_assessment\": {\"performance_grade\": null, \"targets_met\": 0,"
            + " \"total_targets\": 0}}";
    assertThat(ShowCommand.line(file("x.json", json))).isEqualTo("Not graded: 0 of 0 targets met");
  }

  @Test
  void otherFiles_areRefused() throws IOException {
    Path other = file("x.json", "{\"results\": []}");
    assertThatThrownBy(() -> ShowCommand.line(other))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Found: neither.");
    assertThatThrownBy(() -> ShowCommand.line(folder.resolve("gone.json")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no such file");
  }
}
