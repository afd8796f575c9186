package llmload.metrics.timeline;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import llmload.model.TelemetryId;

/**
 * When a tool told an old page of GPUs again.
 *
 * <p>A GPU always draws power, so that its energy counter never stands still: at a moment at which
 * no counter of a page moved, everything on it is the page before, GPUs and parts without a counter
 * of their own included.
 */
final class OldPages {
  private OldPages() {}

  /** The moments, nanoseconds in ascending order, by tool. */
  static Map<String, long[]> byTool(Collection<Track> gpus) {
    Map<String, Set<Long>> told = new HashMap<>();
    Map<String, Set<Long>> moved = new HashMap<>();
    for (Track gpu : gpus) {
      Timeline energy = gpu.dating();
      if (energy != null) {
        String tool = gpu.via(TelemetryId.ENERGY_JOULES);
        Set<Long> seen = told.computeIfAbsent(tool, name -> new HashSet<>());
        energy.moments().forEach(seen::add);
        Set<Long> anew = moved.computeIfAbsent(tool, name -> new HashSet<>());
        Arrays.stream(energy.movedAtNanos()).forEach(anew::add);
      }
    }
    Map<String, long[]> old = new HashMap<>();
    told.forEach(
        (tool, moments) -> {
          moments.removeAll(moved.getOrDefault(tool, Set.of()));
          old.put(tool, moments.stream().mapToLong(Long::longValue).sorted().toArray());
        });
    return old;
  }
}
