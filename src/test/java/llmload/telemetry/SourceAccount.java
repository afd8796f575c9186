package llmload.telemetry;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** What became of the looks at one source. One thread only. */
final class SourceAccount {
  /** The source of these samples. */
  static final String SOURCE = "telemetry";

  private final String name;
  private final Map<MissReason, Long> missed = new EnumMap<>(MissReason.class);
  private final Map<MissReason, String> messages = new EnumMap<>(MissReason.class);
  private long taken;
  private @Nullable MissReason state;
  private boolean changed;
  private boolean untold;

  SourceAccount(String name) {
    this.name = name;
  }

  void taken() {
    changed |= taken == 0 || state != null;
    untold = true;
    state = null;
    taken++;
  }

  void missed(MissReason reason, String message, long count) {
    if (count == 0) {
      return;
    }
    // A look that took too long is still a look: the source is there.
    if (reason != MissReason.STILL_READING) {
      changed |= state != reason;
      state = reason;
    }
    untold = true;
    missed.merge(reason, count, Long::sum);
    messages.put(reason, message);
  }

  /** Whether the source came or went, or fails for another reason, since the call before. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** Whether anything happened that no sample has told. */
  boolean isUntold() {
    return untold;
  }

  /** The account so far: one sample for what was taken, one for each reason. */
  List<TelemetrySample> samples(long atNanos) {
    untold = false;
    List<TelemetrySample> samples = new ArrayList<>();
    samples.add(
        new TelemetrySample(
            SOURCE,
            atNanos,
            Map.of(TelemetryId.TAKEN_COUNT.id(), (double) taken),
            Map.of("of", name)));
    missed.forEach(
        (reason, count) -> {
          Map<String, String> labels = new LinkedHashMap<>();
          labels.put("of", name);
          labels.put("reason", reason.name());
          labels.put("message", messages.getOrDefault(reason, ""));
          samples.add(
              new TelemetrySample(
                  SOURCE, atNanos, Map.of(TelemetryId.MISSED_COUNT.id(), (double) count), labels));
        });
    return samples;
  }
}
