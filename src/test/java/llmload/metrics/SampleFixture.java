package llmload.metrics;

import java.util.HashMap;
import java.util.Map;
import llmload.model.TelemetrySample;

/** Samples of telemetry for tests. */
public final class SampleFixture {
  private static final double NANOS = 1e9;

  private SampleFixture() {}

  /** A sample of one number; labels are names and values in turn. */
  public static TelemetrySample sample(
      String source, double atSeconds, String name, double value, String... labels) {
    return sample(source, atSeconds, Map.of(name, value), labels);
  }

  /** A sample of several numbers. */
  public static TelemetrySample sample(
      String source, double atSeconds, Map<String, Double> values, String... labels) {
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      named.put(labels[i], labels[i + 1]);
    }
    return new TelemetrySample(source, Math.round(atSeconds * NANOS), values, named);
  }
}
