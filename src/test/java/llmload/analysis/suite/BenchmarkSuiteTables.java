package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.metrics.Distribution;
import llmload.metrics.PartTally;
import llmload.metrics.ResourceUse;
import llmload.metrics.SpikeRate;
import llmload.metrics.SuiteResults;
import llmload.model.ResultTable;
import org.jspecify.annotations.Nullable;

/** The tables of mini-biai-1's suite. */
final class BenchmarkSuiteTables {
  private static final double PERCENT = 100;
  private static final double MIB = 1024.0 * 1024.0;
  private static final String MILLIS = "ms";
  private static final String RATE = "tok/s";
  private static final String SHARE = "%";

  private final SuiteResults results;
  private final boolean energy;

  BenchmarkSuiteTables(SuiteResults results, boolean energy) {
    this.results = results;
    this.energy = energy;
  }

  /** Every table that has a row. */
  List<ResultTable> all() {
    return List.of(lengths(), latencies(), batches(), levels(), resources()).stream()
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  private ResultTable lengths() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    results
        .words()
        .forEach(
            (words, part) ->
                rows.add(
                    row(
                        words,
                        part.okCount(),
                        part.failedCount(),
                        cell(part.speed().mean()),
                        cell(part.ttft().percentile(50)),
                        cell(part.ttft().percentile(95)),
                        cell(part.e2e().percentile(50)),
                        cell(part.e2e().percentile(95)),
                        percent(SpikeRate.of(part.e2e())),
                        percent(SpikeRate.robust(part.e2e())))));
    return new ResultTable(
        SuiteResults.THROUGHPUT,
        "Token throughput by prompt length, one request at a time",
        columns(
            "words", "",
            "succeeded", "",
            "failed", "",
            "tokens_per_second", RATE,
            "ttft_p50", MILLIS,
            "ttft_p95", MILLIS,
            "e2e_p50", MILLIS,
            "e2e_p95", MILLIS,
            "spike_rate_percent", SHARE,
            "spike_rate_robust_percent", SHARE),
        rows);
  }

  /** The suite's list of statistics, of the latencies that its targets are about. */
  private ResultTable latencies() {
    Map<String, Distribution> all = new LinkedHashMap<>();
    all.put("token_throughput ttft", results.throughput().ttft());
    all.put("token_throughput e2e", results.throughput().e2e());
    all.put("retrieval e2e", results.retrieval().e2e());
    List<List<@Nullable Object>> rows = new ArrayList<>();
    all.forEach(
        (name, latencies) -> {
          if (!latencies.isEmpty()) {
            rows.add(
                row(
                    name,
                    latencies.count(),
                    cell(latencies.mean()),
                    cell(latencies.std()),
                    cell(latencies.min()),
                    cell(latencies.percentile(50)),
                    cell(latencies.percentile(95)),
                    cell(latencies.percentile(99)),
                    cell(latencies.percentile(99.9)),
                    cell(latencies.max())));
          }
        });
    return new ResultTable(
        "latencies",
        "Latencies",
        columns(
            "what", "",
            "samples", "",
            "mean", MILLIS,
            "std", MILLIS,
            "min", MILLIS,
            "p50", MILLIS,
            "p95", MILLIS,
            "p99", MILLIS,
            "p999", MILLIS,
            "max", MILLIS),
        rows);
  }

  private ResultTable batches() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    SuiteResults.Batches one = results.batches().get(1);
    double single = one == null ? 0 : one.tokensPerSecond().orElse(0);
    results
        .batches()
        .forEach(
            (size, batch) -> {
              OptionalDouble speed = batch.tokensPerSecond();
              rows.add(
                  row(
                      size,
                      batch.waveCount(),
                      batch.requests().failedCount(),
                      cell(speed),
                      single > 0 && speed.isPresent() ? speed.getAsDouble() / single : null,
                      cell(batch.requests().speed().mean()),
                      cell(batch.requests().ttft().percentile(50)),
                      cell(batch.requests().e2e().percentile(95))));
            });
    return new ResultTable(
        "batches",
        "Token throughput by batch size, all of a batch at once",
        columns(
            "batch",
            "",
            "batches",
            "",
            "failed",
            "",
            "tokens_per_second",
            RATE,
            "speedup",
            "",
            "tokens_per_second_per_user",
            RATE,
            "ttft_p50",
            MILLIS,
            "e2e_p95",
            MILLIS),
        rows);
  }

  private ResultTable levels() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    results
        .levels()
        .forEach(
            (level, part) ->
                rows.add(
                    row(
                        level,
                        part.okCount(),
                        part.failedCount(),
                        percent(part.errorRatio()),
                        cell(part.requestsPerSecond()),
                        cell(part.tokensPerSecond()),
                        cell(part.e2e().percentile(50)),
                        cell(part.e2e().percentile(95)),
                        SuiteResults.isStable(part))));
    return new ResultTable(
        "stress",
        "Growing concurrency",
        columns(
            "concurrency", "users",
            "succeeded", "",
            "failed", "",
            "errors", SHARE,
            "requests_per_second", "req/s",
            "tokens_per_second", RATE,
            "e2e_p50", MILLIS,
            "e2e_p95", MILLIS,
            "stable", ""),
        rows);
  }

  /** Each part's share of the machines, and of the energy. */
  private ResultTable resources() {
    Map<String, PartTally> parts = new LinkedHashMap<>();
    parts.put(SuiteResults.THROUGHPUT, results.throughput());
    results.batches().forEach((n, batch) -> parts.put(SuiteResults.BATCH + n, batch.requests()));
    parts.put(SuiteResults.RETRIEVAL, results.retrieval());
    results.levels().forEach((n, level) -> parts.put(SuiteResults.LEVEL + n, level));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    parts.forEach(
        (name, part) -> {
          if (!part.isEmpty()) {
            rows.add(use(name, part));
          }
        });
    return new ResultTable(
        "resources",
        "What the machines did meanwhile: the host is the injector's, the process the server's",
        columns(
            "part", "",
            "host_cpu_mean", SHARE,
            "host_memory_peak", SHARE,
            "process_memory_peak", "MiB",
            "gpu_busy_mean", SHARE,
            "gpu_memory_peak", "MiB",
            "gpu_peak", "°C",
            "energy", "J",
            "power_mean", "W",
            "energy_per_token", "J/tok"),
        rows);
  }

  private List<@Nullable Object> use(String name, PartTally part) {
    long from = part.firstSentNanos();
    long to = part.lastEndNanos();
    ResourceUse use = results.resources();
    OptionalDouble joules = energy ? use.energyJoules(from, to) : OptionalDouble.empty();
    double seconds = part.seconds().orElse(0);
    boolean known = joules.isPresent() && seconds > 0;
    boolean shared = known && part.outputTokenCount() > 0;
    return row(
        name,
        percent(use.cpuMeanRatio(from, to)),
        percent(use.memoryPeakRatio(from, to)),
        mebibytes(use.processPeakBytes(from, to)),
        percent(use.gpuMeanRatio(from, to)),
        mebibytes(use.gpuMemoryPeakBytes(from, to)),
        cell(use.gpuPeakCelsius(from, to)),
        cell(joules),
        known ? joules.getAsDouble() / seconds : null,
        shared ? joules.getAsDouble() / part.outputTokenCount() : null);
  }

  private static List<ResultTable.Column> columns(String... namesAndUnits) {
    return ResultTable.columns(namesAndUnits);
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

  private static @Nullable Double mebibytes(OptionalDouble bytes) {
    return bytes.isPresent() ? bytes.getAsDouble() / MIB : null;
  }
}
