package llmload.analysis.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import llmload.config.DurationParser;
import llmload.metrics.timeline.Span;
import org.jspecify.annotations.Nullable;

/**
 * What the machines drew before the load, with the model loaded and nothing to do: their energy
 * over {@code telemetry.lead}, up to the first request, warm-up included.
 */
final class IdlePower {
  /** A shorter look says more of the noise of the sensors than of the power. */
  private static final Duration LEAST_LEAD = Duration.ofSeconds(30);

  private final Duration lead;
  private final @Nullable Long firstSentNanos;

  /**
   * @param settings those of the run
   * @param firstSentNanos when the first request was sent, since the run's anchor; {@code null} if
   *     none was
   */
  IdlePower(Map<String, String> settings, @Nullable Long firstSentNanos) {
    this.lead =
        DurationParser.parse(settings.getOrDefault("telemetry.lead", "")).orElse(Duration.ZERO);
    this.firstSentNanos = firstSentNanos;
  }

  /**
   * The power when idle, in watts.
   *
   * @param drawing what the energy of the run is that of
   * @param joules the energy of one of them over a span; {@code null} if not known
   */
  <T> Figure of(List<T> drawing, BiFunction<T, Span, @Nullable Double> joules) {
    if (firstSentNanos == null || lead.compareTo(LEAST_LEAD) < 0) {
      return Figure.absent(
          "W",
          "nothing was watched long enough before the load: telemetry.lead is %d s, %d s are needed"
              .formatted(lead.toSeconds(), LEAST_LEAD.toSeconds()));
    }
    Span idle = new Span(firstSentNanos - lead.toNanos(), firstSentNanos);
    double sum = 0;
    for (T one : drawing) {
      Double drawn = joules.apply(one, idle);
      if (drawn == null) {
        return Figure.absent(
            "W",
            "too few samples of energy or power in the %d s before the load"
                .formatted(lead.toSeconds()));
      }
      sum += drawn;
    }
    return Figure.of(
        "W",
        sum / idle.seconds(),
        drawing.size(),
        "energy over the %d s before the load".formatted(lead.toSeconds()));
  }
}
