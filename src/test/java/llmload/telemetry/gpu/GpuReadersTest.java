package llmload.telemetry.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.exposition.ExpositionParser;
import llmload.testing.Fixtures;
import org.junit.jupiter.api.Test;

/** Pages and JSON of GPU exporters; the expected numbers were worked out beside them. */
class GpuReadersTest {
  private static final double MIB = 1L << 20;

  private static List<Reading> dcgm(String name) {
    return new DcgmReader().read(ExpositionParser.parse(Fixtures.text("telemetry/" + name)));
  }

  private static double required(Reading reading, TelemetryId id) {
    return Objects.requireNonNull(reading.value(id), id.id());
  }

  @Test
  void dcgm_energyAndThrottling_giveThePublishedDeltas() {
    List<Reading> from = dcgm("dcgm.prom");
    List<Reading> to = dcgm("dcgm-t60.prom");

    assertThat(from).extracting(r -> r.labels().get("gpu")).containsExactly("0", "1");
    assertThat(from.get(0).labels())
        .containsEntry("uuid", "GPU-5a1c2f6e-3b0d-4c57-9e21-7d0b6a41c001")
        .containsEntry("name", "NVIDIA H100 80GB HBM3")
        .containsEntry("host", "gpu-node-01")
        .containsEntry("via", "dcgm");
    assertThat(delta(from, to, 0, TelemetryId.ENERGY_JOULES)).isCloseTo(37_917.0, within(1e-6));
    assertThat(delta(from, to, 1, TelemetryId.ENERGY_JOULES)).isCloseTo(35_892.84, within(1e-6));
    // 2.4e9 ns of 60 s are 0.04; a measured zero is a zero.
    assertThat(delta(from, to, 0, TelemetryId.THROTTLED_POWER_SECONDS))
        .isCloseTo(2.4, within(1e-6));
    assertThat(delta(from, to, 1, TelemetryId.THROTTLED_POWER_SECONDS)).isZero();
  }

  private static double delta(List<Reading> from, List<Reading> to, int gpu, TelemetryId id) {
    return required(to.get(gpu), id) - required(from.get(gpu), id);
  }

