package llmload.analysis.suite;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import llmload.metrics.KvShape;
import llmload.metrics.LinearFit;
import llmload.model.AgentTags;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import llmload.model.SuiteResult;
import llmload.model.Tags;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * The server's memory with more and more sessions: per session, against theory, and as a line.
 *
 * <p>A step begins where the one before has its last answer; its memory is the median of the
 * readings from its own last answer to the first request of the next step.
 */
final class MemoryAnalysis implements SuiteAnalysis {
  private static final double MEBI = 1 << 20;
  private static final int SHAPE_NUMBERS = 5;

  private final String suite;
  private final MemoryReadings readings = new MemoryReadings();
  private final TreeMap<Integer, long[]> spans = new TreeMap<>();
  private final TreeMap<Integer, Map<String, Integer>> tokens = new TreeMap<>();
  private @Nullable KvShape shape;

  MemoryAnalysis(RunManifest manifest) {
    suite = manifest.plan().kind();
    shape = given(manifest.settings().get("memory.kvShape"));
  }

  private static @Nullable KvShape given(@Nullable String words) {
    if (words == null || words.isBlank()) {
      return null;
    }
    String[] parts = words.split(",", -1);
    Integer[] numbers = new Integer[SHAPE_NUMBERS];
    for (int i = 0; i < SHAPE_NUMBERS; i++) {
      numbers[i] = i < parts.length ? Numbers.whole(parts[i].strip()) : null;
    }
    return shape(numbers);
  }

  private static @Nullable KvShape shape(@Nullable Integer[] numbers) {
    int[] found = new int[SHAPE_NUMBERS];
    for (int i = 0; i < SHAPE_NUMBERS; i++) {
      Integer number = numbers[i];
      if (number == null || number < 1) {
        return null;
      }
      found[i] = number;
    }
    return new KvShape(found[0], found[1], found[2], found[3], found[4]);
  }

  @Override
  public void accept(TelemetrySample sample) {
    readings.add(sample);
  }

  @Override
  public void accept(RequestRecord request) {
    if (request.phase() == Phase.WARMUP || !request.outcome().isOk()) {
      return;
    }
    readings.add(request);
    told(request);
    Integer step = Numbers.whole(request.tags().get(AgentTags.SESSIONS));
    if (step == null || !request.isGeneration()) {
      return;
    }
    long[] span =
        spans.computeIfAbsent(step, unused -> new long[] {request.sentNanos(), Long.MIN_VALUE});
    span[0] = Math.min(span[0], request.sentNanos());
    span[1] = Math.max(span[1], request.endedNanos());
    Integer input = request.usage().inputTokens();
    Integer output = request.usage().outputTokens();
    if (input != null && output != null && request.session() != null) {
      tokens
          .computeIfAbsent(step, unused -> new HashMap<>())
          .merge(request.session(), input + output, Math::max);
    }
  }

  /** The shape of the cache as the server tells it; what the settings say counts more. */
  private void told(RequestRecord request) {
    if (shape == null) {
      String[] names = AgentTags.shape();
      Integer[] numbers = new Integer[SHAPE_NUMBERS];
      for (int i = 0; i < SHAPE_NUMBERS; i++) {
        Double number = Numbers.decimal(request.tags().get(Tags.CHECK_PREFIX + names[i]));
        numbers[i] = number == null ? null : Integer.valueOf(number.intValue());
      }
      shape = shape(numbers);
    }
  }

  /** One step's numbers; what is not known is {@code null}. */
  private record Step(
      int sessions,
      long tokenCount,
      @Nullable Double totalBytes,
      @Nullable Double cacheBytes,
      @Nullable Double theoreticalBytes,
      @Nullable Double paddingRatio) {
    @Nullable Double perSession() {
      return cacheBytes == null ? null : cacheBytes / sessions;
    }

    @Nullable Double overhead() {
      return cacheBytes == null || theoreticalBytes == null || theoreticalBytes == 0
          ? null
          : (cacheBytes - theoreticalBytes) / theoreticalBytes;
    }
  }

  private static @Nullable Double mebi(@Nullable Double bytes) {
    return bytes == null ? null : bytes / MEBI;
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    Double before =
        spans.isEmpty() ? null : readings.median(Long.MIN_VALUE, spans.firstEntry().getValue()[0]);
    List<Step> steps = new ArrayList<>();
    Map<String, Integer> known = new HashMap<>();
    spans.forEach(
        (sessions, span) -> {
          Map.Entry<Integer, long[]> next = spans.higherEntry(sessions);
          Double total =
              readings.median(span[1], next == null ? Long.MAX_VALUE : next.getValue()[0]);
          known.putAll(tokens.getOrDefault(sessions, Map.of()));
          steps.add(step(sessions, known, total, before));
        });
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    steps.forEach(step -> metrics.put("sessions_" + step.sessions(), summaries(step)));
    return new SuiteResult(
        suite, metrics, List.of(scaling(steps), model(steps, before)), remarks(steps));
  }

