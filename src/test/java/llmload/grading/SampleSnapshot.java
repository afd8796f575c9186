package llmload.grading;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.RunSnapshot;
import llmload.model.Validity;
import org.jspecify.annotations.Nullable;

/** One side of a comparison, to be changed one thing at a time. */
final class SampleSnapshot {
  String format = RunSnapshot.LLMLOAD;
  boolean simulated;
  @Nullable Validity validity = Validity.VALID;
  @Nullable Long okCount = 1000L;
  Map<String, String> conditions = new LinkedHashMap<>(Map.of("users", "4", "stream", "true"));
  Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
  Map<String, Double> suiteNumbers = new LinkedHashMap<>();

  static SampleSnapshot run() {
    return new SampleSnapshot();
  }

  /** A file of another suite, which says nothing of itself but its numbers. */
  static SampleSnapshot of(String format) {
    SampleSnapshot file = new SampleSnapshot();
    file.format = format;
    file.validity = null;
    file.okCount = null;
    file.conditions = Map.of();
    return file;
  }

  SampleSnapshot number(String key, double value) {
    suiteNumbers.put(key, value);
    return this;
  }

  /** A distribution of which only the median and its interval are of interest. */
  SampleSnapshot median(String id, double value, double low, double high) {
    return metric(id, summary("ms", Map.of("p50", value), Map.of("p50", List.of(low, high)), null));
  }

  /** A single number with its interval. */
  SampleSnapshot value(String id, String unit, double value, double low, double high) {
    return metric(id, summary(unit, Map.of(), Map.of("value", List.of(low, high)), value));
  }

  SampleSnapshot metric(String id, MetricSummary summary) {
    metrics.computeIfAbsent("all", scope -> new LinkedHashMap<>()).put(id, summary);
    return this;
  }

  static MetricSummary summary(
      String unit,
      Map<String, Double> percentiles,
      Map<String, List<Double>> intervals,
      @Nullable Double value) {
    Map<String, Interval> ci95 = new LinkedHashMap<>();
    intervals.forEach((name, ends) -> ci95.put(name, new Interval(ends.get(0), ends.get(1), unit)));
    return new MetricSummary(unit, 1000, value, null, null, null, percentiles, null, ci95, null);
  }

  RunSnapshot snapshot() {
    return new RunSnapshot(
        "main",
        format,
        null,
        null,
        null,
        null,
        simulated,
        validity,
        okCount,
        conditions,
        metrics,
        suiteNumbers);
  }
}
