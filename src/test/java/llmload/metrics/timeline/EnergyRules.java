package llmload.metrics.timeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** What the energy of a card or a processor is made of, in joules; {@code null} if not known. */
public final class EnergyRules {
  private final Coverage coverage;

  /** By the rules on when a number counts. */
  public EnergyRules(Coverage coverage) {
    this.coverage = coverage;
  }

  /** The GPUs, each once: parts of one card share its power. */
  public static List<Track> cards(List<Track> gpus) {
    Map<String, Track> byCard = new LinkedHashMap<>();
    for (Track gpu : gpus) {
      String uuid = gpu.labels().getOrDefault("uuid", gpu.labels().toString());
      byCard.merge(uuid, gpu, (a, b) -> a.labels().containsKey("mig") ? b : a);
    }
    return List.copyOf(byCard.values());
  }

  /**
   * By a card's energy counter. It always runs, so that an unchanged value is an old one: it counts
   * from the moment at which it moved.
   */
  public @Nullable Double counted(Track card, Span span) {
    Timeline counter = card.of(TelemetryId.ENERGY_JOULES);
    return counter == null ? null : grown(counter.fresh(), span);
  }

  /** By a card's energy counter, else its power over time. */
  public @Nullable Double ofCard(Track card, Span span) {
    Double counted = counted(card, span);
    return counted == null ? coverage.integral(card.of(TelemetryId.POWER_WATTS), span) : counted;
  }

  /** By the counter of a part of the processors, whose power may be next to nothing. */
  public @Nullable Double ofZone(Track zone, Span span) {
    return grown(zone.of(TelemetryId.ENERGY_JOULES), span);
  }

  private @Nullable Double grown(@Nullable Timeline counter, Span span) {
    Growth growth = coverage.growth(counter, span);
    // What a counter that fell stood at before nobody knows: the wraps of RAPL are added up
    // already.
    return growth == null || growth.resetCount() > 0 ? null : Double.valueOf(growth.value());
  }

  /** The parts of the processors that have an energy counter, of all that was read of a machine. */
  public static List<Track> zones(List<Track> host) {
    return host.stream().filter(track -> track.labels().containsKey("zone")).toList();
  }

  /** The machine as a whole, of all that was read of it; {@code null} if it was not read. */
  public static @Nullable Track whole(List<Track> host) {
    return host.stream().filter(track -> track.labels().isEmpty()).findFirst().orElse(null);
  }
}
