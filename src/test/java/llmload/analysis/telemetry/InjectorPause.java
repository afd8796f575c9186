package llmload.analysis.telemetry;

import java.util.List;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/**
 * The longest time for which the injector stood still, by its own samples: a pause of the collector
 * or a lag of an event loop.
 *
 * @param millis how long it was
 * @param id which of both
 */
record InjectorPause(double millis, TelemetryId id) {
  private static final String INJECTOR = "injector";
  private static final List<TelemetryId> PAUSES =
      List.of(TelemetryId.GC_PAUSE_MAX_MS, TelemetryId.EVENT_LOOP_LAG_MAX_MS);

  /** That of all samples that tell of any time of the span; {@code null} if none does. */
  static @Nullable InjectorPause longest(Watch watch, Span span) {
    InjectorPause longest = null;
    for (Track injector : watch.of(INJECTOR)) {
      for (TelemetryId id : PAUSES) {
        Timeline told = injector.of(id);
        Double millis = told == null ? null : told.greatestSince(span);
        if (millis != null && (longest == null || millis > longest.millis)) {
          longest = new InjectorPause(millis, id);
        }
      }
    }
    return longest;
  }
}
