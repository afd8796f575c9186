package llmload.telemetry.gpu;

import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.Reading;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.exposition.Series;

/** The GPUs on the page of a Triton server, which tells them beside its own metrics. */
public final class TritonGpuReader implements ExpositionSource.Reader {
  private static final Map<String, TelemetryId> FIELDS =
      Map.of(
          "nv_gpu_utilization", TelemetryId.GPU_BUSY_RATIO,
          "nv_gpu_power_usage", TelemetryId.POWER_WATTS,
          "nv_gpu_power_limit", TelemetryId.POWER_LIMIT_WATTS,
          "nv_energy_consumption", TelemetryId.ENERGY_JOULES,
          "nv_gpu_memory_used_bytes", TelemetryId.MEMORY_USED_BYTES,
          "nv_gpu_memory_total_bytes", TelemetryId.MEMORY_TOTAL_BYTES);

  /** A reader of Triton's pages. */
  public TritonGpuReader() {}

  @Override
  public List<Reading> read(Exposition exposition) {
    GpuReadings gpus = new GpuReadings();
    for (Series series : exposition.series()) {
      TelemetryId id = FIELDS.get(series.name());
      String uuid = series.label("gpu_uuid");
      if (id != null && uuid != null) {
        gpus.of(uuid, () -> Map.of("vendor", "nvidia", "via", "triton", "uuid", uuid))
            .put(id, series.value());
      }
    }
    return gpus.all();
  }
}
