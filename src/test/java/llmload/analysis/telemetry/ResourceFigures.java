package llmload.analysis.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import llmload.model.MetricSummary;
import llmload.model.ResourceMetric;

/** The metrics of telemetry as they are found, and what each was made of. */
final class ResourceFigures {
  private final Map<String, MetricSummary> metrics = new LinkedHashMap<>();
  private final Map<String, String> origins = new LinkedHashMap<>();

  void put(ResourceMetric id, Figure figure) {
    metrics.put(id.id(), figure.summary());
    if (figure.isMeasured()) {
      origins.put(id.id(), figure.from());
    } else {
      origins.remove(id.id());
    }
  }

  /** By the metric's id. */
  Map<String, MetricSummary> metrics() {
    return Collections.unmodifiableMap(metrics);
  }

  /** What each that was measured is made of, by the metric's id. */
  Map<String, String> origins() {
    return Collections.unmodifiableMap(origins);
  }
}
