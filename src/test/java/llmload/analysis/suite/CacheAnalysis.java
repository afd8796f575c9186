package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import llmload.metrics.Distribution;
import llmload.model.AgentTags;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/**
 * Cold, warm and hot starts by size of the cache, and what saving and loading cost.
 *
 * <p>Only OK requests count; medians over the repetitions of the same prompt. Where the server
 * loads by itself, a resume is the warm time to first token; where loading is a call of its own,
 * that call's time is part of it.
 */
final class CacheAnalysis implements SuiteAnalysis {
  private static final double MILLI = 1e6;
  private static final int FEWEST = 5;

  private static final class Size {
    final Map<String, Distribution> ttft = new TreeMap<>();
    final Distribution save = new Distribution("ms");
    final Distribution load = new Distribution("ms");
    final Distribution unload = new Distribution("ms");
    final Distribution resumed = new Distribution("ms");
    final Distribution inputs = new Distribution("tok");
    final Distribution outputs = new Distribution("tok");
    final Distribution cached = new Distribution("tok");

    OptionalDouble median(String state) {
      Distribution samples = ttft.get(state);
      return samples == null ? OptionalDouble.empty() : samples.percentile(50);
    }
  }

  private final String suite;
  private final String dialect;
  private final TreeMap<Integer, Size> sizes = new TreeMap<>();

  CacheAnalysis(RunManifest manifest) {
    suite = manifest.plan().kind();
    dialect = manifest.settings().getOrDefault("cache.dialect", "prefix");
  }

  private boolean savesItself() {
    return dialect.equals("agent-memory");
  }

  @Override
  public void accept(RequestRecord request) {
    Integer tokens = Numbers.whole(request.tags().get(AgentTags.CACHE_TOKENS));
    String step = request.tags().get(AgentTags.CACHE_STEP);
    if (tokens == null
        || step == null
        || request.phase() == Phase.WARMUP
        || !request.outcome().isOk()) {
      return;
    }
    Size size = sizes.computeIfAbsent(tokens, unused -> new Size());
    double endMillis = request.stamps().endNanos() / MILLI;
    switch (step) {
      case "save" -> size.save.add(endMillis);
      case "load" -> size.load.add(endMillis);
      case "unload" -> size.unload.add(endMillis);
      case "cold", "warm", "hot" -> generation(size, step, request);
      default -> {
        // Deleting is no measurement.
      }
    }
  }

  private void generation(Size size, String state, RequestRecord request) {
    Long first = request.stamps().firstTokenNanos();
    if (first != null) {
      size.ttft.computeIfAbsent(state, unused -> new Distribution("ms")).add(first / MILLI);
    }
    Integer input = request.usage().inputTokens();
    Integer output = request.usage().outputTokens();
    Integer cached = request.usage().cachedTokens();
    if (input != null) {
      size.inputs.add(input);
    }
    if (state.equals("warm")) {
      size.resumed.add(request.stamps().endNanos() / MILLI);
      if (output != null) {
        size.outputs.add(output);
      }
      if (cached != null) {
        size.cached.add(cached);
      }
    }
    Long last = request.stamps().lastTokenNanos();
    Long terminator = request.stamps().terminatorNanos();
    if (savesItself() && last != null && terminator != null) {
      size.save.add((terminator - last) / MILLI);
    }
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    List<String> remarks = new ArrayList<>();
    List<Double> speedups = new ArrayList<>();
    Size all = new Size();
    sizes.forEach(
        (tokens, size) -> {
          Double resume = resume(size);
          OptionalDouble cold = size.median("cold");
          Double speedup = resume == null || cold.isEmpty() ? null : cold.getAsDouble() / resume;
          rows.add(row(tokens, size, resume, speedup));
          metrics.put(tokens + "_tokens", summaries(size, speedup));
          if (speedup != null) {
            speedups.add(speedup);
            remarks.add(remark(tokens, cold.getAsDouble(), resume, speedup));
          }
          all.save.merge(size.save);
          all.load.merge(size.load);
          all.unload.merge(size.unload);
          shortOf(tokens, size, remarks);
        });
    metrics.put(
        RunMeasurements.ALL, summaries(all, speedups.stream().min(Double::compare).orElse(null)));
    return new SuiteResult(suite, metrics, List.of(table(rows)), remarks);
  }

