package llmload.analysis.telemetry;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/**
 * A time for which the injector stood still, by its own samples: a pause of the collector or a lag
 * of an event loop.
 *
 * @param millis how long it was
 * @param usualMillis what of it counts as usual
 * @param id which of both
 */
record InjectorPause(double millis, double usualMillis, TelemetryId id) {
  static final String INJECTOR = "injector";
  static final List<TelemetryId> PAUSES =
      List.of(TelemetryId.GC_PAUSE_MAX_MS, TelemetryId.EVENT_LOOP_LAG_MAX_MS);

  /** What it was longer than usual. */
  double beyondMillis() {
    return millis - usualMillis;
  }

  /** That of all samples that tell of any time of the span; {@code null} if none does. */
  static @Nullable InjectorPause longest(Watch watch, Span span) {
    return most(watch, span, told -> 0);
  }

  /** The same by what each was longer than the median of all samples of the window. */
  static @Nullable InjectorPause mostUnusual(Watch watch, Span span) {
    return most(
        watch,
        span,
        told ->
            Objects.requireNonNullElse(
                IntervalReadings.median(told.valuesAround(watch.window())), 0.0));
  }

  private static @Nullable InjectorPause most(
      Watch watch, Span span, ToDoubleFunction<Timeline> usual) {
    InjectorPause most = null;
    for (Track injector : watch.of(INJECTOR)) {
      for (TelemetryId id : PAUSES) {
        Timeline told = injector.of(id);
        Double millis = told == null ? null : told.greatestSince(span);
        if (told != null && millis != null) {
          InjectorPause pause = new InjectorPause(millis, usual.applyAsDouble(told), id);
          most = most == null || pause.beyondMillis() > most.beyondMillis() ? pause : most;
        }
      }
    }
    return most;
  }
}
