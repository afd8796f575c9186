package llmload.telemetry.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import llmload.telemetry.Reading;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one look at a machine's GPUs, one for each GPU or MIG instance, however often it
 * is listed.
 *
 * <p>Labels, each where it is known: {@code vendor}, {@code via} (the tool), {@code gpu} (index),
 * {@code uuid}, {@code card} (what its partitions have in common, where their UUIDs differ), {@code
 * mig} (instance), {@code migProfile}, {@code migMode}, {@code partition}, {@code name}, {@code
 * host}.
 */
final class GpuReadings {
  /** The source of these readings. */
  static final String SOURCE = "gpu";

  private final Map<String, Reading> byKey = new LinkedHashMap<>();

  /** The reading of the GPU that {@code key} names; its labels are those of the first mention. */
  Reading of(String key, Supplier<Map<String, String>> labels) {
    return byKey.computeIfAbsent(key, unused -> new Reading(SOURCE, labels.get()));
  }

  /** All that say something, in the order of their mention. */
  List<Reading> all() {
    return byKey.values().stream().filter(reading -> !reading.isEmpty()).toList();
  }

  /** Adds a label if there is something to say. */
  static void label(Map<String, String> labels, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      labels.put(name, value);
    }
  }
}
