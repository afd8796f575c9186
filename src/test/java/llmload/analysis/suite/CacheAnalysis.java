package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
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
 * that call's time is part of it. Which rounds count is {@link CacheSize}'s to say.
 */
final class CacheAnalysis implements SuiteAnalysis {
  private static final int FEWEST = 5;

  private final String suite;
  private final String dialect;
  private final TreeMap<Integer, CacheSize> sizes = new TreeMap<>();

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
    if (tokens == null || step == null || !request.outcome().isOk()) {
      return;
    }
    CacheSize size = sizes.computeIfAbsent(tokens, unused -> new CacheSize(dialect));
    Integer round = Numbers.whole(request.tags().get(AgentTags.CACHE_ROUND));
    if (request.phase() != Phase.WARMUP && round != null) {
      size.round(round).accept(step, request);
    } else if (request.phase() == Phase.WARMUP && step.equals("delete")) {
      size.beginsEmpty();
    }
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    List<String> remarks = new ArrayList<>();
    List<Double> speedups = new ArrayList<>();
    CacheSize all = new CacheSize(dialect);
    sizes.forEach(
        (tokens, size) -> {
          size.sumUp();
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
          all.uncountedSaves += size.uncountedSaves;
          all.uncountedStarts += size.uncountedStarts;
          shortOf(tokens, size, remarks);
          leftOut(tokens, size, remarks);
        });
    metrics.put(
        RunMeasurements.ALL, summaries(all, speedups.stream().min(Double::compare).orElse(null)));
    return new SuiteResult(suite, metrics, List.of(table(rows)), remarks);
  }

  /** Time from asking for a session that is on disk to its first token. */
  private @Nullable Double resume(CacheSize size) {
    OptionalDouble warm = size.median("warm");
    OptionalDouble load = size.load.percentile(50);
    if (warm.isEmpty()) {
      return null;
    }
    boolean apart = !savesItself() && load.isPresent();
    return warm.getAsDouble() + (apart ? load.getAsDouble() : 0);
  }

  private Map<String, MetricSummary> summaries(CacheSize size, @Nullable Double speedup) {
    Map<String, MetricSummary> summaries = new LinkedHashMap<>();
    String none =
        "the server's cache dialect, " + dialect + ", has no such operation, or none was OK";
    String lost =
        "of %d answers, none was followed by a call that found its session"
            .formatted(size.uncountedSaves);
    summaries.put(
        SuiteMetric.CACHE_SAVE.id(), size.save.summarize(size.uncountedSaves > 0 ? lost : none));
    summaries.put(SuiteMetric.CACHE_LOAD.id(), size.load.summarize(none));
    summaries.put(SuiteMetric.CACHE_UNLOAD.id(), size.unload.summarize(none));
    summaries.put(
        SuiteMetric.RESUME_SPEEDUP.id(),
        speedup == null
            ? MetricSummary.absent(
                SuiteMetric.RESUME_SPEEDUP.unit(),
                size.uncountedStarts > 0
                    ? "no cold start whose session had been deleted, or no warm one whose session"
                        + " the server knew"
                    : "no cold and warm time to first token")
            : MetricSummary.ofValue(SuiteMetric.RESUME_SPEEDUP.unit(), speedup, 1));
    return summaries;
  }

  private static List<@Nullable Object> row(
      int tokens, CacheSize size, @Nullable Double resume, @Nullable Double speedup) {
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

  private static void shortOf(int tokens, CacheSize size, List<String> remarks) {
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

  private static void leftOut(int tokens, CacheSize size, List<String> remarks) {
    if (size.uncountedStarts > 0) {
      remarks.add(
          ("%d starts of %d tokens do not count: a cold one needs a session that was deleted"
                  + " before, a warm one a session that the server found.")
              .formatted(size.uncountedStarts, tokens));
    }
    if (size.uncountedSaves > 0) {
      remarks.add(
          "%d saves of %d tokens do not count: no call after them found the session."
              .formatted(size.uncountedSaves, tokens));
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
