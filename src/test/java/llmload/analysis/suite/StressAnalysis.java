package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import llmload.metrics.Distribution;
import llmload.metrics.RequestMetrics;
import llmload.metrics.SpikeRate;
import llmload.metrics.StressResults;
import llmload.metrics.StressRules.Judgement;
import llmload.metrics.StressTally;
import llmload.metrics.StressTimeline;
import llmload.metrics.StressWindow;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import llmload.model.SuiteResult;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** The stress suite: what each load came to, where it breaks, and how much of it are spikes. */
final class StressAnalysis implements SuiteAnalysis {
  private static final String SUITE = "stress";
  private static final double PERCENT = 100;
  private static final String WHOSE = "; CPU and memory are those of the machine that sends";

  private final StressResults results;
  private final Distribution all = new Distribution(CoreMetric.E2E.unit());
  private final TreeMap<Integer, Distribution> byLength = new TreeMap<>();

  StressAnalysis(RunManifest manifest) {
    results = new StressResults(manifest);
  }

  @Override
  public void accept(RequestRecord request) {
    results.add(request);
    if (request.phase() == Phase.WARMUP || !request.outcome().isOk()) {
      return;
    }
    Integer tokens = request.usage().inputTokens();
    RequestMetrics.sample(CoreMetric.E2E, request)
        .ifPresent(
            millis -> {
              all.add(millis);
              if (tokens != null) {
                byLength
                    .computeIfAbsent(upTo(tokens), n -> new Distribution(CoreMetric.E2E.unit()))
                    .add(millis);
              }
            });
  }

  @Override
  public void accept(TelemetrySample sample) {
    results.add(sample);
  }

  /** The power of two that a prompt's length does not exceed. */
  private static int upTo(int tokens) {
    int limit = 1;
    while (limit < tokens && limit < 1 << 30) {
      limit *= 2;
    }
    return limit;
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    results.finish();
    List<ResultTable> tables = new ArrayList<>(List.of(tests(), stairs(), windows(), spikes()));
    tables.removeIf(table -> table.rows().isEmpty());
    return new SuiteResult(SUITE, Map.of(RunMeasurements.ALL, metrics()), tables, remarks());
  }

  private Map<String, MetricSummary> metrics() {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    put(
        metrics,
        SuiteMetric.SPIKE_RATE_ROBUST,
        SpikeRate.robust(all),
        all.count(),
        "fewer than 10 requests succeeded");
    put(
        metrics,
        SuiteMetric.SPIKE_RATE_VS_STEADY,
        SpikeRate.against(results.steadyLatencies(), results.burstLatencies()),
        results.burstLatencies().count(),
        "fewer than 10 requests succeeded in the bursts or in steady load");
    put(
        metrics,
        SuiteMetric.MAX_SUSTAINABLE_LOAD,
        number(results.sustained()),
        results.stairs().size(),
        "no load was borne");
    put(
        metrics,
        SuiteMetric.BREAKING_POINT,
        number(results.breakingPoint()),
        results.stairs().size(),
        results.stairs().isEmpty() ? "no stairs were climbed" : "no stair broke a rule");
    put(
        metrics,
        SuiteMetric.P95_DEGRADATION,
        results.parts().stream()
            .map(StressResults.Part::degradationRatio)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .max(),
        results.parts().size(),
        "no load was held long enough to compare its last window with its first");
    put(
        metrics,
        SuiteMetric.STABILITY,
        results.stabilityRatio(),
        results.judgedCount(),
        "no test could be judged");
    return metrics;
  }

  private static void put(
      Map<String, MetricSummary> metrics,
      Metric metric,
      OptionalDouble value,
      long count,
      String reason) {
    metrics.put(
        metric.id(),
        value.isPresent()
            ? MetricSummary.ofValue(metric.unit(), value.getAsDouble(), count)
            : MetricSummary.absent(metric.unit(), reason));
  }

  private static OptionalDouble number(OptionalInt value) {
    return value.isPresent() ? OptionalDouble.of(value.getAsInt()) : OptionalDouble.empty();
  }

