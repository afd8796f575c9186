package llmload.metrics.timeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/**
 * A GPU as it is plugged in: what was told of it as a whole, and of its parts, which are MIG
 * instances or AMD's partitions.
 *
 * <p>Labels decide: {@code card}, else {@code uuid}, is the same for all parts of one card; {@code
 * mig} and {@code partition} name a part.
 */
public final class Card {
  private final String name;
  private final List<Track> wholes = new ArrayList<>();
  private final List<Track> parts = new ArrayList<>();

  private Card(String name) {
    this.name = name;
  }

  /** The cards that these GPUs are, or are parts of, in the order of their first sample. */
  public static List<Card> of(List<Track> gpus) {
    Map<String, Card> byName = new LinkedHashMap<>();
    for (Track gpu : gpus) {
      Map<String, String> labels = gpu.labels();
      String name =
          labels.getOrDefault("card", labels.getOrDefault("uuid", gpu.labels().toString()));
      Card card = byName.computeIfAbsent(name, Card::new);
      boolean part = labels.containsKey("mig") || labels.containsKey("partition");
      (part ? card.parts : card.wholes).add(gpu);
    }
    return List.copyOf(byName.values());
  }

  /** What tells it from other cards: its UUID or serial number where it has one. */
  public String name() {
    return name;
  }

  /**
   * Where a number of the card is told that its parts do not have of their own, such as its power:
   * the whole, else the first part that tells it; {@code null} if none does.
   */
  public @Nullable Track telling(TelemetryId id) {
    return all().filter(track -> track.of(id) != null).findFirst().orElse(null);
  }

  /**
   * Where a number is told that each part has of its own, such as memory: the whole alone, else
   * every part that tells it; empty if none does.
   */
  public List<Track> each(TelemetryId id) {
    List<Track> telling = wholes.stream().filter(track -> track.of(id) != null).limit(1).toList();
    return telling.isEmpty()
        ? parts.stream().filter(track -> track.of(id) != null).toList()
        : telling;
  }

  /** Any of its tracks, to be named where nothing is told. */
  public Track any() {
    return all().findFirst().orElseThrow();
  }

  private Stream<Track> all() {
    return Stream.concat(wholes.stream(), parts.stream());
  }

  /** The same of several cards; a card that tells nothing is there with any of its tracks. */
  public static List<Track> each(List<Card> cards, TelemetryId id) {
    List<Track> tracks = new ArrayList<>();
    for (Card card : cards) {
      List<Track> own = card.each(id);
      tracks.addAll(own.isEmpty() ? List.of(card.any()) : own);
    }
    return tracks;
  }

  /** One track a card, for a number that its parts do not have of their own. */
  public static List<Track> telling(List<Card> cards, TelemetryId id) {
    List<Track> tracks = new ArrayList<>();
    for (Card card : cards) {
      Track track = card.telling(id);
      tracks.add(track == null ? card.any() : track);
    }
    return tracks;
  }
}
