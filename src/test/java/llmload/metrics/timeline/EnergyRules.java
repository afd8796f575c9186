package llmload.metrics.timeline;

import java.util.List;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** What the energy of a card or a processor is made of, in joules; {@code null} if not known. */
public final class EnergyRules {
  private final Coverage coverage;

  /** By the rules on when a number counts. */
  public EnergyRules(Coverage coverage) {
    this.coverage = coverage;
  }

  /** By a card's energy counter. */
  public @Nullable Double counted(Card card, Span span) {
    Track track = card.telling(TelemetryId.ENERGY_JOULES);
    return track == null ? null : grown(track.of(TelemetryId.ENERGY_JOULES), span);
  }

  /** How far the straight lines of a card's energy counter at the edges of a span may be off. */
  public double edgeError(Card card, Span span) {
    Track track = card.telling(TelemetryId.ENERGY_JOULES);
    Growth growth =
        track == null ? null : coverage.growth(track.of(TelemetryId.ENERGY_JOULES), span);
    return growth == null ? 0 : growth.edgeError();
  }

  /** By a card's power over time. */
  public @Nullable Double integrated(Card card, Span span) {
    Track track = card.telling(TelemetryId.POWER_WATTS);
    return track == null ? null : coverage.integral(track.of(TelemetryId.POWER_WATTS), span);
  }

  /** By a card's energy counter, else its power over time. */
  public @Nullable Double ofCard(Card card, Span span) {
    Double counted = counted(card, span);
    return counted == null ? integrated(card, span) : counted;
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