  private ResultTable tests() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (StressResults.Part part : results.parts()) {
      Judgement judgement = results.judgement(part);
      List<@Nullable Object> row = row(part.name(), part.peakCount());
      row.addAll(numbers(part.judged()));
      row.add(judgement == null ? null : judgement.passed());
      row.add(judgement == null ? notJudged(part) : String.join("; ", judgement.broken()));
      rows.add(row);
    }
    return new ResultTable("tests", "Tests" + WHOSE, columns("test", "", "stable", ""), rows);
  }

  private String notJudged(StressResults.Part part) {
    String why = results.place().whyNotJudged();
    boolean watched = part.name().equals(StressResults.PRESSURE);
    return watched && why != null ? "not judged: " + why : "not judged";
  }

  private ResultTable stairs() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (StressResults.StairResult stair : results.stairs()) {
      List<@Nullable Object> row = row(stair.stage(), stair.userCount());
      row.addAll(numbers(stair.tally()));
      row.add(stair.judgement().passed());
      List<String> why = new ArrayList<>(stair.judgement().broken());
      stair.judgement().notJudged().forEach(rule -> why.add("not judged: " + rule));
      row.add(String.join("; ", why));
      rows.add(row);
    }
    return new ResultTable(
        "stairs", "Stairs to the breaking point" + WHOSE, columns("stage", "", "passed", ""), rows);
  }

  private ResultTable windows() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (StressResults.Part part : results.parts()) {
      if (!part.name().equals(StressResults.STAIRS)) {
        List<StressWindow> windows = part.timeline().windows();
        for (StressWindow window : windows) {
          Double error = window.errorRatio();
          Double worse = StressTimeline.degradationRatio(windows.get(0), window);
          rows.add(
              row(
                  part.name(),
                  window.fromSeconds(),
                  window.toSeconds(),
                  window.okCount(),
                  window.failedCount(),
                  error == null ? null : error * PERCENT,
                  window.p95Millis(),
                  worse == null ? null : worse * PERCENT));
        }
      }
    }
    return new ResultTable(
        "windows",
        "Errors and latency as time goes by",
        ResultTable.columns(
            "test",
            "",
            "from",
            "s",
            "to",
            "s",
            "ok",
            "",
            "failed",
            "",
            "errors",
            "%",
            "p95",
            "ms",
            "p95_degradation_pct",
            "%"),
        rows);
  }

  private static List<ResultTable.Column> columns(String first, String u1, String last, String u2) {
    List<ResultTable.Column> columns = new ArrayList<>();
    columns.addAll(ResultTable.columns(first, u1, "concurrency", "users"));
    columns.addAll(
        ResultTable.columns(
            "requests",
            "",
            "failed",
            "",
            "errors",
            "%",
            "p50",
            "ms",
            "p95",
            "ms",
            "requests_per_second",
            "req/s",
            "tokens_per_second",
            "tok/s",
            "cpu_mean",
            "%",
            "memory_peak",
            "%"));
    columns.addAll(ResultTable.columns(last, u2, "why", ""));
    return columns;
  }

  private static List<@Nullable Object> numbers(StressTally tally) {
    return row(
        tally.startedCount(),
        tally.failedCount(),
        percent(tally.errorRatio()),
        cell(tally.latencies().percentile(50)),
        cell(tally.latencies().percentile(95)),
        cell(tally.requestsPerSecond()),
        cell(tally.tokensPerSecond()),
        percent(tally.cpuMeanRatio()),
        percent(tally.memoryPeakRatio()));
  }

  private ResultTable spikes() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    if (!all.isEmpty()) {
      rows.add(spikes("all", all));
    }
    byLength.forEach((limit, latencies) -> rows.add(spikes("up to " + limit, latencies)));
    if (!results.burstLatencies().isEmpty()) {
      rows.add(spikes("bursts", results.burstLatencies()));
    }
    return new ResultTable(
        "spikes",
        "Spikes by prompt length, in tokens",
        ResultTable.columns(
            "prompts",
            "",
            "requests",
            "",
            "spike_rate_percent",
            "%",
            "spike_rate_robust_percent",
            "%",
            "spike_rate_vs_steady_percent",
            "%",
            "spike_rate_max_possible_percent",
            "%"),
        rows);
  }

  private List<@Nullable Object> spikes(String what, Distribution latencies) {
    return row(
        what,
        latencies.count(),
        percent(SpikeRate.of(latencies)),
        percent(SpikeRate.robust(latencies)),
        percent(SpikeRate.against(results.steadyLatencies(), latencies)),
        SpikeRate.MAX_RATIO * PERCENT);
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    String why = results.place().whyNotJudged();
    if (why != null) {
      remarks.add("This machine's CPU and memory are not judged: " + why + ".");
    }
    OptionalInt sustained = results.sustained();
    OptionalInt breaking = results.breakingPoint();
    results.stairs().stream()
        .filter(stair -> breaking.isPresent() && stair.userCount() == breaking.getAsInt())
        .forEach(
            stair ->
                remarks.add(
                    "The breaking point is %s at once: %s."
                        .formatted(
                            requests(stair.userCount()),
                            String.join("; ", stair.judgement().broken()))));
    if (!results.stairs().isEmpty() && breaking.isEmpty()) {
      remarks.add(
          "Nothing broke up to %s at once: raise stress.maxConcurrency to find the limit."
              .formatted(requests(sustained.orElse(0))));
    }
    if (sustained.isPresent()) {
      remarks.add("Borne: up to %s at once.".formatted(requests(sustained.getAsInt())));
    }
    for (StressResults.Part part : results.parts()) {
      Judgement judgement = results.judgement(part);
      if (judgement != null && !judgement.passed()) {
        remarks.add(
            "%s at %d was not stable: %s."
                .formatted(part.name(), part.peakCount(), String.join("; ", judgement.broken())));
      }
    }
    if (results.judgedCount() == 0) {
      return remarks;
    }
    remarks.add(
        "Stress grade %s: %d of %d judged tests were stable."
            .formatted(
                results.grade().name().toLowerCase(Locale.ROOT),
                results.stableCount(),
                results.judgedCount()));
    return remarks;
  }

  private static String requests(int count) {
    return count == 1 ? "1 request" : count + " requests";
  }

  private static List<@Nullable Object> row(@Nullable Object... cells) {
    return new ArrayList<>(Arrays.asList(cells));
  }

  private static @Nullable Double cell(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static @Nullable Double percent(OptionalDouble ratio) {
    return ratio.isPresent() ? ratio.getAsDouble() * PERCENT : null;
  }
}
