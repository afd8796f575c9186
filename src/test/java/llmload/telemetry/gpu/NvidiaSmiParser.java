package llmload.telemetry.gpu;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of {@code nvidia-smi --query-gpu=… --format=csv}, with or without units, in the
 * names of old drivers ({@code clocks_throttle_reasons.active}) and new ones. One thread only.
 */
final class NvidiaSmiParser implements StreamingTool.Parser {
  /** The columns to ask for, as far as the driver knows them. */
  static final List<String> COLUMNS =
      List.of(
          "timestamp",
          "index",
          "uuid",
          "name",
          "utilization.gpu",
          "utilization.memory",
          "memory.used",
          "memory.total",
          "power.draw",
          "power.limit",
          "temperature.gpu",
          "temperature.memory",
          "clocks.current.sm",
          "clocks.current.memory",
          "clocks_event_reasons.active",
          "clocks_throttle_reasons.active",
          "clocks_event_reasons_counters.sw_power_cap",
          "clocks_event_reasons_counters.sw_thermal_slowdown",
          "mig.mode.current");

  private static final double MIB = 1L << 20;
  private static final double PERCENT = 0.01;
  private static final double MICRO = 1e-6;
  private static final Pattern MASK = Pattern.compile("0x[0-9a-fA-F]{1,15}|0x0[0-9a-fA-F]{15}");

  /** In the zone of the machine that the tool runs on; where that is another, so is the offset. */
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS", Locale.ROOT);

  private @Nullable CsvTable table;

  /** A parser of lines that begin with a header. */
  NvidiaSmiParser() {}

  /** A parser of lines without one, in these columns. */
  NvidiaSmiParser(List<String> columns) {
    table = new CsvTable(columns);
  }

  /** The reading of a line; {@code null} if it is the header or tells of no GPU. */
  @Override
  public @Nullable Reading parse(String line) {
    CsvTable known = table;
    if (known == null) {
      if (line.contains("uuid") && line.contains(",")) {
        table = new CsvTable(line);
      }
      return null;
    }
    CsvTable.Row row = known.row(line);
    String uuid = row.text("uuid");
    if (uuid == null || !uuid.startsWith("GPU-")) {
      return null;
    }
    Reading gpu = new Reading(GpuReadings.SOURCE, labels(row, uuid));
    gpu.put(TelemetryId.GPU_BUSY_RATIO, row.number(PERCENT, "utilization.gpu"));
    gpu.put(TelemetryId.MEMORY_BUSY_RATIO, row.number(PERCENT, "utilization.memory"));
    gpu.put(TelemetryId.MEMORY_USED_BYTES, row.number(MIB, "memory.used"));
    gpu.put(TelemetryId.MEMORY_TOTAL_BYTES, row.number(MIB, "memory.total"));
    gpu.put(TelemetryId.POWER_WATTS, row.number(1, "power.draw"));
    gpu.put(TelemetryId.POWER_LIMIT_WATTS, row.number(1, "power.limit"));
    gpu.put(TelemetryId.GPU_CELSIUS, row.number(1, "temperature.gpu"));
    gpu.put(TelemetryId.MEMORY_CELSIUS, row.number(1, "temperature.memory"));
    gpu.put(TelemetryId.SM_CLOCK_MHZ, row.number(1, "clocks.current.sm", "clocks.sm"));
    gpu.put(TelemetryId.MEMORY_CLOCK_MHZ, row.number(1, "clocks.current.memory", "clocks.mem"));
    gpu.put(TelemetryId.THROTTLED_POWER_SECONDS, counter(row, "sw_power_cap"));
    gpu.put(TelemetryId.THROTTLED_THERMAL_SECONDS, counter(row, "sw_thermal_slowdown"));
    String mask = row.text("clocks_event_reasons.active", "clocks_throttle_reasons.active");
    if (mask != null && MASK.matcher(mask).matches()) {
      ThrottleReasons.put(gpu, Long.parseLong(mask.substring(2), 16));
    }
    return gpu;
  }

  @Override
  public @Nullable Long stampNanos(String line) {
    String text = table == null ? null : table.row(line).text("timestamp");
    if (text == null) {
      return null;
    }
    try {
      Instant own = LocalDateTime.parse(text, STAMP).atZone(ZoneId.systemDefault()).toInstant();
      return TimeUnit.SECONDS.toNanos(own.getEpochSecond()) + own.getNano();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable Double counter(CsvTable.Row row, String reason) {
    return row.number(
        MICRO,
        "clocks_event_reasons_counters." + reason,
        "clocks_throttle_reasons_counters." + reason);
  }

  private static Map<String, String> labels(CsvTable.Row row, String uuid) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("vendor", "nvidia");
    labels.put("via", "nvidia-smi");
    GpuReadings.label(labels, "gpu", row.text("index"));
    labels.put("uuid", uuid);
    GpuReadings.label(labels, "name", row.text("name"));
    if ("Enabled".equals(row.text("mig.mode.current"))) {
      labels.put("migMode", "enabled");
    }
    return labels;
  }
}
