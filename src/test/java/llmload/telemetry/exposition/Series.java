package llmload.telemetry.exposition;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One series of an exposition with its value at that moment; its unit lies in its name, if any. */
public final class Series {
  private final String name;
  private final Map<String, String> labels;
  private final double value;
  private final @Nullable Double timestampSeconds;

  /**
   * A series without a stamp of its own.
   *
   * @param value may be NaN or infinite, as exporters have it
   */
  public Series(String name, Map<String, String> labels, double value) {
    this(name, labels, value, null);
  }

  Series(String name, Map<String, String> labels, double value, @Nullable Double timestampSeconds) {
    this.name = name;
    this.labels = new TreeMap<>(labels);
    this.value = value;
    this.timestampSeconds = timestampSeconds;
  }

  private Series(Series same, double value) {
    this.name = same.name;
    this.labels = same.labels;
    this.value = value;
    this.timestampSeconds = null;
  }

  /** The same series with another value and no stamp. */
  Series with(double other) {
    boolean equal = Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(other);
    return equal && timestampSeconds == null ? this : new Series(this, other);
  }

  /** The metric's name as it stands in the sample, {@code _total} and the like included. */
  public String name() {
    return name;
  }

  /** The value of a label; {@code null} if there is no such label. */
  public @Nullable String label(String label) {
    return labels.get(label);
  }

  /** All labels, by name. */
  public Map<String, String> labels() {
    return Map.copyOf(labels);
  }

  /** The value, in the exporter's unit; may be NaN or infinite. */
  public double value() {
    return value;
  }

  /** The exporter's own stamp, seconds since 1970; {@code null} if it gave none. */
  public @Nullable Double timestampSeconds() {
    return timestampSeconds;
  }

  /** What tells series apart: name and labels. */
  List<Object> identity() {
    return List.of(name, labels);
  }

  @Override
  public String toString() {
    return name + labels + " " + value;
  }
}
