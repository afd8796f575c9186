package llmload.metrics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.EnergyRules;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Levels;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.metrics.timeline.Tracks;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * Memory, processors, GPUs and energy over any stretch of a run, from its telemetry, by the rules
 * that hold for the whole run. Not safe for use by several threads.
 */
public final class ResourceUse {
  private static final String HOST = "host";
  private static final String GPU = "gpu";
  private static final String PROCESS = "process";

  private final Tracks tracks = new Tracks();
  private final Coverage coverage;
  private final EnergyRules energy;

  /** By the rules on when a number counts. */
  public ResourceUse(Coverage coverage) {
    this.coverage = coverage;
    this.energy = new EnergyRules(coverage);
  }

  /** Takes one sample. */
  public void add(TelemetrySample sample) {
    tracks.add(sample);
  }

  /** The highest share of the host's memory in use. */
  public OptionalDouble memoryPeakRatio(long fromNanos, long toNanos) {
    return ofTotal(max(level(host(), TelemetryId.MEMORY_USED_BYTES, fromNanos, toNanos)));
  }

  /** The mean share of the host's memory in use. */
  public OptionalDouble memoryMeanRatio(long fromNanos, long toNanos) {
    return ofTotal(mean(level(host(), TelemetryId.MEMORY_USED_BYTES, fromNanos, toNanos)));
  }

  private OptionalDouble ofTotal(OptionalDouble usedBytes) {
    OptionalDouble total = memoryTotalBytes();
    return usedBytes.isPresent() && total.orElse(0) > 0
        ? OptionalDouble.of(usedBytes.getAsDouble() / total.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The host's memory, in bytes. */
  public OptionalDouble memoryTotalBytes() {
    return most(host(), TelemetryId.MEMORY_TOTAL_BYTES);
  }

  /** The memory of the largest GPU, in bytes. */
  public OptionalDouble gpuMemoryTotalBytes() {
    return most(tracks.of(GPU), TelemetryId.MEMORY_TOTAL_BYTES);
  }

  /** What a GPU calls itself. */
  public Optional<String> gpuName() {
    return tracks.of(GPU).stream()
        .flatMap(gpu -> Optional.ofNullable(gpu.labels().get("name")).stream())
        .sorted()
        .findFirst();
  }

  /** The mean processors that the server's process kept busy. */
  public OptionalDouble processMeanCores(long fromNanos, long toNanos) {
    return mean(levels(PROCESS, TelemetryId.CPU_CORES, fromNanos, toNanos, true));
  }

  /** The most resident memory of the server's process, in bytes. */
  public OptionalDouble processPeakBytes(long fromNanos, long toNanos) {
    return max(levels(PROCESS, TelemetryId.RSS_BYTES, fromNanos, toNanos, true));
  }

  /** The mean resident memory of the server's process, in bytes. */
  public OptionalDouble processMeanBytes(long fromNanos, long toNanos) {
    return mean(levels(PROCESS, TelemetryId.RSS_BYTES, fromNanos, toNanos, true));
  }

  /** The mean share of the host's processors that were busy. */
  public OptionalDouble cpuMeanRatio(long fromNanos, long toNanos) {
    return mean(level(host(), TelemetryId.CPU_BUSY_RATIO, fromNanos, toNanos));
  }

  /** The mean share of time in which the GPUs computed. */
  public OptionalDouble gpuMeanRatio(long fromNanos, long toNanos) {
    return mean(levels(GPU, TelemetryId.GPU_BUSY_RATIO, fromNanos, toNanos, false));
  }

  /** The highest share of time in which a GPU computed. */
  public OptionalDouble gpuPeakRatio(long fromNanos, long toNanos) {
    return max(levels(GPU, TelemetryId.GPU_BUSY_RATIO, fromNanos, toNanos, false));
  }

  /** The hottest that a GPU was, in degrees Celsius. */
  public OptionalDouble gpuPeakCelsius(long fromNanos, long toNanos) {
    return max(levels(GPU, TelemetryId.GPU_CELSIUS, fromNanos, toNanos, false));
  }

  /** The most memory in use of a GPU, in bytes. */
  public OptionalDouble gpuMemoryPeakBytes(long fromNanos, long toNanos) {
    return max(levels(GPU, TelemetryId.MEMORY_USED_BYTES, fromNanos, toNanos, false));
  }

  /** The energy of the GPUs, else that of the processors (RAPL), in joules. */
  public OptionalDouble energyJoules(long fromNanos, long toNanos) {
    Span span = new Span(fromNanos, toNanos);
    List<Track> cards = EnergyRules.cards(tracks.of(GPU));
    return cards.isEmpty()
        ? sum(EnergyRules.zones(tracks.of(HOST)), zone -> energy.ofZone(zone, span))
        : sum(cards, card -> energy.ofCard(card, span));
  }

  private static OptionalDouble sum(
      List<Track> tracks, Function<Track, @Nullable Double> joulesOf) {
    double sum = 0;
    for (Track track : tracks) {
      Double joules = joulesOf.apply(track);
      if (joules == null) {
        return OptionalDouble.empty();
      }
      sum += joules;
    }
    return tracks.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sum);
  }

  /** The machine as a whole. */
  private List<Track> host() {
    Track whole = EnergyRules.whole(tracks.of(HOST));
    return whole == null ? List.of() : List.of(whole);
  }

  private Levels levels(
      String source, TelemetryId id, long fromNanos, long toNanos, boolean added) {
    return levels(tracks.of(source), id, new Span(fromNanos, toNanos), added);
  }

  private Levels level(List<Track> one, TelemetryId id, long fromNanos, long toNanos) {
    return levels(one, id, new Span(fromNanos, toNanos), true);
  }

  /** Empty if one of them has no number. */
  private Levels levels(List<Track> all, TelemetryId id, Span span, boolean added) {
    Levels levels = new Levels(added);
    for (Track track : all) {
      Level level = coverage.level(track.of(id), span);
      if (level == null) {
        return new Levels(added);
      }
      levels.add(level);
    }
    return levels;
  }

  private static OptionalDouble mean(Levels levels) {
    return levels.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(levels.mean());
  }

  private static OptionalDouble max(Levels levels) {
    return levels.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(levels.max());
  }

  /** The last word of each on what does not change. */
  private static OptionalDouble most(List<Track> all, TelemetryId id) {
    return all.stream()
        .map(track -> track.of(id))
        .flatMap(timeline -> Optional.ofNullable(last(timeline)).stream())
        .mapToDouble(Double::doubleValue)
        .max();
  }

  private static @Nullable Double last(@Nullable Timeline timeline) {
    return timeline == null ? null : timeline.lastUntil(Long.MAX_VALUE);
  }
}
