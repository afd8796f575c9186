package llmload.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import llmload.metrics.timeline.Card;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.metrics.timeline.Tracks;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * What telemetry tells of a server while one workload ran. Keeps the samples of servers, their
 * processes and GPUs. Not safe for use by several threads.
 *
 * <p>A counter's growth is taken from the last sample before the workload, or its first, to the
 * first one after it, or its last; so it may hold up to one interval of what came before and after.
 * Servers and GPUs are added up. A counter that fell was restarted and tells nothing.
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

  private final Tracks tracks = new Tracks();

  /** Takes one sample; those of other sources are passed over. */
  public void add(TelemetrySample sample) {
    if (SOURCES.contains(sample.source())) {
      tracks.add(sample);
    }
  }

  /** The figures of the time between a workload's first request and its last end. */
  public ServerFigures during(ContractTally workload) {
    OptionalLong from = workload.firstSentNanos();
    OptionalLong to = workload.lastEndNanos();
    if (from.isEmpty() || to.isEmpty() || tracks.sources().isEmpty()) {
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
        prefixHits(span),
        evicted == null ? null : Long.valueOf(Math.round(evicted)),
        evictionSeconds == null ? null : Double.valueOf(evictionSeconds * MILLIS_PER_SECOND),
        share(TelemetryId.SPEC_ACCEPTED_TOKENS, TelemetryId.SPEC_DRAFT_TOKENS, span));
  }

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

  /** The peak of the share in use times the bytes there are, of all servers at one moment. */
  private @Nullable Double kvBytes(Span span) {
    List<Timeline> used = new ArrayList<>();
    for (Track track : tracks.of(SERVER)) {
      Timeline ratio = track.of(TelemetryId.KV_USED_RATIO);
      Double capacity = track.last(TelemetryId.KV_CAPACITY_BYTES);
      if (ratio == null || capacity == null) {
        return null;
      }
      used.add(ratio.times(capacity));
    }
    Gauge bytes = sum(used, span);
    return bytes == null ? null : Double.valueOf(bytes.peak);
  }

  /** All of a source added up; {@code null} if one of them does not tell it. */
  private @Nullable Gauge gauge(String source, TelemetryId id, Span span) {
    List<Track> all = tracks.of(source);
    List<Timeline> told = new ArrayList<>();
    for (Track track : source.equals(GPU) ? Card.each(Card.of(all), id) : all) {
      Timeline timeline = track.of(id);
      if (timeline == null) {
        return null;
      }
      told.add(timeline);
    }
    return sum(told, span);
  }

  private static @Nullable Gauge sum(List<Timeline> told, Span span) {
    if (told.isEmpty()) {
      return null;
    }
    IndexedSamples values = new IndexedSamples();
    for (double value : Timeline.sum(told, one -> Long.MAX_VALUE).valuesAround(span)) {
      values.add(value);
    }
    Double mean = values.mean();
    Double peak = values.percentile(1);
    return mean == null || peak == null ? null : new Gauge(peak, mean);
  }

  /** By tokens found, else by those looked up, which counts retries again. */
  private @Nullable Double prefixHits(Span span) {
    Double found = share(TelemetryId.PROMPT_CACHED_TOKENS, TelemetryId.PROMPT_TOKENS, span);
    return found == null
        ? share(TelemetryId.PREFIX_HIT_TOKENS, TelemetryId.PREFIX_QUERIED_TOKENS, span)
        : found;
  }

  private @Nullable Double share(TelemetryId part, TelemetryId whole, Span span) {
    Double parts = growth(part, span);
    Double all = growth(whole, span);
    return parts == null || all == null || all <= 0 ? null : Double.valueOf(parts / all);
  }

  private @Nullable Double growth(TelemetryId counter, Span span) {
    double sum = 0;
    boolean any = false;
    for (Track track : tracks.of(SERVER)) {
      Timeline timeline = track.of(counter);
      Growth growth = timeline == null ? null : timeline.growthAround(span);
      if (growth != null && growth.resetCount() > 0) {
        return null;
      }
      if (growth != null) {
        any = true;
        sum += growth.value();
      }
    }
    return any ? Double.valueOf(sum) : null;
  }
}
