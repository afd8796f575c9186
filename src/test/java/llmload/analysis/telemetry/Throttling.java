package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import llmload.metrics.timeline.Card;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.ResourceMetric;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** How long the GPUs were slowed down, and why. */
final class Throttling {
  private static final Reason POWER =
      new Reason(TelemetryId.THROTTLED_POWER_SECONDS, TelemetryId.THROTTLED_POWER_RATIO);
  private static final Reason THERMAL =
      new Reason(TelemetryId.THROTTLED_THERMAL_SECONDS, TelemetryId.THROTTLED_THERMAL_RATIO);
  private static final Reason UNTOLD = new Reason(null, TelemetryId.THROTTLED_RATIO);
  private static final List<Reason> ANY =
      List.of(
          POWER,
          THERMAL,
          new Reason(null, TelemetryId.THROTTLED_BRAKE_RATIO),
          new Reason(null, TelemetryId.THROTTLED_HARDWARE_RATIO),
          UNTOLD);

  private final Watch watch;
  private final List<Card> cards;

  /**
   * A reason.
   *
   * @param counter its time as the card adds it up, which misses nothing between two looks
   * @param flag whether it holds at a moment, or its share of the time since the look before
   */
  private record Reason(@Nullable TelemetryId counter, TelemetryId flag) {
    Stream<TelemetryId> ids() {
      return Stream.concat(Stream.ofNullable(counter), Stream.of(flag));
    }
  }

  private record Told(double seconds, Set<String> from) {}

  Throttling(Watch watch, List<Card> cards) {
    this.watch = watch;
    this.cards = cards;
  }

  void into(ResourceFigures metrics) {
    metrics.put(ResourceMetric.THROTTLED_POWER_TIME, time(List.of(POWER)));
    metrics.put(ResourceMetric.THROTTLED_THERMAL_TIME, time(List.of(THERMAL)));
    metrics.put(ResourceMetric.THROTTLED_TIME, time(ANY));
  }

  /**
   * Over all cards, of each the longest of: the time by each counter, and the time in which any
   * flag of one tool held of the reasons without one. Reasons hold at the same time, so that their
   * sum would be too long.
   */
  private Figure time(List<Reason> reasons) {
    if (cards.isEmpty()) {
      return Figure.absent("s", watch.silence(Watch.GPU));
    }
    double sum = 0;
    Set<String> from = new LinkedHashSet<>();
    for (Card card : cards) {
      Told longest =
          told(card, reasons).stream().max(Comparator.comparingDouble(Told::seconds)).orElse(null);
      if (longest == null) {
        return Figure.absent("s", why(card, reasons));
      }
      sum += longest.seconds;
      from.addAll(longest.from);
    }
    return Figure.of("s", sum, cards.size(), String.join(", ", from));
  }

  /** Empty where power or heat is not told, and no flag of any reason. */
  private List<Told> told(Card card, List<Reason> reasons) {
    List<Told> told = new ArrayList<>();
    Map<String, List<Reason>> flaggedByTool = new LinkedHashMap<>();
    Set<Reason> missing = new LinkedHashSet<>(reasons);
    missing.retainAll(List.of(POWER, THERMAL));
    for (Reason reason : reasons) {
      Told counted = counted(card, reason.counter);
      Track track = card.telling(reason.flag);
      if (counted != null) {
        told.add(counted);
        missing.remove(reason);
      } else if (track != null) {
        flaggedByTool
            .computeIfAbsent(track.via(reason.flag), tool -> new ArrayList<>())
            .add(reason);
      }
    }
    // Moments of several tools differ: the flags of each are laid over each other alone.
    for (List<Reason> flagged : flaggedByTool.values()) {
      Told held = held(card, flagged);
      if (held != null) {
        told.add(held);
        missing.removeAll(flagged);
        missing.removeIf(reason -> flagged.contains(UNTOLD));
      }
    }
    return missing.isEmpty() ? told : List.of();
  }

  private @Nullable Told held(Card card, List<Reason> reasons) {
    List<Timeline> flags = new ArrayList<>();
    Set<String> from = new LinkedHashSet<>();
    for (Reason reason : reasons) {
      Track track = card.telling(reason.flag);
      Timeline flag = track == null ? null : track.of(reason.flag);
      if (track != null && flag != null) {
        flags.add(flag);
        from.add(watch.from(Watch.GPU, List.of(track), reason.flag));
      }
    }
    Double seconds = watch.coverage().integral(Timeline.greatest(flags), watch.window());
    return seconds == null ? null : new Told(seconds, from);
  }

  private @Nullable Told counted(Card card, @Nullable TelemetryId counter) {
    Track track = counter == null ? null : card.telling(counter);
    Growth growth = track == null || counter == null ? null : watch.growth(track.of(counter));
    return growth == null || track == null || counter == null
        ? null
        : new Told(growth.value(), Set.of(watch.from(Watch.GPU, List.of(track), counter)));
  }

  /** Of the first reason that is not known. */
  private String why(Card card, List<Reason> reasons) {
    Reason unknown =
        reasons.stream()
            .filter(one -> told(card, List.of(one)).isEmpty())
            .findFirst()
            .orElse(POWER);
    List<TelemetryId> ids = unknown.ids().toList();
    TelemetryId id =
        ids.stream().filter(one -> card.telling(one) != null).findFirst().orElse(ids.get(0));
    Track track = card.telling(id);
    return watch.why(Watch.GPU, track == null ? card.any() : track, id, Coverage.LEAST_RATIO);
  }

  /** The largest share of a span in which a GPU was slowed; {@code null} if no GPU tells. */
  static @Nullable Double ratio(Watch watch, Span span) {
    Double most = null;
    for (Track gpu : watch.of(Watch.GPU)) {
      for (TelemetryId id : ANY.stream().flatMap(Reason::ids).toList()) {
        Growth growth = watch.growth(gpu.of(id), span);
        Level level = watch.level(gpu, id, span);
        if (id.kind() == TelemetryId.Kind.GAUGE && level != null) {
          most = larger(most, level.mean());
        } else if (id.kind() == TelemetryId.Kind.COUNTER && growth != null && span.seconds() > 0) {
          most = larger(most, growth.value() / span.seconds());
        }
      }
    }
    return most;
  }

  private static Double larger(@Nullable Double known, double other) {
    return known == null ? Double.valueOf(other) : Double.valueOf(Math.max(known, other));
  }
}
