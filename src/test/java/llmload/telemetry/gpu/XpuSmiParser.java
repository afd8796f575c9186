package llmload.telemetry.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of Intel's {@code xpu-smi dump} in the columns that were asked for: time, device,
 * then the metrics 0, 1, 2, 3, 4, 8, 18 in that order.
 */
final class XpuSmiParser {
  /** Utilization, power, clock, core and memory temperature, energy, memory in use. */
  static final String METRICS = "0,1,2,3,4,8,18";

  private static final double MIB = 1L << 20;
  private static final double PERCENT = 0.01;

  private final CsvTable table =
      new CsvTable(
          List.of("time", "device", "busy", "power", "clock", "core", "memory", "energy", "used"));

  /** The reading of a line; {@code null} if it is the header or tells of no GPU. */
  @Nullable Reading parse(String line) {
    CsvTable.Row row = table.row(line);
    String device = row.text("device");
    if (device == null || !device.matches("[0-9]+")) {
      return null;
    }
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("vendor", "intel");
    labels.put("via", "xpu-smi");
    labels.put("gpu", device);
    Reading gpu = new Reading(GpuReadings.SOURCE, labels);
    gpu.put(TelemetryId.GPU_BUSY_RATIO, row.number(PERCENT, "busy"));
    gpu.put(TelemetryId.POWER_WATTS, row.number(1, "power"));
    gpu.put(TelemetryId.SM_CLOCK_MHZ, row.number(1, "clock"));
    gpu.put(TelemetryId.GPU_CELSIUS, row.number(1, "core"));
    gpu.put(TelemetryId.MEMORY_CELSIUS, row.number(1, "memory"));
    gpu.put(TelemetryId.ENERGY_JOULES, row.number(1, "energy"));
    gpu.put(TelemetryId.MEMORY_USED_BYTES, row.number(MIB, "used"));
    return gpu;
  }
}
