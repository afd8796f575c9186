package llmload.analysis.alerts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmload.metrics.HostLoad;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ServerPlace;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * Sorts a run into windows of one length from its anchor: requests by their end, samples by their
 * stamp. Records come in any order, the samples of one source in that of their time. Energy is what
 * the counters of the GPUs rose by; where there is none, those of this machine's processors. This
 * machine is passed over where the server is not known to be on it.
 *
 * <p>Thread safe: the journal feeds it while somebody else takes the windows that are over.
 */
public final class AlertWindows {
  private static final String GPU = "gpu";
  private static final String HOST = "host";

  private final long widthNanos;
  private final ServerPlace place;
  private final TreeMap<Long, AlertBucket> buckets = new TreeMap<>();
  private final Map<String, Double> lastJoules = new HashMap<>();
  private long takenCount;

  /** Windows of that length, of a run whose server is there. */
  public AlertWindows(long widthNanos, ServerPlace place) {
    this.place = place;
    this.widthNanos = widthNanos;
  }

  /** Takes one request; the warm-up's are passed over. */
  public synchronized void accept(RequestRecord request) {
    AlertBucket bucket = request.phase() == Phase.WARMUP ? null : at(request.endedNanos());
    if (bucket != null) {
      bucket.add(request);
    }
  }

  /** Takes one telemetry sample, of whatever source. */
  public synchronized void accept(TelemetrySample sample) {
    AlertBucket bucket = at(sample.atNanos());
    if (bucket == null) {
      return;
    }
    boolean ofGpu = sample.source().equals(GPU);
    boolean ofServersHost = sample.source().equals(HOST) && place.whyNotJudged() == null;
    if (!ofGpu && !ofServersHost) {
      return;
    }
    HostLoad.of(sample).ifPresent(bucket::add);
    if (ofGpu) {
      bucket.addGpu(
          sample.values().get(TelemetryId.GPU_BUSY_RATIO.id()),
          sample.values().get(TelemetryId.GPU_CELSIUS.id()));
    }
    Double joules = sample.values().get(TelemetryId.ENERGY_JOULES.id());
    if (joules != null) {
      Double before = lastJoules.put(sample.source() + new TreeMap<>(sample.labels()), joules);
      if (before != null && joules >= before) {
        bucket.addJoules(ofGpu, joules - before);
      }
    }
  }

  /** The window of a moment; {@code null} for one that was taken already. */
  private @Nullable AlertBucket at(long atNanos) {
    long index = Math.max(0, atNanos) / widthNanos;
    return index < takenCount ? null : buckets.computeIfAbsent(index, i -> new AlertBucket());
  }

  /**
   * Hands over, in order and once, the windows that end at {@code nowNanos} or before and in which
   * anything happened.
   *
   * @param baseline output tokens a second of one stream in the baseline; {@code null} without one
   */
  public synchronized List<AlertWindow> take(long nowNanos, @Nullable Double baseline) {
    List<AlertWindow> windows = new ArrayList<>();
    long over = nowNanos / widthNanos;
    Map<Long, AlertBucket> ended = buckets.headMap(over);
    ended.forEach(
        (index, bucket) -> windows.add(bucket.window((index + 1) * widthNanos, baseline)));
    ended.clear();
    takenCount = Math.max(takenCount, over);
    return windows;
  }
}