  private Step step(
      int sessions, Map<String, Integer> known, @Nullable Double total, @Nullable Double before) {
    KvShape cacheShape = shape;
    long sum = known.values().stream().mapToLong(Integer::longValue).sum();
    // Sessions whose tokens nobody counted cannot be compared with theory.
    boolean counted = known.size() == sessions && sum > 0;
    Double theoretical = null;
    Double padding = null;
    if (cacheShape != null && counted) {
      theoretical = known.values().stream().mapToDouble(cacheShape::bytes).sum();
      padding = known.values().stream().mapToLong(cacheShape::paddingTokens).sum() / (double) sum;
    }
    Double cache = total == null || before == null ? null : total - before;
    return new Step(sessions, counted ? sum : 0, total, cache, theoretical, padding);
  }

  private Map<String, MetricSummary> summaries(Step step) {
    String unread = readings.absence();
    String noMemory =
        unread == null ? "no reading of the server's memory before and with the sessions" : unread;
    String noShape = "the shape of the model's cache or the sessions' tokens are not known";
    Map<String, MetricSummary> summaries = new LinkedHashMap<>();
    put(summaries, SuiteMetric.CACHE_MEMORY, mebi(step.cacheBytes()), noMemory);
    put(summaries, SuiteMetric.MEMORY_PER_AGENT, mebi(step.perSession()), noMemory);
    put(summaries, SuiteMetric.MEMORY_OVERHEAD, step.overhead(), noMemory + ", or " + noShape);
    put(summaries, SuiteMetric.PADDING_OVERHEAD, step.paddingRatio(), noShape);
    return summaries;
  }

  private static void put(
      Map<String, MetricSummary> into, Metric id, @Nullable Double value, String reason) {
    into.put(
        id.id(),
        value == null
            ? MetricSummary.absent(id.unit(), reason)
            : MetricSummary.ofValue(id.unit(), value, 1));
  }

  private static ResultTable scaling(List<Step> steps) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Step step : steps) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(step.sessions());
      row.add(step.tokenCount() == 0 ? null : step.tokenCount());
      Double total = mebi(step.totalBytes());
      row.add(total);
      row.add(mebi(step.cacheBytes()));
      row.add(mebi(step.perSession()));
      row.add(total == null ? null : total / step.sessions());
      row.add(mebi(step.theoreticalBytes()));
      row.add(step.overhead());
      row.add(step.paddingRatio());
      rows.add(row);
    }
    return new ResultTable(
        "memory_scaling",
        "Memory by number of sessions",
        ResultTable.columns(
            "sessions",
            "",
            "tokens",
            "tok",
            "total_memory",
            "MiB",
            "cache_memory",
            "MiB",
            "memory_per_session",
            "MiB",
            "total_memory_per_session",
            "MiB",
            "theoretical_memory",
            "MiB",
            "memory_overhead",
            "ratio",
            "padding_overhead",
            "ratio"),
        rows);
  }

  /** MiB over sessions. */
  private static Optional<LinearFit> fit(List<Step> steps) {
    List<Step> read = steps.stream().filter(step -> step.totalBytes() != null).toList();
    return LinearFit.of(
        read.stream().mapToDouble(Step::sessions).toArray(),
        read.stream().mapToDouble(step -> requireNonNull(step.totalBytes()) / MEBI).toArray());
  }

  private static ResultTable model(List<Step> steps, @Nullable Double before) {
    Optional<LinearFit> fit = fit(steps);
    Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
    Double cache = last == null ? null : last.cacheBytes();
    List<@Nullable Object> row = new ArrayList<>();
    row.add(mebi(before));
    row.add(mebi(cache));
    row.add(cache == null || before == null || before == 0 ? null : cache / before);
    row.add(fit.map(LinearFit::slope).orElse(null));
    row.add(fit.map(LinearFit::intercept).orElse(null));
    row.add(fit.map(LinearFit::determination).orElse(null));
    return new ResultTable(
        "memory_model",
        "Cache against model, and the line through the steps",
        ResultTable.columns(
            "model_memory",
            "MiB",
            "cache_memory",
            "MiB",
            "cache_model_ratio",
            "ratio",
            "slope_per_session",
            "MiB",
            "intercept",
            "MiB",
            "r_squared",
            "ratio"),
        List.of(row));
  }

  private List<String> remarks(List<Step> steps) {
    List<String> remarks = new ArrayList<>();
    String unread = readings.absence();
    remarks.add(
        unread == null
            ? "Memory is by " + readings.source() + "."
            : "The server's memory: " + unread + ".");
    fit(steps)
        .ifPresent(
            fit ->
                remarks.add(
                    String.format(
                        Locale.ROOT,
                        "Each session adds %.3f MiB (r² %.4f); a line through all steps meets none"
                            + " at %.1f MiB.",
                        fit.slope(),
                        fit.determination(),
                        fit.intercept())));
    return remarks;
  }
}
