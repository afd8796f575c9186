package llmload.telemetry.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import llmload.model.TelemetryId;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.Reading;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.exposition.Series;
import org.jspecify.annotations.Nullable;

/**
 * AMD GPUs by the AMD device metrics exporter, one reading for each GPU or partition.
 *
 * <p>Partitions of one card have its serial number in common, the label {@code card}. The power of
 * a card is told by its first partition; the others say 0 W in {@code gpu_power_usage}, which is no
 * measurement and is left out. So is the memory that the others tell again where it is not
 * partitioned (NPS1, the default).
 */
public final class AmdExporterReader implements ExpositionSource.Reader {
  private static final String PREFIX = "gpu_";
  private static final double MEGA = 1L << 20;
  private static final double PERCENT = 0.01;
  private static final double MICRO = 1e-6;

  private static final Map<String, BiConsumer<Reading, Double>> FIELDS =
      Map.ofEntries(
          field("package_power", AmdExporterReader::putPower),
          field("average_package_power", AmdExporterReader::putPower),
          field("power_usage", AmdExporterReader::putLesserPower),
          field("energy_consumed", put(TelemetryId.ENERGY_JOULES, MICRO)),
          field("gfx_activity", put(TelemetryId.GPU_BUSY_RATIO, PERCENT)),
          field("umc_activity", put(TelemetryId.MEMORY_BUSY_RATIO, PERCENT)),
          field("used_vram", put(TelemetryId.MEMORY_USED_BYTES, MEGA)),
          field("total_vram", put(TelemetryId.MEMORY_TOTAL_BYTES, MEGA)),
          field("junction_temperature", put(TelemetryId.GPU_CELSIUS, 1)),
          field("edge_temperature", AmdExporterReader::putEdge),
          field("memory_temperature", put(TelemetryId.MEMORY_CELSIUS, 1)),
          field(
              "violation_ppt_residency_percentage",
              put(TelemetryId.THROTTLED_POWER_RATIO, PERCENT)),
          field("violation_socket_thermal_residency_percentage", AmdExporterReader::putThermal),
          field("violation_vr_thermal_residency_percentage", AmdExporterReader::putThermal),
          field("violation_hbm_thermal_residency_percentage", AmdExporterReader::putThermal),
          field("violation_processor_hot_residency_percentage", AmdExporterReader::putThermal));

  private static final String CLOCK = "clock";
  private static final Set<String> OF_MEMORY = Set.of("used_vram", "total_vram");

  /** A reader of the exporter's pages. */
  public AmdExporterReader() {}

  @Override
  public List<Reading> read(Exposition exposition) {
    GpuReadings gpus = new GpuReadings();
    for (Series series : exposition.series()) {
      String id = series.label("gpu_id");
      if (series.name().startsWith(PREFIX) && id != null) {
        BiConsumer<Reading, Double> field = field(series);
        if (field != null && Double.isFinite(series.value()) && series.value() >= 0) {
          String key = series.label("gpu_uuid") + "/" + id + "/" + series.label("gpu_partition_id");
          field.accept(gpus.of(key, () -> labels(series)), series.value());
        }
      }
    }
    return gpus.all();
  }

  private static @Nullable BiConsumer<Reading, Double> field(Series series) {
    String name = series.name().substring(PREFIX.length());
    if (name.equals(CLOCK)) {
      String type = String.valueOf(series.label("clock_type")).toLowerCase(Locale.ROOT);
      return type.endsWith("system")
          ? (gpu, mhz) -> putFastest(gpu, TelemetryId.SM_CLOCK_MHZ, mhz)
          : type.endsWith("memory")
              ? (gpu, mhz) -> putFastest(gpu, TelemetryId.MEMORY_CLOCK_MHZ, mhz)
              : null;
    }
    return OF_MEMORY.contains(name) && !isOwnMemory(series) ? null : FIELDS.get(name);
  }

  /** Each die of a card has a clock of its own. */
  private static void putFastest(Reading gpu, TelemetryId id, Double mhz) {
    Double before = gpu.value(id);
    gpu.put(id, Double.valueOf(before == null ? mhz : Math.max(before, mhz)));
  }

  private static boolean isOwnMemory(Series series) {
    String partition = series.label("gpu_partition_id");
    String type = series.label("gpu_memory_partition_type");
    boolean partitioned =
        type != null
            && type.toLowerCase(Locale.ROOT).matches(".*nps[0-9]+")
            && !type.toLowerCase(Locale.ROOT).endsWith("nps1");
    return partitioned || partition == null || partition.isBlank() || partition.equals("0");
  }

  private static void putPower(Reading gpu, Double watts) {
    gpu.put(TelemetryId.POWER_WATTS, watts);
  }

  private static void putLesserPower(Reading gpu, Double watts) {
    if (watts > 0 && gpu.value(TelemetryId.POWER_WATTS) == null) {
      gpu.put(TelemetryId.POWER_WATTS, watts);
    }
  }

  private static void putEdge(Reading gpu, Double celsius) {
    if (gpu.value(TelemetryId.GPU_CELSIUS) == null) {
      gpu.put(TelemetryId.GPU_CELSIUS, celsius);
    }
  }

  /** The largest share of those of socket, memory, voltage regulator and processor. */
  private static void putThermal(Reading gpu, Double percent) {
    Double before = gpu.value(TelemetryId.THROTTLED_THERMAL_RATIO);
    double ratio = percent * PERCENT;
    gpu.put(
        TelemetryId.THROTTLED_THERMAL_RATIO,
        Double.valueOf(before == null ? ratio : Math.max(before, ratio)));
  }

  private static BiConsumer<Reading, Double> put(TelemetryId id, double factor) {
    return (gpu, value) -> gpu.put(id, value * factor);
  }

  private static Map.Entry<String, BiConsumer<Reading, Double>> field(
      String name, BiConsumer<Reading, Double> put) {
    return Map.entry(name, put);
  }

  private static Map<String, String> labels(Series series) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("vendor", "amd");
    labels.put("via", "amd-exporter");
    GpuReadings.label(labels, "gpu", series.label("gpu_id"));
    GpuReadings.label(labels, "uuid", series.label("gpu_uuid"));
    GpuReadings.label(labels, "card", series.label("serial_number"));
    GpuReadings.label(labels, "name", series.label("card_model"));
    GpuReadings.label(labels, "partition", series.label("gpu_partition_id"));
    GpuReadings.label(labels, "host", series.label("hostname"));
    return labels;
  }
}
