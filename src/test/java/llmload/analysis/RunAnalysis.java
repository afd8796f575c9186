package llmload.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import llmload.analysis.InjectorCollector.Journal;
import llmload.metrics.Distribution;
import llmload.metrics.GoodputLimits;
import llmload.metrics.RequestMetrics;
import llmload.model.CoreMetric;
import llmload.model.DistributionShape;
import llmload.model.Flag;
import llmload.model.JournalFooter;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.Statistic;
import llmload.model.Tags;
import llmload.model.Target;
import llmload.model.TelemetrySample;
import llmload.model.TokenCountSource;
import org.jspecify.annotations.Nullable;

/**
 * Measures a run from its records, in one pass and in any order.
 *
 * <p>Feed it every record and sample, then {@link #finish} once. Memory does not grow with the
 * number of requests beyond what {@link Distribution} keeps; at most {@link #SCOPES_KEPT} request
 * names have metrics of their own, further ones are in {@code all} and in the counts. Not safe for
 * use by several threads.
 */
public final class RunAnalysis {
  /** The most request names, of either sort, that have a scope of their own. */
  public static final int SCOPES_KEPT = 50;

  private static final String NO_FAILED_STREAM = "no stream failed after its first token";

  private final RunManifest manifest;
  private final CountTally total;
  private final Map<String, CountTally> byRequest = new TreeMap<>();
  private final Map<String, ScopeCollector> generating = new HashMap<>();
  private final Map<String, ScopeCollector> others = new HashMap<>();
  private final ScopeCollector unnamed;
  private final Window measured = new Window();
  private final Window ended = new Window();
  private final Distribution failedStreamTtft = new Distribution(CoreMetric.TTFT.unit());
  private final InjectorCollector injector = new InjectorCollector();
  private final SeriesCollector series = new SeriesCollector();
  private final ErrorTally errors = new ErrorTally();
  private final Map<Flag, Long> flags = new EnumMap<>(Flag.class);
  private final Map<TokenCountSource, Long> tokenSources = new EnumMap<>(TokenCountSource.class);

  /** An analysis of the run that {@code manifest} describes. */
  public RunAnalysis(RunManifest manifest) {
    this.manifest = manifest;
    this.total = new CountTally(manifest.endedNanos());
    this.unnamed = scope(true, RunMeasurements.ALL);
  }

  /** Takes one request. A warm-up request is counted and otherwise passed over. */
  public void accept(RequestRecord request) {
    total.add(request);
    byRequest
        .computeIfAbsent(request.request(), name -> new CountTally(manifest.endedNanos()))
        .add(request);
    if (request.phase() == Phase.WARMUP) {
      return;
    }
    measured.include(request.sentNanos(), request.endedNanos());
    injector.add(request);
    series.add(request);
    boolean generation = request.isGeneration();
    ScopeCollector scope = scopeOf(request.request(), generation);
    if (scope != null) {
      scope.add(request);
    }
    if (request.outcome().isOk() || request.outcome().isFailed()) {
      acceptEnded(request);
    }
  }

  private void acceptEnded(RequestRecord request) {
    ended.include(request.sentNanos(), request.endedNanos());
    countFlags(request.tags().get(Tags.FLAGS));
    if (request.outcome().isFailed()) {
      errors.add(request);
      RequestMetrics.forEachSample(CoreMetric.TTFT, request, failedStreamTtft);
    } else if (request.usage().source() != null) {
      tokenSources.merge(request.usage().source(), 1L, Long::sum);
    }
  }

  /** Takes one telemetry sample; only the injector's own bear on the measurements. */
  public void accept(TelemetrySample sample) {
    injector.add(sample);
  }

