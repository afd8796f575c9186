package llmload.metrics.timeline;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** One thing that was watched: a server, a GPU, a process, a machine or a part of one. */
public final class Track {
  private static final String VIA = "via";

  private final Map<TelemetryId, Timeline> timelines = new EnumMap<>(TelemetryId.class);
  private final Map<TelemetryId, String> told = new EnumMap<>(TelemetryId.class);
  private final Map<String, String> labels = new HashMap<>();
  private final boolean countsFromZero;
  private @Nullable Long latestNanos;

  /**
   * @param countsFromZero whether a counter that appears late stood at 0 before: a server shows a
   *     series after its first use
   */
  Track(boolean countsFromZero) {
    this.countsFromZero = countsFromZero;
  }

  /** Two tools may tell the same number of one GPU, each as old as it is: the first one counts. */
  void add(TelemetrySample sample, Map<String, TelemetryId> ids) {
    labels.putAll(sample.labels());
    String via = sample.labels().getOrDefault(VIA, "");
    sample
        .values()
        .forEach(
            (name, value) -> {
              TelemetryId id = ids.get(name);
              if (id != null && via.equals(told.computeIfAbsent(id, first -> via))) {
                timeline(id).add(sample.atNanos(), value);
              }
            });
    latestNanos = sample.atNanos();
  }

  private Timeline timeline(TelemetryId id) {
    Timeline known = timelines.get(id);
    if (known != null) {
      return known;
    }
    Timeline created = new Timeline();
    if (countsFromZero && id.kind() == TelemetryId.Kind.COUNTER && latestNanos != null) {
      created.add(latestNanos, 0);
    }
    timelines.put(id, created);
    return created;
  }

  /** The samples of one number; {@code null} if there are none. */
  public @Nullable Timeline of(TelemetryId id) {
    return timelines.get(id);
  }

  /** All numbers that were told. */
  public Map<TelemetryId, Timeline> all() {
    return new EnumMap<>(timelines);
  }

  /** The labels of its samples, the latest of each name. */
  public Map<String, String> labels() {
    return Map.copyOf(labels);
  }
}
