package llmload.journal;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Map;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** Reads one line of {@code telemetry.jsonl} after the other. One thread only. */
final class SampleLineParser extends LineParser {
  private @Nullable String source;
  private @Nullable Long atNanos;
  private Map<String, Double> values = Map.of();
  private Map<String, String> labels = Map.of();

  /** The sample of one line. */
  TelemetrySample parse(byte[] bytes, int start, int length) throws IOException {
    source = null;
    atNanos = null;
    values = Map.of();
    labels = Map.of();
    readObject(bytes, start, length);
    return new TelemetrySample(
        required(source, "source"), required(atNanos, "atNanos"), values, labels);
  }

  @Override
  void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "source" -> source = text(json);
      case "atNanos" -> atNanos = json.getLongValue();
      case "values" -> values = values(json);
      case "labels" -> labels = words(json);
      default -> json.skipChildren();
    }
  }
}