  @Test
  void dcgm_memory_isTheSumOfItsParts() {
    Reading gpu = dcgm("dcgm.prom").get(0);
    String page = Fixtures.text("telemetry/dcgm.prom");
    double total = 0;
    for (String part : List.of("FREE", "USED", "RESERVED")) {
      String line =
          page.lines()
              .filter(l -> l.startsWith("DCGM_FI_DEV_FB_" + part + "{gpu=\"0\""))
              .findFirst()
              .orElseThrow();
      total += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    assertThat(required(gpu, TelemetryId.MEMORY_TOTAL_BYTES)).isEqualTo(total * MIB);
    assertThat(required(gpu, TelemetryId.GPU_BUSY_RATIO)).isBetween(0.0, 1.0);
  }

  @Test
  void dcgmVariants_blanksAreAbsent_podsCountOnce_instancesApart() {
    List<Reading> gpus = dcgm("dcgm-variants.prom");

    assertThat(gpus)
        .extracting(r -> r.labels().get("uuid") + " " + r.labels().get("migProfile"))
        .containsExactly(
            "GPU-77c0a1de-0000-4000-8000-00000000c003 null",
            "GPU-91aa0b5c-0000-4000-8000-00000000c004 1g.10gb",
            "GPU-91aa0b5c-0000-4000-8000-00000000c004 3g.40gb",
            "GPU-5a1c2f6e-3b0d-4c57-9e21-7d0b6a41c001 null");
    assertThat(required(gpus.get(0), TelemetryId.POWER_WATTS)).isEqualTo(342.118);
    assertThat(gpus.get(0).labels()).containsEntry("host", "gpu-node-02");
    assertThat(required(gpus.get(1), TelemetryId.MEMORY_USED_BYTES)).isEqualTo(8120 * MIB);
    assertThat(required(gpus.get(2), TelemetryId.MEMORY_USED_BYTES)).isEqualTo(36_204 * MIB);
    assertThat(gpus.get(1).value(TelemetryId.MEMORY_TOTAL_BYTES)).isNull();
    assertThat(required(gpus.get(3), TelemetryId.POWER_WATTS)).isEqualTo(612.004);
  }

  @Test
  void dcgm_reasonsOfThrottling_areTold() {
    // 0x44 is the power cap and thermal slowdown of the hardware; 0x1, idle, is no throttling.
    String page =
        """
        DCGM_FI_DEV_CLOCKS_EVENT_REASONS{gpu="0",UUID="a"} 68
        DCGM_FI_DEV_CLOCK_THROTTLE_REASONS{gpu="1",UUID="b"} 1
        """;
    List<Reading> gpus = new DcgmReader().read(ExpositionParser.parse(page));

    assertThat(required(gpus.get(0), TelemetryId.THROTTLED_POWER_RATIO)).isEqualTo(1);
    assertThat(required(gpus.get(0), TelemetryId.THROTTLED_THERMAL_RATIO)).isEqualTo(1);
    assertThat(required(gpus.get(0), TelemetryId.THROTTLED_HARDWARE_RATIO)).isZero();
    assertThat(required(gpus.get(1), TelemetryId.THROTTLED_POWER_RATIO)).isZero();
    assertThat(dcgm("dcgm.prom").get(0).value(TelemetryId.THROTTLED_POWER_RATIO)).isNull();
  }

  @Test
  void amdExporter_powerOfALesserPartition_isNoZero() {
    List<Reading> gpus =
        new AmdExporterReader()
            .read(ExpositionParser.parse(Fixtures.text("telemetry/amd-exporter.prom")));

    assertThat(gpus).hasSize(2);
    assertThat(gpus.get(0).labels()).containsEntry("vendor", "amd").containsEntry("partition", "0");
    assertThat(gpus.get(0).value(TelemetryId.POWER_WATTS)).isNotNull().isGreaterThan(0);
    assertThat(gpus.get(1).value(TelemetryId.POWER_WATTS)).isNull();
    assertThat(required(gpus.get(0), TelemetryId.MEMORY_BUSY_RATIO)).isCloseTo(0.44, within(1e-12));
    // Both partitions tell the same 192 GiB, as it is not partitioned.
    assertThat(required(gpus.get(0), TelemetryId.MEMORY_USED_BYTES)).isEqualTo(171_204 * MIB);
    assertThat(gpus.get(1).value(TelemetryId.MEMORY_USED_BYTES)).isNull();
    assertThat(gpus).allMatch(gpu -> "692251001124".equals(gpu.labels().get("card")));
    assertThat(required(gpus.get(0), TelemetryId.GPU_CELSIUS)).isEqualTo(71);
    assertThat(required(gpus.get(0), TelemetryId.THROTTLED_POWER_RATIO))
        .isCloseTo(0.03, within(1e-12));
    assertThat(required(gpus.get(0), TelemetryId.THROTTLED_THERMAL_RATIO)).isZero();
  }

  @Test
  void amdExporter_partitionedMemory_isEachPartitionsOwn_andClocksAreTheFastestDies() {
    List<Reading> gpus =
        new AmdExporterReader()
            .read(
                ExpositionParser.parse(
                    """
                    gpu_used_vram{gpu_id="0",gpu_partition_id="0",gpu_memory_partition_type="nps4"} 10
                    gpu_used_vram{gpu_id="1",gpu_partition_id="1",gpu_memory_partition_type="nps4"} 20
                    gpu_clock{gpu_id="0",gpu_partition_id="0",clock_type="system",clock_index="0"} 1533
                    gpu_clock{gpu_id="0",gpu_partition_id="0",clock_type="GPU_CLOCK_TYPE_SYSTEM",clock_index="1"} 1500
                    gpu_clock{gpu_id="0",gpu_partition_id="0",clock_type="GPU_CLOCK_TYPE_MEMORY",clock_index="8"} 1292
                    gpu_clock{gpu_id="0",gpu_partition_id="0",clock_type="video",clock_index="9"} 900
                    gpu_violation_processor_hot_residency_percentage{gpu_id="0",gpu_partition_id="0"} 7
                    """));

    assertThat(required(gpus.get(1), TelemetryId.MEMORY_USED_BYTES)).isEqualTo(20 * MIB);
    assertThat(required(gpus.get(0), TelemetryId.SM_CLOCK_MHZ)).isEqualTo(1_533);
    assertThat(required(gpus.get(0), TelemetryId.MEMORY_CLOCK_MHZ)).isEqualTo(1_292);
    assertThat(required(gpus.get(0), TelemetryId.THROTTLED_THERMAL_RATIO))
        .isCloseTo(0.07, within(1e-12));
  }

  @Test
  void amdSmi_bothShapes_areRead_andTextsAreAbsent() throws SourceException {
    Reading older = AmdSmiParser.parse(Fixtures.text("telemetry/amd-smi-bare-list.json")).get(0);
    List<Reading> newer = AmdSmiParser.parse(Fixtures.text("telemetry/amd-smi.json"));

    assertThat(required(older, TelemetryId.GPU_BUSY_RATIO)).isCloseTo(0.97, within(1e-12));
    assertThat(required(older, TelemetryId.POWER_WATTS)).isEqualTo(133);
    assertThat(required(older, TelemetryId.THROTTLED_RATIO)).isZero();
    assertThat(required(older, TelemetryId.MEMORY_USED_BYTES)).isEqualTo(171_204 * MIB);
    assertThat(required(older, TelemetryId.GPU_CELSIUS)).isEqualTo(71);
    assertThat(older.value(TelemetryId.ENERGY_JOULES)).isNull();
    assertThat(older.value(TelemetryId.MEMORY_CELSIUS)).isNull();
    assertThat(required(newer.get(0), TelemetryId.POWER_WATTS)).isEqualTo(642);
    assertThat(required(newer.get(0), TelemetryId.MEMORY_CELSIUS)).isEqualTo(58);
    assertThat(newer.get(0).value(TelemetryId.THROTTLED_RATIO)).isNull();
    assertThatThrownBy(() -> AmdSmiParser.parse("ERROR: no driver"))
        .isInstanceOf(SourceException.class);
    assertThatThrownBy(() -> AmdSmiParser.parse("[]")).isInstanceOf(SourceException.class);
  }

  @Test
  void tritonGpus_areRead() {
    List<Reading> gpus =
        new TritonGpuReader()
            .read(
                ExpositionParser.parse(
                    """
                    nv_gpu_utilization{gpu_uuid="GPU-1"} 0.5
                    nv_energy_consumption{gpu_uuid="GPU-1"} 1234.5
                    """));

    assertThat(gpus).hasSize(1);
    assertThat(required(gpus.get(0), TelemetryId.GPU_BUSY_RATIO)).isEqualTo(0.5);
    assertThat(required(gpus.get(0), TelemetryId.ENERGY_JOULES)).isEqualTo(1234.5);
  }
}
