package llmload.telemetry.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import llmload.testing.Fixtures;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The vendors' tools: their lines, and programs of the test that print them. */
@DisabledOnOs(OS.WINDOWS)
class GpuToolsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private static List<Reading> parse(NvidiaSmiParser parser, String name) {
    List<Reading> readings = new ArrayList<>();
    Fixtures.text("telemetry/" + name)
        .lines()
        .forEach(
            line -> {
              Reading reading = parser.parse(line);
              if (reading != null) {
                readings.add(reading);
              }
            });
    return readings;
  }

  private static double required(Reading reading, TelemetryId id) {
    return Objects.requireNonNull(reading.value(id), id.id());
  }

  private String program(String script) throws IOException {
    Path file = folder.resolve("tool");
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }

  @Test
  void rowsOfAnRtx4090_areReadWithTheirUnits() {
    List<Reading> rows = parse(new NvidiaSmiParser(), "nvidia-smi-rtx4090.csv");

    assertThat(rows).hasSize(12);
    assertThat(rows.get(0).labels())
        .containsEntry("uuid", "GPU-2f1b9c4e-77aa-4b0e-8d2c-4090aa00bb11")
        .containsEntry("name", "NVIDIA GeForce RTX 4090");
    assertThat(required(rows.get(2), TelemetryId.POWER_WATTS)).isEqualTo(402.77);
    assertThat(required(rows.get(2), TelemetryId.GPU_BUSY_RATIO)).isCloseTo(0.99, within(1e-12));
    assertThat(required(rows.get(2), TelemetryId.MEMORY_CLOCK_MHZ)).isEqualTo(10_501);
    // N/A without brackets.
    assertThat(rows.get(0).value(TelemetryId.MEMORY_CELSIUS)).isNull();
    // Peak 22272 MiB, mean 20480.17 MiB; 3 rows at the power cap, 1 too hot.
    double mib = 1L << 20;
    DoubleSummaryStatistics usedBytes =
        rows.stream()
            .mapToDouble(r -> required(r, TelemetryId.MEMORY_USED_BYTES))
            .summaryStatistics();
    assertThat(usedBytes.getMax() / mib).isEqualTo(22_272);
    assertThat(usedBytes.getAverage() / mib).isCloseTo(20_480.17, within(0.005));
    assertThat(rows.stream().mapToDouble(r -> required(r, TelemetryId.THROTTLED_POWER_RATIO)).sum())
        .isEqualTo(3);
    assertThat(
            rows.stream().mapToDouble(r -> required(r, TelemetryId.THROTTLED_THERMAL_RATIO)).sum())
        .isEqualTo(1);
  }

  @Test
  void oldHeaderNames_andEveryWayToSayNothing_areUnderstood() {
    List<Reading> rows = parse(new NvidiaSmiParser(), "nvidia-smi-a100.csv");

    assertThat(rows).hasSize(12);
    assertThat(rows.get(6).labels()).containsEntry("gpu", "0");
    assertThat(required(rows.get(6), TelemetryId.THROTTLED_POWER_RATIO)).isEqualTo(1);
    // [Not Supported] and [Unknown Error].
    assertThat(rows.get(5).value(TelemetryId.GPU_BUSY_RATIO)).isNull();
    assertThat(rows.get(9).value(TelemetryId.POWER_WATTS)).isNull();
    assertThat(rows.stream().filter(r -> r.value(TelemetryId.POWER_WATTS) == null)).hasSize(1);
  }

  @Test
  void rowsWithoutHeaderAndUnits_areReadByTheColumnsAskedFor() {
    List<String> columns =
        List.of(
            Fixtures.text("telemetry/nvidia-smi-a100.csv")
                .lines()
                .findFirst()
                .orElseThrow()
                .split(", ", -1));
    List<Reading> bare =
        parse(new NvidiaSmiParser(columns), "nvidia-smi-a100-nounits-noheader.csv");
    List<Reading> full = parse(new NvidiaSmiParser(), "nvidia-smi-a100.csv");

    assertThat(bare).hasSize(4);
    for (int i = 0; i < bare.size(); i++) {
      assertThat(bare.get(i).values()).isEqualTo(full.get(i).values());
    }
  }

  @Test
  void nvidiaSmi_isAskedForWhatItKnows_andRowsHaveTheirOwnStamp()
      throws IOException, SourceException, InterruptedException {
    String program =
        program(
            """
            if [ "$1" = --help-query-gpu ]; then
              printf '"timestamp"\\n"index"\\n"uuid"\\n"power.draw"\\n'
            else
              echo "$@" > "%s/asked"
              echo 'index, uuid, power.draw [W]'
              echo '0, GPU-a, 100.50 W'
              echo '1, GPU-b, [N/A]'
              echo 'Failed to initialize NVML: driver gone'
            fi
            """
                .formatted(folder));
    AtomicLong clock = new AtomicLong(77);
    List<Reading> readings = new ArrayList<>();
    try (TelemetrySource source = GpuTools.nvidiaSmi(program, Duration.ofMillis(250), clock::get)) {
      while (readings.size() < 2) {
        readings.addAll(source.read(PATIENCE));
      }
      SourceException end =
          Assertions.catchThrowableOfType(
              SourceException.class, () -> source.read(Duration.ofSeconds(5)));
      // Nothing comes any more; the tool itself may be gone or going.
      assertThat(end.reason()).isIn(MissReason.UNREACHABLE, MissReason.TIMEOUT);
      assertThat(end).hasMessageContaining("driver gone");
    }

    assertThat(Files.readString(folder.resolve("asked")).strip())
        .isEqualTo("--query-gpu=timestamp,index,uuid,power.draw --format=csv -lms 250");
    assertThat(required(readings.get(0), TelemetryId.POWER_WATTS)).isEqualTo(100.5);
    assertThat(readings.get(1).value(TelemetryId.POWER_WATTS)).isNull();
    assertThat(readings).allSatisfy(r -> assertThat(r.takenNanos(0)).isEqualTo(77));
  }

  @Test
  void amdSmi_isRunForEachLook() throws IOException, SourceException, InterruptedException {
    Path answer = folder.resolve("answer.json");
    Files.writeString(answer, Fixtures.text("telemetry/amd-smi-bare-list.json"));
    TelemetrySource source = GpuTools.amdSmi(program("cat " + answer + "\n"));

    assertThat(required(source.read(PATIENCE).get(0), TelemetryId.POWER_WATTS)).isEqualTo(133);
    Files.writeString(
        answer, "[{\"gpu\":0,\"power\":{\"socket_power\":{\"value\":9,\"unit\":\"W\"}}}]");
    assertThat(required(source.read(PATIENCE).get(0), TelemetryId.POWER_WATTS)).isEqualTo(9);
  }

  @Test
  void xpuSmi_rowsAreReadInTheOrderAskedFor()
      throws IOException, SourceException, InterruptedException {
    String program =
        program(
            """
            echo 'Timestamp, DeviceId, GPU Utilization (%), GPU Power (W), GPU Frequency (MHz), a, b, c, d'
            echo '06:14:46.000,    0, 75.00, 118.25, 1600, 61, N/A, 5000.5, 2048.00'
            """);
    try (TelemetrySource source = GpuTools.xpuSmi(program, Duration.ofSeconds(1), () -> 0L)) {
      Reading row = source.read(PATIENCE).get(0);

      assertThat(row.labels()).containsEntry("vendor", "intel").containsEntry("gpu", "0");
      assertThat(required(row, TelemetryId.GPU_BUSY_RATIO)).isEqualTo(0.75);
      assertThat(required(row, TelemetryId.POWER_WATTS)).isEqualTo(118.25);
      assertThat(required(row, TelemetryId.ENERGY_JOULES)).isEqualTo(5000.5);
      assertThat(required(row, TelemetryId.MEMORY_USED_BYTES)).isEqualTo(2048.0 * (1L << 20));
      assertThat(row.value(TelemetryId.MEMORY_CELSIUS)).isNull();
    }
  }

  @Test
  void toolThatIsNotThere_isLeftAlone() {
    for (TelemetrySource source :
        List.of(
            GpuTools.nvidiaSmi("no-such-tool", PATIENCE, () -> 0L),
            GpuTools.amdSmi("no-such-tool"),
            GpuTools.xpuSmi("no-such-tool", PATIENCE, () -> 0L))) {
      SourceException fault =
          Assertions.catchThrowableOfType(SourceException.class, () -> source.read(PATIENCE));
      assertThat(fault.reason()).isEqualTo(MissReason.NOT_AVAILABLE);
      assertThat(fault.isLasting()).isTrue();
    }
  }
}
