package llmload.analysis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.metrics.Distribution;
import llmload.metrics.RequestMetrics;
import llmload.model.CoreMetric;
import llmload.model.InjectorHealth;
import llmload.model.JournalFooter;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** Collects what tells how well the injector did its own work. */
final class InjectorCollector {
  /** The source of the injector's own telemetry. */
  static final String SOURCE = "injector";

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double LATE_MILLIS = 10;
  private static final int LAGS_KEPT = 1_000_000;

  private final Distribution sendLag = new Distribution("ms", LAGS_KEPT);
  private final List<Reading> readings = new ArrayList<>();
  private long lateCount;

  /** Takes a measured request of any outcome: a late one is late however it ended. */
  void add(RequestRecord measured) {
    OptionalDouble lag = RequestMetrics.sample(CoreMetric.SEND_LAG, measured);
    if (lag.isPresent()) {
      sendLag.add(lag.getAsDouble());
      lateCount += lag.getAsDouble() > LATE_MILLIS ? 1 : 0;
    }
  }

  void add(TelemetrySample sample) {
    if (sample.source().equals(SOURCE)) {
      Map<String, Double> values = sample.values();
      readings.add(
          new Reading(
              sample.atNanos(),
              values.get("event_loop_lag_max_ms"),
              values.get("gc_pause_max_ms"),
              values.get("gc_pause_total_ms"),
              values.get("cpu_cores"),
              values.get("heap_used_bytes")));
    }
  }

  /**
   * The injector's health. A reading tells of the time since the one before it; it counts if any of
   * that time was measured, so that the last requests of a run, and a run of less than a second,
   * have one too.
   */
  InjectorHealth health(Window measured, Journal journal, RunManifest manifest) {
    Distribution loopLag = new Distribution("ms");
    Distribution pauseMax = new Distribution("ms");
    Distribution pauseTotal = new Distribution("ms");
    Distribution cores = new Distribution("cores");
    Distribution heap = new Distribution("bytes");
    long sinceNanos = Long.MIN_VALUE;
    for (Reading reading : readings) {
      boolean covers = measured.overlaps(sinceNanos, reading.atNanos);
      sinceNanos = reading.atNanos;
      if (covers) {
        put(loopLag, reading.loopLagMillis);
        put(pauseMax, reading.pauseMaxMillis);
        put(pauseTotal, reading.pauseTotalMillis);
        put(cores, reading.cpuCores);
        put(heap, reading.heapBytes);
      }
    }
    JournalFooter footer = journal.footer;
    return new InjectorHealth(
        orNull(sendLag.percentile(50)),
        orNull(sendLag.percentile(99)),
        orNull(sendLag.max()),
        sendLag.isEmpty() ? null : (double) lateCount / sendLag.count(),
        orNull(loopLag.max()),
        orNull(pauseMax.max()),
        orNull(pauseTotal.sum()),
        orNull(cores.mean()),
        orNull(heap.max()),
        achieved(journal, manifest),
        driftMillis(manifest),
        Math.min(journal.rowCount, journal.startedCount),
        journal.tornCount,
        footer == null ? 0 : footer.lostCount());
  }

  private static @Nullable Double achieved(Journal journal, RunManifest manifest) {
    JournalFooter footer = journal.footer;
    if (footer == null || footer.plannedCount() <= 0 || !manifest.plan().model().equals("open")) {
      return null;
    }
    return (double) journal.startedCount / footer.plannedCount();
  }

  private static @Nullable Double driftMillis(RunManifest manifest) {
    if (manifest.endedAt() == null || manifest.endedNanos() == null) {
      return null;
    }
    long wallNanos = Duration.between(manifest.startedAt(), manifest.endedAt()).toNanos();
    return (wallNanos - manifest.endedNanos()) / NANOS_PER_MILLI;
  }

  private static void put(Distribution distribution, @Nullable Double value) {
    if (value != null && Double.isFinite(value)) {
      distribution.add(value);
    }
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  /**
   * What the journal says of itself.
   *
   * @param footer its last line, if it has one
   * @param rowCount request lines read
   * @param tornCount lines that could not be read
   * @param startedCount measured requests among them
   */
  record Journal(
      @Nullable JournalFooter footer, long rowCount, long tornCount, long startedCount) {}

  private record Reading(
      long atNanos,
      @Nullable Double loopLagMillis,
      @Nullable Double pauseMaxMillis,
      @Nullable Double pauseTotalMillis,
      @Nullable Double cpuCores,
      @Nullable Double heapBytes) {}
}