  /** Time from asking for a session that is on disk to its first token. */
  private @Nullable Double resume(Size size) {
    OptionalDouble warm = size.median("warm");
    OptionalDouble load = size.load.percentile(50);
    if (warm.isEmpty()) {
      return null;
    }
    boolean apart = !savesItself() && load.isPresent();
    return warm.getAsDouble() + (apart ? load.getAsDouble() : 0);
  }

  private Map<String, MetricSummary> summaries(Size size, @Nullable Double speedup) {
    Map<String, MetricSummary> summaries = new LinkedHashMap<>();
    String none =
        "the server's cache dialect, " + dialect + ", has no such operation, or none was OK";
    summaries.put(SuiteMetric.CACHE_SAVE.id(), size.save.summarize(none));
    summaries.put(SuiteMetric.CACHE_LOAD.id(), size.load.summarize(none));
    summaries.put(SuiteMetric.CACHE_UNLOAD.id(), size.unload.summarize(none));
    summaries.put(
        SuiteMetric.RESUME_SPEEDUP.id(),
        speedup == null
            ? MetricSummary.absent(
                SuiteMetric.RESUME_SPEEDUP.unit(), "no cold and warm time to first token")
            : MetricSummary.ofValue(SuiteMetric.RESUME_SPEEDUP.unit(), speedup, 1));
    return summaries;
  }

  private static List<@Nullable Object> row(
      int tokens, Size size, @Nullable Double resume, @Nullable Double speedup) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(tokens);
    row.add(boxed(size.inputs.percentile(50)));
    row.add(boxed(size.median("cold")));
    row.add(boxed(size.median("warm")));
    row.add(boxed(size.median("hot")));
    row.add(boxed(size.save.percentile(50)));
    row.add(boxed(size.load.percentile(50)));
    row.add(boxed(size.unload.percentile(50)));
    row.add(resume);
    row.add(speedup);
    row.add(boxed(size.cached.percentile(50)));
    row.add(boxed(size.resumed.percentile(50)));
    row.add(boxed(size.outputs.percentile(50)));
    return row;
  }

  private static ResultTable table(List<List<@Nullable Object>> rows) {
    return new ResultTable(
        "cache_by_size",
        "Cold, warm and hot starts, medians",
        ResultTable.columns(
            "cache_tokens",
            "tok",
            "input_tokens",
            "tok",
            "cold_ttft",
            "ms",
            "warm_ttft",
            "ms",
            "hot_ttft",
            "ms",
            "save",
            "ms",
            "load",
            "ms",
            "unload",
            "ms",
            "resume",
            "ms",
            "speedup",
            "x",
            "cached_tokens",
            "tok",
            "resumed_e2e",
            "ms",
            "resumed_tokens",
            "tok"),
        rows);
  }

  private static void shortOf(int tokens, Size size, List<String> remarks) {
    long fewest =
        Stream.of("cold", "warm")
            .map(size.ttft::get)
            .mapToLong(samples -> samples == null ? 0 : samples.count())
            .min()
            .orElse(0);
    if (fewest < FEWEST) {
      remarks.add(
          "The medians of %d tokens rest on %d repetitions: ask for 5 or more."
              .formatted(tokens, fewest));
    }
  }

  private static String remark(int tokens, double cold, @Nullable Double resume, double speedup) {
    return String.format(
        Locale.ROOT,
        "A session of %d tokens resumes in %.1f ms, %.1f times as fast as the %.1f ms of a cold one.",
        tokens,
        resume,
        speedup,
        cold);
  }

  private static @Nullable Double boxed(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }
}
