package llmload.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import llmload.model.GatlingCount;
import llmload.model.LoadPlan;
import llmload.model.Operator;
import llmload.model.RunManifest;
import llmload.model.Statistic;
import llmload.model.Target;
import llmload.model.TargetServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {
  private static final RunManifest FULL =
      new RunManifest(
          "load-20260101000000000",
          "llmload.simulations.LoadSimulation",
          Instant.parse("2026-01-01T00:00:00.123456789Z"),
          Instant.parse("2026-01-01T00:01:00Z"),
          60_000_000_000L,
          new TargetServer("http://gpu:8000", "openai-chat", "m", null, "0.9.1"),
          new LoadPlan("chat", "open", null, 12.5, "poisson", 100L, 60.0, true, 42L),
          List.of(
              new Target(
                  "t1",
                  "all",
                  "ttft",
                  new Statistic("p99.9"),
                  Operator.AT_MOST,
                  2000,
                  null,
                  "ms",
                  true,
                  true,
                  null),
              new Target(
                  "t2",
                  "chat",
                  "itl",
                  Statistic.VALUE,
                  Operator.BETWEEN,
                  1,
                  5.5,
                  "ms",
                  false,
                  false,
                  "us")),
          List.of("invalid", "required"),
          Map.of("validity.sendLagP99", 10.0),
          Map.of("users", "4", "baseUrl", "http://gpu:8000"),
          Map.of("java", "17"),
          Map.of("chat", new GatlingCount(99, 1)),
          List.of("The model is not listed."));

  private static final RunManifest MINIMAL =
      new RunManifest(
          "r",
          "s",
          Instant.EPOCH,
          null,
          null,
          new TargetServer("http://gpu:8000", "openai-chat", null, null, null),
          new LoadPlan("chat", "closed", 1, null, null, null, null, false, null),
          List.of(),
          List.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          null,
          List.of());

  @TempDir Path folder;

  @Test
  void manifest_isWrittenAndRead_isTheSame() {
    ManifestFile.write(folder, FULL);
    assertThat(ManifestFile.read(folder)).isEqualTo(FULL);

    ManifestFile.write(folder, MINIMAL);
    assertThat(ManifestFile.read(folder)).isEqualTo(MINIMAL);
  }

  @Test
  void minimalManifest_isWritten_leavesOutWhatIsAbsent() {
    ManifestFile.write(folder, MINIMAL);

    assertThat(folder.resolve("run.json"))
        .hasContent(
            """
            {
              "v" : 1,
              "runId" : "r",
              "simulation" : "s",
              "startedAt" : "1970-01-01T00:00:00Z",
              "target" : {
                "baseUrl" : "http://gpu:8000",
                "dialect" : "openai-chat"
              },
              "plan" : {
                "kind" : "chat",
                "model" : "closed",
                "userCount" : 1,
                "stream" : false
              },
              "targets" : [ ],
              "failOn" : [ ],
              "validityLimits" : { },
              "settings" : { },
              "environment" : { },
              "warnings" : [ ]
            }
            """);
  }

  @Test
  void targets_areWritten_inTheWordsOfATargetFile() throws IOException {
    ManifestFile.write(folder, FULL);

    assertThat(Files.readString(folder.resolve("run.json")))
        .contains("\"statistic\" : \"p99.9\"", "\"op\" : \"<=\"", "\"op\" : \"between\"");
  }

  @Test
  void write_leavesOneFile_ofItsOwnerAlone() throws IOException {
    ManifestFile.write(folder, FULL);
    ManifestFile.write(folder, MINIMAL);

    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("run.json"));
    }
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("run.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void write_intoNoFolder_isAnErrorWithThePath() {
    assertThatThrownBy(() -> ManifestFile.write(folder.resolve("none"), FULL))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(folder.resolve("none/run.json") + ": Expecting to write it.");
  }

  @Test
  void missingFile_isAnErrorWithThePath() {
    assertThatThrownBy(() -> ManifestFile.read(folder))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            folder.resolve("run.json") + ": Expecting a run's manifest. Found: no such file.");
  }

  @Test
  void unknownFields_areSkipped() throws IOException {
    ManifestFile.write(folder, FULL);
    Path file = folder.resolve("run.json");
    Files.writeString(
        file, Files.readString(file).replace("\"v\" : 1,", "\"v\" : 1, \"newer\" : {\"a\":1},"));

    assertThat(ManifestFile.read(folder)).isEqualTo(FULL);
  }

  @Test
  void unusableFiles_areNamedWithTheirReason() throws IOException {
    ManifestFile.write(folder, FULL);
    Path file = folder.resolve("run.json");
    String good = Files.readString(file);

    assertProblem(good.replace("\"v\" : 1", "\"v\" : 2"), "version 1. Found: version 2.");
    assertProblem("[]", "version 1. Found: no object.");
    assertProblem("", "version 1. Found: no object.");
    assertProblem(good.replace("\"runId\"", "\"id\""), "Found: no runId.");
    assertProblem(good.replace("p99.9", "p100.9"), "Expecting a percentile such as p50");
    assertProblem(good.replace("\"<=\"", "\"=<\""), "no comparison: =<");
    assertProblem(good.replace("2026-01-01T00:01:00Z", "noon"), "'noon'");
  }

  @Test
  void brokenJson_isNamedWithItsLine() throws IOException {
    Files.writeString(folder.resolve("run.json"), "{\n  \"v\" : 1,\n  oops\n}");

    assertThatThrownBy(() -> ManifestFile.read(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            folder.resolve("run.json") + ":3: Expecting a run's manifest. Found: ");
  }

  private void assertProblem(String text, String expected) throws IOException {
    Files.writeString(folder.resolve("run.json"), text);
    assertThatThrownBy(() -> ManifestFile.read(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(folder.resolve("run.json") + ": ")
        .hasMessageContaining(expected);
  }
}
