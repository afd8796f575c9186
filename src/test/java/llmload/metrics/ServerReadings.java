package llmload.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * What telemetry tells of a server while one workload ran. Keeps the samples of servers, their
 * processes and GPUs. Not safe for use by several threads.
 *
 * <p>A counter's growth is taken from the last sample before the workload, or its first, to the
 * first one after it, or its last; so it may hold up to one interval of what came before and after.
 * Servers are told apart by their address, GPUs by their UUID, and are added up. A counter that
 * fell was restarted and tells nothing.
 */
public final class ServerReadings {
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final String SERVER = "server";
  private static final String GPU = "gpu";
  private static final String PROCESS = "process";
  private static final Set<String> SOURCES = Set.of(SERVER, GPU, PROCESS);

  /** Where memory is told, the best first. */
  private static final List<Place> MEMORY =
      List.of(
          new Place(SERVER, TelemetryId.MEMORY_USED_BYTES),
          new Place(GPU, TelemetryId.MEMORY_USED_BYTES),
          new Place(SERVER, TelemetryId.PROCESS_RSS_BYTES),
          new Place(PROCESS, TelemetryId.RSS_BYTES));

  /** Labels that say how a server or GPU was read, or come with its first request. */
  private static final Set<String> PASSING = Set.of("via", "model", "kvCapacity", "by");

  /** Labels that tell one GPU or part of one from all others, whoever reads it. */
  private static final Set<String> GPU_PART = Set.of("uuid", "mig", "partition");

  private final Map<String, Map<Map<String, String>, List<TelemetrySample>>> bySource =
      new LinkedHashMap<>();

  /** The same, as a Prometheus server kept them: for sources that were not read otherwise. */
  private final Map<String, Map<Map<String, String>, List<TelemetrySample>>> keptBySource =
      new LinkedHashMap<>();

  /** Takes one sample; those of other sources are passed over. */
  public void add(TelemetrySample sample) {
    if (SOURCES.contains(sample.source())) {
      (sample.labels().containsKey("by") ? keptBySource : bySource)
          .computeIfAbsent(sample.source(), source -> new LinkedHashMap<>())
          .computeIfAbsent(who(sample.labels()), labels -> new ArrayList<>())
          .add(sample);
    }
  }

  private static Map<String, String> who(Map<String, String> labels) {
    Map<String, String> who = new HashMap<>(labels);
    if (labels.containsKey("uuid")) {
      who.keySet().retainAll(GPU_PART);
    } else {
      who.keySet().removeAll(PASSING);
    }
    return who;
  }

  private Collection<List<TelemetrySample>> of(String source) {
    return bySource.getOrDefault(source, keptBySource.getOrDefault(source, Map.of())).values();
  }

  /** The figures of the time between a workload's first request and its last end. */
  public ServerFigures during(ContractTally workload) {
    OptionalLong from = workload.firstSentNanos();
    OptionalLong to = workload.lastEndNanos();
    if (from.isEmpty() || to.isEmpty() || (bySource.isEmpty() && keptBySource.isEmpty())) {
      return ServerFigures.NONE;
    }
    Span span = new Span(from.getAsLong(), to.getAsLong());
    Gauge memory = memory(span);
    Gauge kvTokens = gauge(SERVER, TelemetryId.KV_USED_TOKENS, span);
    Double evicted = growth(TelemetryId.EVICTED_BLOCKS_COUNT, span);
    Double evictionSeconds = growth(TelemetryId.EVICTION_SECONDS, span);
    return new ServerFigures(
        memory == null ? null : Double.valueOf(memory.peak),
        memory == null ? null : Double.valueOf(memory.mean),
        kvTokens == null ? null : Double.valueOf(kvTokens.peak),
        kvBytes(span),
        share(TelemetryId.PREFIX_HIT_TOKENS, TelemetryId.PREFIX_QUERIED_TOKENS, span),
        evicted == null ? null : Long.valueOf(Math.round(evicted)),
        evictionSeconds == null ? null : Double.valueOf(evictionSeconds * MILLIS_PER_SECOND),
        share(TelemetryId.SPEC_ACCEPTED_TOKENS, TelemetryId.SPEC_DRAFT_TOKENS, span));
  }

