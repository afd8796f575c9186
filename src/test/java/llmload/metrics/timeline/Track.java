package llmload.metrics.timeline;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** One thing that was watched: a server, a GPU, a process, a machine or a part of one. */
public final class Track {
  private static final String VIA = "via";

  /** How long a look took says nothing of what it saw. */
  private static final Set<TelemetryId> PASSING = Set.of(TelemetryId.READ_MS);

  private final Map<TelemetryId, Timeline> timelines = new EnumMap<>(TelemetryId.class);
  private final Map<TelemetryId, String> told = new EnumMap<>(TelemetryId.class);
  private final Map<String, String> labels = new HashMap<>();
  private final boolean countsFromZero;
  private final boolean drawsPower;
  private @Nullable Long latestNanos;

  private Map<String, long[]> oldNanosByTool = Map.of();

  /** What {@link #of} shows; {@code null} until it is asked for. */
  private @Nullable Map<TelemetryId, Timeline> shown;

  /**
   * Something of a source.
   *
   * <p>A counter of a server that appears late stood at 0 before: a server shows a series after its
   * first use.
   */
  Track(String source) {
    this.countsFromZero = source.equals("server");
    this.drawsPower = source.equals("gpu");
  }

  /** Two tools may tell the same number of one GPU, each as old as it is: the first one counts. */
  void add(TelemetrySample sample, Map<String, TelemetryId> ids) {
    shown = null;
    labels.putAll(sample.labels());
    String via = sample.labels().getOrDefault(VIA, "");
    sample
        .values()
        .forEach(
            (name, value) -> {
              TelemetryId id = ids.get(name);
              if (id != null && via.equals(told.computeIfAbsent(id, first -> via))) {
                timeline(id).add(sample.atNanos(), value);
              }
            });
    latestNanos = sample.atNanos();
  }

  private Timeline timeline(TelemetryId id) {
    Timeline known = timelines.get(id);
    if (known != null) {
      return known;
    }
    Timeline created = new Timeline();
    if (countsFromZero && id.kind() == TelemetryId.Kind.COUNTER && latestNanos != null) {
      created.add(latestNanos, 0);
    }
    timelines.put(id, created);
    return created;
  }

  /** The samples of one number, less those that repeat old ones; {@code null} if it has none. */
  public @Nullable Timeline of(TelemetryId id) {
    return all().get(id);
  }

  /** All numbers that were told. */
  public Map<TelemetryId, Timeline> all() {
    Map<TelemetryId, Timeline> known = shown;
    if (known == null) {
      known = Collections.unmodifiableMap(fresh());
      shown = known;
    }
    return known;
  }

  private Map<TelemetryId, Timeline> fresh() {
    Map<TelemetryId, Timeline> fresh = new EnumMap<>(TelemetryId.class);
    timelines.forEach(
        (id, timeline) -> {
          long[] old = oldNanosByTool.get(via(id));
          fresh.put(id, old == null ? timeline : timeline.without(old));
        });
    Timeline energy = timelines.get(TelemetryId.ENERGY_JOULES);
    if (drawsPower && energy != null) {
      fresh.put(TelemetryId.ENERGY_JOULES, energy.only(energy.movedAtNanos()));
    }
    return fresh;
  }

  /**
   * Its energy counter as it was told, if that dates what is told beside it: one that never moves
   * beside numbers that do is broken, and dates nothing but itself.
   */
  @Nullable Timeline dating() {
    Timeline energy = timelines.get(TelemetryId.ENERGY_JOULES);
    if (!drawsPower || energy == null) {
      return null;
    }
    return energy.movedAtNanos().length > 1 || !anyMoves() ? energy : null;
  }

  /** Leaves out what each tool told at moments at which its page was the one before. */
  void leaveOut(Map<String, long[]> momentsByTool) {
    oldNanosByTool = momentsByTool;
    shown = null;
  }

  private boolean isBeside(TelemetryId id) {
    return Objects.equals(told.get(id), told.get(TelemetryId.ENERGY_JOULES));
  }

  private boolean anyMoves() {
    return timelines.entrySet().stream()
        .anyMatch(
            entry ->
                !PASSING.contains(entry.getKey())
                    && isBeside(entry.getKey())
                    && entry.getValue().movedAtNanos().length > 1);
  }

  /** The last word on what does not change, however old it is; {@code null} if there is none. */
  public @Nullable Double last(TelemetryId id) {
    Timeline timeline = timelines.get(id);
    return timeline == null ? null : timeline.lastUntil(Long.MAX_VALUE);
  }

  /** The tool that told a number; empty where a source has no other. */
  public String via(TelemetryId id) {
    return told.getOrDefault(id, "");
  }

  /** The labels of its samples, the latest of each name. */
  public Map<String, String> labels() {
    return Map.copyOf(labels);
  }
}
