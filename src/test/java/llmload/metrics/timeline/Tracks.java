package llmload.metrics.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;

/**
 * Sorts the samples of a run by what was watched.
 *
 * <p>GPUs are told apart by their UUID and part, everything else by its labels, less those that say
 * how it was read or that come with its first request. What a Prometheus server kept counts for
 * sources that were not read otherwise. Not safe for use by several threads.
 */
public final class Tracks {
  private static final Map<String, TelemetryId> IDS =
      Arrays.stream(TelemetryId.values())
          .collect(Collectors.toMap(TelemetryId::id, Function.identity()));

  private static final String GPU = "gpu";

  /** Labels that say how a server or GPU was read, or come with its first request. */
  private static final Set<String> PASSING = Set.of("via", "model", "kvCapacity", "kvUsed", "by");

  /** Labels that tell one GPU or part of one from all others, whoever reads it. */
  private static final Set<String> GPU_PART = Set.of("uuid", "mig", "partition");

  private final Map<String, Map<Map<String, String>, Track>> bySource = new LinkedHashMap<>();

  /** The same, as a Prometheus server kept them. */
  private final Map<String, Map<Map<String, String>, Track>> keptBySource = new LinkedHashMap<>();

  private boolean dated;

  /** Takes one sample. */
  public void add(TelemetrySample sample) {
    dated = false;
    String source = sample.source();
    (sample.labels().containsKey("by") ? keptBySource : bySource)
        .computeIfAbsent(source, unused -> new LinkedHashMap<>())
        .computeIfAbsent(who(sample.labels()), unused -> new Track(source))
        .add(sample, IDS);
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

  /** Everything of a source that was watched, in the order of its first sample. */
  public List<Track> of(String source) {
    if (!dated) {
      dated = true;
      List<Track> gpus = of(GPU);
      Map<String, long[]> old = OldPages.byTool(gpus);
      gpus.forEach(gpu -> gpu.leaveOut(old));
    }
    Map<Map<String, String>, Track> kept = keptBySource.getOrDefault(source, Map.of());
    return new ArrayList<>(bySource.getOrDefault(source, kept).values());
  }

  /** The sources of which there is a sample. */
  public Set<String> sources() {
    Set<String> sources = new LinkedHashSet<>(bySource.keySet());
    sources.addAll(keptBySource.keySet());
    return sources;
  }
}
