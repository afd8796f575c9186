package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import llmload.config.ConfigException;
import llmload.model.Target;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetFolderTest {
  @TempDir Path root;

  @BeforeEach
  void makeFolder() throws IOException {
    Files.createDirectories(root.resolve("user-files/targets"));
  }

  private Path write(String path, String head, String... targets) throws IOException {
    StringBuilder text = new StringBuilder("version: 1\n" + head + "targets:\n");
    for (String target : targets) {
      text.append("  - {").append(target).append("}\n");
    }
    return Files.writeString(root.resolve(path), text);
  }

  private static String ttft(int millis) {
    return "metric: ttft, statistic: p99, op: \"<\", value: " + millis + ", unit: ms";
  }

  private List<String> idsOf(String... names) {
    return TargetFolder.of(root).combined(List.of(names)).stream().map(Target::id).toList();
  }

  private void assertProblems(List<String> names, String... problems) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> TargetFolder.of(root).combined(names))
        .satisfies(e -> assertThat(e.problems()).containsExactly(problems));
  }

  @Test
  void names_areTheYamlFiles_sorted() throws IOException {
    write("user-files/targets/b.yaml", "", ttft(1));
    write("user-files/targets/a.3.yaml", "", ttft(1));
    Files.writeString(root.resolve("user-files/targets/notes.txt"), "");

    assertThat(TargetFolder.of(root).names()).containsExactly("a.3", "b");
    assertThat(TargetFolder.of(root.resolve("none")).names()).isEmpty();
  }

  @Test
  void read_nameWithAPoint_isAFileOfTheFolder() throws IOException {
    Path file = write("user-files/targets/llama3.1-8b.yaml", "description: d\n", ttft(1));

    TargetPreset preset = TargetFolder.of(root).read("llama3.1-8b");

    assertThat(preset.name()).isEqualTo("llama3.1-8b");
    assertThat(preset.file()).isEqualTo(file);
    assertThat(preset.description()).isEqualTo("d");
  }

  @Test
  void read_path_isRelativeToTheProject() throws IOException {
    write("mine.yaml", "name: ours\n", ttft(1));
    write("user-files/other.yml", "", ttft(1));

    assertThat(TargetFolder.of(root).read("mine.yaml").name()).isEqualTo("ours");
    assertThat(TargetFolder.of(root).read("user-files/other.yml").name()).isEqualTo("other");
    assertThat(TargetFolder.of(root).read(root.resolve("mine.yaml").toString()).name())
        .isEqualTo("ours");
  }

  @Test
  void preset_countsRequiredAndGraded() throws IOException {
    write(
        "mine.yaml",
        "",
        ttft(1) + ", id: a, required: true",
        ttft(2) + ", id: b",
        ttft(3) + ", id: c, kind: expect");

    TargetPreset preset = TargetFolder.of(root).read("mine.yaml");

    assertThat(preset.requiredCount()).isEqualTo(1);
    assertThat(preset.gradedCount()).isEqualTo(2);
  }

  @Test
  void combined_sharedIds_areToldApartByTheFileAndNoneIsLost() throws IOException {
    write("user-files/targets/a.yaml", "", ttft(100), "id: own, " + ttft(1));
    write("user-files/targets/b.yaml", "name: bee\n", ttft(200));

    List<Target> targets = TargetFolder.of(root).combined(List.of("a", "b"));

    assertThat(targets)
        .extracting(Target::id)
        .containsExactly("a.all.ttft.p99", "own", "bee.all.ttft.p99");
    assertThat(targets).extracting(Target::value).containsExactly(100.0, 1.0, 200.0);
  }

  @Test
  void combined_oneFile_keepsItsIds() throws IOException {
    write("user-files/targets/a.yaml", "", ttft(100));

    assertThat(idsOf("a")).containsExactly("all.ttft.p99");
    assertThat(idsOf()).isEmpty();
  }

  @Test
  void combined_sameFileTwice_isAProblem() throws IOException {
    write("user-files/targets/a.yaml", "", ttft(100));

    assertProblems(
        List.of("a", "user-files/targets/a.yaml"),
        "target files: Expecting a different name for each. Found: a twice."
            + " Name it once, or change the name that one of the files states.");
  }

  @Test
  void combined_problemsOfAllFiles_areToldAtOnce() throws IOException {
    write("user-files/targets/year1.yaml", "", ttft(100));
    Path broken = write("broken.yaml", "name: two words\ndescription: 7\n", ttft(100));

    assertProblems(
        List.of("yaer1", "broken.yaml"),
        "user-files/targets: Expecting the name of a file there, or a path. Found: yaer1."
            + " Did you mean year1?",
        broken + ": name: Expecting letters, digits, _ . and -. Found: two words.",
        broken + ": description: Expecting a text. Found: 7.");
  }

  @Test
  void read_nameLikeNoOther_listsTheNames() throws IOException {
    write("user-files/targets/a.yaml", "", ttft(100));
    write("user-files/targets/b.yaml", "", ttft(100));

    assertProblems(
        List.of("somethingElse"),
        "user-files/targets: Expecting the name of a file there, or a path."
            + " Found: somethingElse. There are a, b.");
  }
}
