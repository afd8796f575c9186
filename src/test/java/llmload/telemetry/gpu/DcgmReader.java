package llmload.telemetry.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.Reading;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.exposition.Series;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA GPUs by dcgm-exporter, in the names of DCGM before and after its version 4.6.
 *
 * <p>The exporter refreshes its values every 30 s unless started with {@code -c 1000}; a GPU that
 * it lists once for each pod is read once. Blank values of old exporters, which are numbers beyond
 * what any sensor says, count as absent.
 */
public final class DcgmReader implements ExpositionSource.Reader {
  private static final String PREFIX = "DCGM_FI_";
  private static final double MIB = 1L << 20;
  private static final double PERCENT = 0.01;
  private static final double MILLI = 1e-3;
  private static final double NANO = 1e-9;

  /** DCGM's blanks: int64 just below 2^63, doubles from 2^47, int32 just below 2^31. */
  private static final double BLANK_DOUBLE = 140_737_488_355_328.0;

  private static final double BLANK_LONG = 9.2e18;

  /** A blank's distance from the first says why it is blank. */
  private static final double BLANK_KINDS = 16;

  private static final double BLANK_INT_LOW = 2_147_483_632.0;
  private static final double BLANK_INT_HIGH = 2_147_483_635.0;

  private record Field(TelemetryId id, double factorRatio) {}

  private static final Map<String, Field> FIELDS =
      Map.ofEntries(
          field("DEV_POWER_USAGE", TelemetryId.POWER_WATTS, 1),
          field("DEV_BOARD_POWER_WATTS", TelemetryId.POWER_WATTS, 1),
          field("DEV_POWER_MGMT_LIMIT", TelemetryId.POWER_LIMIT_WATTS, 1),
          field("DEV_TOTAL_ENERGY_CONSUMPTION", TelemetryId.ENERGY_JOULES, MILLI),
          field("DEV_GPU_UTIL", TelemetryId.GPU_BUSY_RATIO, PERCENT),
          field("DEV_MEM_COPY_UTIL", TelemetryId.MEMORY_BUSY_RATIO, PERCENT),
          field("DEV_GPU_TEMP", TelemetryId.GPU_CELSIUS, 1),
          field("DEV_GPU_TEMP_CELSIUS", TelemetryId.GPU_CELSIUS, 1),
          field("DEV_MEMORY_TEMP", TelemetryId.MEMORY_CELSIUS, 1),
          field("DEV_MEMORY_TEMP_CELSIUS", TelemetryId.MEMORY_CELSIUS, 1),
          field("DEV_SM_CLOCK", TelemetryId.SM_CLOCK_MHZ, 1),
          field("DEV_MEM_CLOCK", TelemetryId.MEMORY_CLOCK_MHZ, 1),
          field("DEV_FB_USED", TelemetryId.MEMORY_USED_BYTES, MIB),
          field("DEV_FB_TOTAL", TelemetryId.MEMORY_TOTAL_BYTES, MIB),
          field("DEV_XID_ERRORS", TelemetryId.XID_CODE, 1),
          field("DEV_XID_ERROR", TelemetryId.XID_CODE, 1),
          field("DEV_PCIE_REPLAY_COUNTER", TelemetryId.PCIE_REPLAY_COUNT, 1),
          field("DEV_PCIE_REPLAY_TOTAL", TelemetryId.PCIE_REPLAY_COUNT, 1),
          field("DEV_POWER_VIOLATION", TelemetryId.THROTTLED_POWER_SECONDS, NANO),
          field("DEV_THERMAL_VIOLATION", TelemetryId.THROTTLED_THERMAL_SECONDS, NANO),
          field("PROF_GR_ENGINE_ACTIVE", TelemetryId.ENGINE_ACTIVE_RATIO, 1),
          field("PROF_GR_ENGINE_UTIL_RATIO", TelemetryId.ENGINE_ACTIVE_RATIO, 1),
          field("PROF_SM_ACTIVE", TelemetryId.SM_ACTIVE_RATIO, 1),
          field("PROF_SM_UTIL_RATIO", TelemetryId.SM_ACTIVE_RATIO, 1),
          field("PROF_PIPE_TENSOR_ACTIVE", TelemetryId.TENSOR_ACTIVE_RATIO, 1),
          field("PROF_PIPE_TENSOR_UTIL_RATIO", TelemetryId.TENSOR_ACTIVE_RATIO, 1),
          field("PROF_DRAM_ACTIVE", TelemetryId.DRAM_ACTIVE_RATIO, 1),
          field("PROF_DRAM_UTIL_RATIO", TelemetryId.DRAM_ACTIVE_RATIO, 1));

