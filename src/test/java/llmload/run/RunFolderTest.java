package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import llmload.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.007Z");

  @TempDir private Path folder;

  @Test
  void folder_isNamedBySimulationAndTime_andLatestPointsToIt() throws IOException {
    Path results = folder.resolve("deep/results");
    Path run = RunFolder.create(results, "LoadSimulation", NOON, Optional.empty());

    assertThat(run).isEqualTo(results.resolve("loadsimulation-20260301120000007")).isDirectory();
    assertThat(Files.readSymbolicLink(results.resolve("latest")))
        .isEqualTo(Path.of("loadsimulation-20260301120000007"));
    Path next = RunFolder.create(results, "LoadSimulation", NOON, Optional.of("night-1"));
    assertThat(results.resolve("latest").toRealPath()).isEqualTo(next.toRealPath());
    try (var files = Files.list(results)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void folder_thatIsThere_isRefusedAndLeftAlone() throws IOException {
    Path run = RunFolder.create(folder, "x", NOON, Optional.of("mine"));
    Files.writeString(run.resolve("kept"), "1");
    assertThatThrownBy(() -> RunFolder.create(folder, "x", NOON, Optional.of("mine")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("exists already")
        .hasMessageContaining("llm.runId");
    assertThat(run.resolve("kept")).exists();
  }

  @Test
  void results_thatAreAFile_areRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "1");
    assertThatThrownBy(() -> RunFolder.create(file, "x", NOON, Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("llm.results: Expecting");
    assertThatThrownBy(() -> RunFolder.create(file.resolve("below"), "x", NOON, Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("llm.results: Expecting");
  }

  @Test
  void latest_thatIsAFolder_isLeftAlone() throws IOException {
    Files.createDirectories(folder.resolve("latest/precious"));
    Path run = RunFolder.create(folder, "x", NOON, Optional.empty());
    assertThat(run).isDirectory();
    assertThat(folder.resolve("latest/precious")).isDirectory();
  }

  @Test
  void gatlingFolder_isTheNewestOfThisSimulationSinceTheStart() throws IOException {
    for (String name :
        new String[] {
          "loadsimulation-20260301115959999",
          "loadsimulation-20260301120003000",
          "loadsimulation-20260301120001000",
          "othersimulation-20260301120009000",
          "loadsimulation-notes"
        }) {
      Files.createDirectories(folder.resolve(name));
    }
    assertThat(GatlingFolder.newest(folder, "LoadSimulation", NOON))
        .contains(folder.resolve("loadsimulation-20260301120003000"));
    assertThat(GatlingFolder.newest(folder, "LoadSimulation", NOON.plusSeconds(60))).isEmpty();
    assertThat(GatlingFolder.newest(folder.resolve("none"), "LoadSimulation", NOON)).isEmpty();
  }
}
