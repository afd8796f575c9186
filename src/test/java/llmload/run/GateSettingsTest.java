package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.model.Target;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateSettingsTest {
  @TempDir Path root;

  @BeforeEach
  void writeTargets() throws IOException {
    Path folder = Files.createDirectories(root.resolve("user-files/targets"));
    String target =
        "version: 1\ntargets:\n  - {metric: error_rate, op: \"<\", unit: ratio, value: ";
    Files.writeString(folder.resolve("smoke.yaml"), target + "0.01}\n");
    Files.writeString(folder.resolve("strict.yaml"), target + "0.001}\n");
  }

  private static SettingsReader targets(String value) {
    return SettingsReader.of(Map.of("llm.targets", value), Map.of(), Map.of(), "quick");
  }

  private GateSettings read(String value) {
    return GateSettings.read(targets(value), root, "smoke");
  }

  @Test
  void targets_ofTwoFilesWithOneId_areAllKept() {
    assertThat(read("smoke, strict").targets())
        .extracting(Target::id, Target::value)
        .containsExactly(
            tuple("smoke.all.error_rate.value", 0.01), tuple("strict.all.error_rate.value", 0.001));
  }

  @Test
  void targets_oneFileOrNone_areAsWritten() {
    assertThat(read("strict").targets())
        .extracting(Target::id)
        .containsExactly("all.error_rate.value");
    assertThat(read("none").targets()).isEmpty();
    assertThat(
            GateSettings.read(
                    SettingsReader.of(Map.of(), Map.of(), Map.of(), "quick"), root, "smoke")
                .targets())
        .extracting(Target::value)
        .containsExactly(0.01);
  }

  @Test
  void targets_unknownName_isAProblemOfTheSettings() {
    SettingsReader settings = targets("smoke,strickt");

    GateSettings.read(settings, root, "smoke");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(settings::requireNoProblems)
        .withMessage(
            "user-files/targets: Expecting the name of a file there, or a path. Found: strickt."
                + " Did you mean strict?");
  }
}