  /**
   * The measurements of everything taken.
   *
   * @param footer the journal's last line; {@code null} if it has none
   * @param rowCount request lines that the journal's reader read
   * @param tornCount lines that it could not read
   */
  public RunMeasurements finish(@Nullable JournalFooter footer, long rowCount, long tornCount) {
    Journal journal = new Journal(footer, rowCount, tornCount, total.startedCount());
    Map<String, ScopeSummary> scopes = scopes();
    return new RunMeasurements(
        ended.seconds().orElse(0),
        total.counts(footer),
        byMeasuredRequest(tally -> tally.counts(null)),
        metrics(scopes),
        shapes(scopes),
        failedStreamTtft.summarize(NO_FAILED_STREAM),
        injector.health(measured, journal, manifest),
        series.points(),
        errors.examples(),
        Collections.unmodifiableMap(new EnumMap<>(flags)),
        Collections.unmodifiableMap(new EnumMap<>(tokenSources)),
        byMeasuredRequest(CountTally::inTime),
        footer);
  }

  /** The scopes in the order of the report: all, then each by name. */
  private Map<String, ScopeSummary> scopes() {
    ScopeCollector all = scope(true, RunMeasurements.ALL);
    generating.forEach((name, scope) -> all.merge(scope));
    all.merge(unnamed);
    Map<String, ScopeSummary> scopes = new LinkedHashMap<>();
    scopes.put(RunMeasurements.ALL, new ScopeSummary(all));
    Map<String, ScopeCollector> named = new TreeMap<>(others);
    named.putAll(generating);
    named.forEach((name, scope) -> scopes.putIfAbsent(name, new ScopeSummary(scope)));
    return scopes;
  }

  private Map<String, Map<String, MetricSummary>> metrics(Map<String, ScopeSummary> scopes) {
    Map<String, Collection<Statistic>> wanted = wantedPercentiles();
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    scopes.forEach((name, scope) -> metrics.put(name, scope.metrics(wanted)));
    return Collections.unmodifiableMap(metrics);
  }

  private static Map<String, Map<String, DistributionShape>> shapes(
      Map<String, ScopeSummary> scopes) {
    Map<String, Map<String, DistributionShape>> shapes = new LinkedHashMap<>();
    scopes.forEach((name, scope) -> shapes.put(name, scope.shapes()));
    shapes.values().removeIf(Map::isEmpty);
    return Collections.unmodifiableMap(shapes);
  }

  private Map<String, Collection<Statistic>> wantedPercentiles() {
    Map<String, Collection<Statistic>> wanted = new HashMap<>();
    for (Target target : manifest.targets()) {
      wanted.computeIfAbsent(target.metric(), metric -> new ArrayList<>()).add(target.statistic());
    }
    return wanted;
  }

  /** The collector of a request; {@code null} for one that no scope has room for. */
  private @Nullable ScopeCollector scopeOf(String name, boolean generation) {
    Map<String, ScopeCollector> scopes = generation ? generating : others;
    ScopeCollector known = scopes.get(name);
    if (known != null) {
      return known;
    }
    if (scopes.size() >= SCOPES_KEPT) {
      return generation ? unnamed : null;
    }
    ScopeCollector created = scope(generation, name);
    scopes.put(name, created);
    return created;
  }

  private ScopeCollector scope(boolean generation, String name) {
    return new ScopeCollector(generation, GoodputLimits.of(manifest.targets(), name));
  }

  private <T> Map<String, T> byMeasuredRequest(Function<CountTally, T> part) {
    Map<String, T> parts = new LinkedHashMap<>();
    byRequest.forEach(
        (name, tally) -> {
          if (tally.startedCount() > 0) {
            parts.put(name, part.apply(tally));
          }
        });
    return Collections.unmodifiableMap(parts);
  }

  private void countFlags(@Nullable String words) {
    if (words == null) {
      return;
    }
    TreeSet<String> found = new TreeSet<>(List.of(words.split(",", -1)));
    for (Flag flag : Flag.values()) {
      if (found.contains(flag.id())) {
        flags.merge(flag, 1L, Long::sum);
      }
    }
  }
}
