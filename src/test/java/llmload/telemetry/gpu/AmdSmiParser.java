package llmload.telemetry.gpu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of {@code amd-smi metric --json}: a list of GPUs, since ROCm 7 within {@code
 * gpu_data}. Any value and any section may be the text {@code N/A}.
 */
final class AmdSmiParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MEGA = 1L << 20;
  private static final double PERCENT = 0.01;

  private AmdSmiParser() {}

  static List<Reading> parse(String text) throws SourceException {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw SourceException.passing(MissReason.NOT_METRICS, "amd-smi: no JSON in its answer");
    }
    JsonNode list = root.isArray() ? root : root.path("gpu_data");
    GpuReadings gpus = new GpuReadings();
    for (JsonNode gpu : list) {
      String index = gpu.path("gpu").asText();
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put("vendor", "amd");
      labels.put("via", "amd-smi");
      GpuReadings.label(labels, "gpu", index);
      put(gpus.of(index, () -> labels), gpu);
    }
    if (gpus.all().isEmpty()) {
      throw SourceException.passing(MissReason.NOTHING_KNOWN, "amd-smi: no GPU in its answer");
    }
    return gpus.all();
  }

  private static void put(Reading reading, JsonNode gpu) {
    reading.put(TelemetryId.GPU_BUSY_RATIO, value(gpu, "/usage/gfx_activity", "%", PERCENT));
    reading.put(TelemetryId.MEMORY_BUSY_RATIO, value(gpu, "/usage/umc_activity", "%", PERCENT));
    reading.put(TelemetryId.POWER_WATTS, value(gpu, "/power/socket_power", "W", 1));
    reading.put(TelemetryId.ENERGY_JOULES, value(gpu, "/energy/total_energy_consumption", "J", 1));
    reading.put(TelemetryId.MEMORY_USED_BYTES, value(gpu, "/mem_usage/used_vram", "MB", MEGA));
    reading.put(TelemetryId.MEMORY_TOTAL_BYTES, value(gpu, "/mem_usage/total_vram", "MB", MEGA));
    reading.put(TelemetryId.SM_CLOCK_MHZ, value(gpu, "/clock/gfx_0/clk", "MHz", 1));
    reading.put(TelemetryId.MEMORY_CLOCK_MHZ, value(gpu, "/clock/mem_0/clk", "MHz", 1));
    reading.put(TelemetryId.MEMORY_CELSIUS, value(gpu, "/temperature/mem", "C", 1));
    Double hotspot = value(gpu, "/temperature/hotspot", "C", 1);
    reading.put(
        TelemetryId.GPU_CELSIUS,
        hotspot == null ? value(gpu, "/temperature/edge", "C", 1) : hotspot);
    switch (gpu.at("/power/throttle_status").asText()) {
      case "THROTTLED" -> reading.put(TelemetryId.THROTTLED_RATIO, 1);
      case "UNTHROTTLED" -> reading.put(TelemetryId.THROTTLED_RATIO, 0);
      default -> {}
    }
  }

  /** A value in the unit that is expected of it; one in another unit counts as absent. */
  private static @Nullable Double value(JsonNode gpu, String path, String unit, double factor) {
    JsonNode node = gpu.at(path);
    JsonNode value = node.path("value");
    return value.isNumber() && unit.equals(node.path("unit").asText())
        ? Double.valueOf(value.asDouble() * factor)
        : null;
  }
}