  private static final String FREE = "DEV_FB_FREE";
  private static final String RESERVED = "DEV_FB_RESERVED";
  private static final List<String> REASONS =
      List.of("DEV_CLOCKS_EVENT_REASONS", "DEV_CLOCK_THROTTLE_REASONS");

  /** A reader of dcgm-exporter's pages. */
  public DcgmReader() {}

  @Override
  public List<Reading> read(Exposition exposition) {
    GpuReadings gpus = new GpuReadings();
    Map<String, Double> restBytes = new LinkedHashMap<>();
    for (Series series : exposition.series()) {
      if (series.name().startsWith(PREFIX) && !isBlank(series.value())) {
        String name = series.name().substring(PREFIX.length());
        String key = key(series);
        Reading gpu = gpus.of(key, () -> labels(series));
        Field field = FIELDS.get(name);
        if (field != null) {
          gpu.put(field.id(), series.value() * field.factorRatio());
        } else if (name.equals(FREE) || name.equals(RESERVED)) {
          // Set and not added: one GPU may be listed several times.
          restBytes.put(key + name, series.value() * MIB);
        } else if (REASONS.contains(name)) {
          ThrottleReasons.put(gpu, (long) series.value());
        }
        putTotal(gpu, restBytes.get(key + FREE), restBytes.get(key + RESERVED));
      }
    }
    return gpus.all();
  }

  /** No default field tells the size of the memory: it is the sum of its three parts. */
  private static void putTotal(
      Reading gpu, @Nullable Double freeBytes, @Nullable Double reservedBytes) {
    Double usedBytes = gpu.value(TelemetryId.MEMORY_USED_BYTES);
    if (usedBytes != null && freeBytes != null && reservedBytes != null) {
      gpu.put(TelemetryId.MEMORY_TOTAL_BYTES, usedBytes + freeBytes + reservedBytes);
    }
  }

  private static boolean isBlank(double value) {
    return !Double.isFinite(value)
        || value < 0
        || value >= BLANK_LONG
        || (value >= BLANK_DOUBLE && value <= BLANK_DOUBLE + BLANK_KINDS)
        || (value >= BLANK_INT_LOW && value <= BLANK_INT_HIGH);
  }

  private static String key(Series series) {
    String uuid = uuid(series);
    String instance = series.label("GPU_I_ID");
    return (uuid == null ? series.label("Hostname") + " " + series.label("gpu") : uuid)
        + "/"
        + (instance == null ? "" : instance);
  }

  private static @Nullable String uuid(Series series) {
    String old = series.label("uuid");
    return series.label("UUID") == null ? old : series.label("UUID");
  }

  private static Map<String, String> labels(Series series) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("vendor", "nvidia");
    labels.put("via", "dcgm");
    GpuReadings.label(labels, "gpu", series.label("gpu"));
    GpuReadings.label(labels, "uuid", uuid(series));
    GpuReadings.label(labels, "name", series.label("modelName"));
    GpuReadings.label(labels, "mig", series.label("GPU_I_ID"));
    GpuReadings.label(labels, "migProfile", series.label("GPU_I_PROFILE"));
    GpuReadings.label(labels, "host", series.label("Hostname"));
    GpuReadings.label(labels, "host", series.label("hostname"));
    return labels;
  }

  private static Map.Entry<String, Field> field(String name, TelemetryId id, double factor) {
    return Map.entry(name, new Field(id, factor));
  }
}
