package llmload.metrics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import llmload.metrics.timeline.Card;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.EnergyRules;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Levels;
import llmload.metrics.timeline.Span;
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
    return ofTotal(max(host(TelemetryId.MEMORY_USED_BYTES, new Span(fromNanos, toNanos))));
  }

  /** The mean share of the host's memory in use. */
  public OptionalDouble memoryMeanRatio(long fromNanos, long toNanos) {
    return ofTotal(mean(host(TelemetryId.MEMORY_USED_BYTES, new Span(fromNanos, toNanos))));
  }

  private OptionalDouble ofTotal(OptionalDouble usedBytes) {
    OptionalDouble total = memoryTotalBytes();
    return usedBytes.isPresent() && total.orElse(0) > 0
        ? OptionalDouble.of(usedBytes.getAsDouble() / total.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The host's memory, in bytes. */
  public OptionalDouble memoryTotalBytes() {
    Track host = EnergyRules.whole(tracks.of(HOST));
    return host == null
        ? OptionalDouble.empty()
        : most(List.of(host), TelemetryId.MEMORY_TOTAL_BYTES);
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
    return mean(process(TelemetryId.CPU_CORES, new Span(fromNanos, toNanos)));
  }

  /** The most resident memory of the server's process, in bytes. */
  public OptionalDouble processPeakBytes(long fromNanos, long toNanos) {
    return max(process(TelemetryId.RSS_BYTES, new Span(fromNanos, toNanos)));
  }

  /** The mean resident memory of the server's process, in bytes. */
  public OptionalDouble processMeanBytes(long fromNanos, long toNanos) {
    return mean(process(TelemetryId.RSS_BYTES, new Span(fromNanos, toNanos)));
  }

  /** The mean share of the host's processors that were busy. */
  public OptionalDouble cpuMeanRatio(long fromNanos, long toNanos) {
    return mean(host(TelemetryId.CPU_BUSY_RATIO, new Span(fromNanos, toNanos)));
  }

  /** The mean share of time in which the GPUs computed. */
  public OptionalDouble gpuMeanRatio(long fromNanos, long toNanos) {
    return mean(gpus(TelemetryId.GPU_BUSY_RATIO, new Span(fromNanos, toNanos)));
  }

  /** The highest share of time in which a GPU computed. */
  public OptionalDouble gpuPeakRatio(long fromNanos, long toNanos) {
    return max(gpus(TelemetryId.GPU_BUSY_RATIO, new Span(fromNanos, toNanos)));
  }

  /** The hottest that a GPU was, in degrees Celsius. */
  public OptionalDouble gpuPeakCelsius(long fromNanos, long toNanos) {
    return max(gpus(TelemetryId.GPU_CELSIUS, new Span(fromNanos, toNanos)));
  }

  /** The most memory in use of a GPU, in bytes. */
  public OptionalDouble gpuMemoryPeakBytes(long fromNanos, long toNanos) {
    return max(gpus(TelemetryId.MEMORY_USED_BYTES, new Span(fromNanos, toNanos)));
  }

  /**
   * The energy of the GPUs, in joules; without one that of this machine's processors (RAPL), where
   * the server's process is on it.
   */
  public OptionalDouble energyJoules(long fromNanos, long toNanos) {
    Span span = new Span(fromNanos, toNanos);
    List<Card> cards = Card.of(tracks.of(GPU));
    if (!cards.isEmpty()) {
      return sum(cards, card -> energy.ofCard(card, span));
    }
    return tracks.of(PROCESS).isEmpty()
        ? OptionalDouble.empty()
        : sum(EnergyRules.zones(tracks.of(HOST)), zone -> energy.ofZone(zone, span));
  }

  private static <T> OptionalDouble sum(List<T> things, Function<T, @Nullable Double> joulesOf) {
    double sum = 0;
    for (T thing : things) {
      Double joules = joulesOf.apply(thing);
      if (joules == null) {
        return OptionalDouble.empty();
      }
      sum += joules;
    }
    return things.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sum);
  }

  /** Of the machine as a whole. */
  private @Nullable Level host(TelemetryId id, Span span) {
    Track whole = EnergyRules.whole(tracks.of(HOST));
    return whole == null ? null : coverage.level(whole.of(id), span);
  }

  private @Nullable Level process(TelemetryId id, Span span) {
    return Levels.sum(tracks.of(PROCESS), id, coverage, span);
  }

  private @Nullable Level gpus(TelemetryId id, Span span) {
    return Levels.mean(Card.each(Card.of(tracks.of(GPU)), id), id, coverage, span);
  }

  private static OptionalDouble mean(@Nullable Level level) {
    return level == null ? OptionalDouble.empty() : OptionalDouble.of(level.mean());
  }

  private static OptionalDouble max(@Nullable Level level) {
    return level == null ? OptionalDouble.empty() : OptionalDouble.of(level.max());
  }

  /** The last word of each on what does not change. */
  private static OptionalDouble most(List<Track> all, TelemetryId id) {
    return all.stream()
        .flatMap(track -> Optional.ofNullable(track.last(id)).stream())
        .mapToDouble(Double::doubleValue)
        .max();
  }
}
