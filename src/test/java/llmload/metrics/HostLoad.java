package llmload.metrics;

import java.util.Optional;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * How busy this machine as a whole was: the one of the injector, and of the server where that is
 * local.
 *
 * @param atNanos since the run's anchor
 * @param cpuRatio the share of its processors that were busy since the look before
 * @param memoryRatio the share of its memory in use
 */
public record HostLoad(long atNanos, @Nullable Double cpuRatio, @Nullable Double memoryRatio) {
  private static final String SOURCE = "host";

  /** What {@code sample} tells of it; empty for samples of a part of it, or of anything else. */
  public static Optional<HostLoad> of(TelemetrySample sample) {
    if (!sample.source().equals(SOURCE) || !sample.labels().isEmpty()) {
      return Optional.empty();
    }
    Double used = sample.values().get(TelemetryId.MEMORY_USED_BYTES.id());
    Double total = sample.values().get(TelemetryId.MEMORY_TOTAL_BYTES.id());
    return Optional.of(
        new HostLoad(
            sample.atNanos(),
            sample.values().get(TelemetryId.CPU_BUSY_RATIO.id()),
            used == null || total == null || total <= 0 ? null : Double.valueOf(used / total)));
  }
}
