package llmload.telemetry;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** What one look at a source said of one thing: a machine, a process, a GPU, a server. */
public final class Reading {
  private final String source;
  private final Map<String, String> labels;
  private final Map<TelemetryId, Double> values = new EnumMap<>(TelemetryId.class);
  private @Nullable Long takenNanos;

  /**
   * A reading without a value yet.
   *
   * @param source the sample's source, such as {@code host}
   * @param labels what tells it apart from others of that source
   */
  public Reading(String source, Map<String, String> labels) {
    this.source = source;
    this.labels = new LinkedHashMap<>(labels);
  }

  /** Adds a value; one that is absent or not finite is left out, since no number stands for it. */
  public void put(TelemetryId id, @Nullable Double value) {
    if (!id.sources().contains(source)) {
      throw new IllegalArgumentException(
          id.id() + ": Expecting a source of " + id.sources() + ". Found: " + source + ".");
    }
    if (value != null && Double.isFinite(value)) {
      values.put(id, value);
    }
  }

  /** Adds a count. */
  public void put(TelemetryId id, long value) {
    put(id, Double.valueOf((double) value));
  }

  /** Says when it was taken, on the sampler's clock; else it was halfway through the look. */
  public void takenAt(long nanos) {
    takenNanos = nanos;
  }

  /** The sample's source. */
  public String source() {
    return source;
  }

  /** What tells it apart. */
  public Map<String, String> labels() {
    return Map.copyOf(labels);
  }

  /** The value of {@code id}; {@code null} if it has none. */
  public @Nullable Double value(TelemetryId id) {
    return values.get(id);
  }

  /** Whether it says nothing. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** All values by the name they have in a sample. */
  public Map<String, Double> values() {
    Map<String, Double> named = new LinkedHashMap<>();
    values.forEach((id, value) -> named.put(id.id(), value));
    return named;
  }

  /** When it was taken, on the sampler's clock; {@code fallbackNanos} if it does not say. */
  public long takenNanos(long fallbackNanos) {
    return Objects.requireNonNullElse(takenNanos, fallbackNanos);
  }

  @Override
  public String toString() {
    return source + labels + values;
  }
}
