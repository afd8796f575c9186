package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import llmload.metrics.Distribution;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import llmload.model.SuiteResult;
import llmload.model.Tags;
import llmload.model.TelemetrySample;

/**
 * Structured against free answers to the same ask: differences with intervals, what validation
 * costs, and how good the answers are.
 */
final class StructuredPairsAnalysis implements SuiteAnalysis {
  private static final String VALIDATION = Tags.CHECK_PREFIX + "validation_micros";
  private static final double MICROS_PER_MILLI = 1e3;

  private final Map<String, PairedHalves> byCase = new TreeMap<>();
  private final Map<String, Distribution> validation = new TreeMap<>();
  private final AnswerQuality quality = new AnswerQuality();
  private final CounterDeltas counters = new CounterDeltas();

  @Override
  public void accept(RequestRecord request) {
    if (request.phase() != Phase.MEASURE || request.outcome() == Outcome.INCOMPLETE) {
      return;
    }
    quality.accept(request);
    Map<String, String> tags = request.tags();
    String pair = tags.get("pair");
    String name = tags.get("case");
    if (pair == null || name == null) {
      return;
    }
    String model = tags.getOrDefault("model", "");
    byCase
        .computeIfAbsent(model.isEmpty() ? name : model + " " + name, key -> new PairedHalves())
        .accept(pair, "structured".equals(tags.get("half")), request);
    String micros = tags.get(VALIDATION);
    if (micros != null && micros.matches("[0-9.]+(E[0-9]+)?")) {
      validation
          .computeIfAbsent(request.request(), key -> new Distribution("ms"))
          .add(Double.parseDouble(micros) / MICROS_PER_MILLI);
    }
  }

  @Override
  public void accept(TelemetrySample sample) {
    counters.accept(sample);
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    List<ResultTable> tables = new ArrayList<>();
    tables.add(differences());
    tables.add(quality.table());
    if (!counters.isEmpty()) {
      tables.add(counters.table());
    }
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>(quality.metrics());
    validation.forEach(
        (name, samples) -> {
          Map<String, MetricSummary> both =
              new LinkedHashMap<>(metrics.getOrDefault(name, Map.of()));
          both.put(SuiteMetric.VALIDATION_TIME.id(), samples.summarize("no answer was validated"));
          metrics.put(name, both);
        });
    return new SuiteResult("structured_vs_unstructured", metrics, tables, remarks());
  }

  private ResultTable differences() {
    return new ResultTable(
        "structured_minus_unstructured",
        "Structured − unstructured, pair by pair: means with 95 % intervals",
        ResultTable.columns(
            "case", "",
            "pairs", "",
            "timed_pairs", "",
            "latency", "ms",
            "latency_low", "ms",
            "latency_high", "ms",
            "counted_pairs", "",
            "output_tokens", "tok",
            "output_tokens_low", "tok",
            "output_tokens_high", "tok",
            "error_rate", "ratio",
            "error_rate_low", "ratio",
            "error_rate_high", "ratio"),
        byCase.entrySet().stream().map(entry -> entry.getValue().row(entry.getKey())).toList());
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    byCase.forEach(
        (name, halves) -> {
          Interval interval = halves.latencyInterval();
          if (interval == null) {
            remarks.add("The case " + name + " has fewer than two pairs with both answers.");
          } else {
            String verdict =
                interval.low() > 0
                    ? "the schema costs time"
                    : interval.high() < 0 ? "the schema saves time" : "no difference is certain";
            remarks.add(
                String.format(
                    Locale.ROOT,
                    "Latency of the case %s, structured − unstructured: %.1f to %.1f ms (95 %%), so %s.",
                    name,
                    interval.low(),
                    interval.high(),
                    verdict));
          }
        });
    return remarks;
  }
}