  private record Span(long fromNanos, long toNanos) {}

  private record Place(String source, TelemetryId id) {}

  /** Both in the unit of what was read. */
  private static final class Gauge {
    private final double peak;
    private final double mean;

    Gauge(double peak, double mean) {
      this.peak = peak;
      this.mean = mean;
    }
  }

  /** A GPU's memory where one is read, else the resident memory of the server's process. */
  private @Nullable Gauge memory(Span span) {
    for (Place place : MEMORY) {
      Gauge gauge = gauge(place.source, place.id, span);
      if (gauge != null) {
        return gauge;
      }
    }
    return null;
  }

  /** The peak of the share in use times the bytes there are, of each server, added up. */
  private @Nullable Double kvBytes(Span span) {
    double sum = 0;
    boolean any = false;
    for (List<TelemetrySample> samples : of(SERVER)) {
      Gauge ratio = gauge(samples, TelemetryId.KV_USED_RATIO, span);
      Gauge capacity = gauge(samples, TelemetryId.KV_CAPACITY_BYTES, span);
      if (ratio != null && capacity != null) {
        any = true;
        sum += ratio.peak * capacity.peak;
      }
    }
    return any ? Double.valueOf(sum) : null;
  }

  /** The sums over all of a source of each one's peak and mean; {@code null} if none was read. */
  private @Nullable Gauge gauge(String source, TelemetryId id, Span span) {
    double peak = 0;
    double mean = 0;
    boolean any = false;
    for (List<TelemetrySample> samples : of(source)) {
      Gauge own = gauge(samples, id, span);
      if (own != null) {
        any = true;
        mean += own.mean;
        peak += own.peak;
      }
    }
    return any ? new Gauge(peak, mean) : null;
  }

  private static @Nullable Gauge gauge(List<TelemetrySample> samples, TelemetryId id, Span span) {
    IndexedSamples values = new IndexedSamples();
    for (TelemetrySample sample : around(samples, span)) {
      Double value = sample.values().get(id.id());
      if (value != null) {
        values.add(value);
      }
    }
    Double mean = values.mean();
    Double peak = values.percentile(1);
    return mean == null || peak == null ? null : new Gauge(peak, mean);
  }

  private @Nullable Double share(TelemetryId part, TelemetryId whole, Span span) {
    Double parts = growth(part, span);
    Double all = growth(whole, span);
    return parts == null || all == null || all <= 0 ? null : Double.valueOf(parts / all);
  }

  private @Nullable Double growth(TelemetryId counter, Span span) {
    double sum = 0;
    boolean any = false;
    for (List<TelemetrySample> samples : of(SERVER)) {
      Double before = null;
      Double last = null;
      for (TelemetrySample sample : around(samples, span)) {
        Double value = sample.values().get(counter.id());
        if (value == null) {
          continue;
        }
        if (last != null && value < last) {
          return null;
        }
        before = before == null ? value : before;
        last = value;
      }
      if (before != null && last != null) {
        any = true;
        sum += last - before;
      }
    }
    return any ? Double.valueOf(sum) : null;
  }

  /** The samples within the span, and the nearest on each side of it. */
  private static List<TelemetrySample> around(List<TelemetrySample> samples, Span span) {
    List<TelemetrySample> chosen = new ArrayList<>();
    TelemetrySample before = null;
    for (TelemetrySample sample : samples) {
      if (sample.atNanos() <= span.fromNanos()) {
        before = sample;
        continue;
      }
      if (before != null) {
        chosen.add(before);
        before = null;
      }
      chosen.add(sample);
      if (sample.atNanos() >= span.toNanos()) {
        break;
      }
    }
    return chosen;
  }
}
