package llmload.analysis.telemetry;

import java.util.List;
import java.util.Map;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Levels;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.MetricSummary;
import llmload.model.ResourceMetric;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** What the servers did over the measured window: cache, queue, batch, memory, processors. */
final class ServerUse {
  private static final double MIB = 1L << 20;
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  private final Watch watch;
  private final @Nullable Double bytesPerToken;
  private final @Nullable Long loadNanos;

  /** Where memory is told, the best first. */
  private record Place(String source, TelemetryId id) {}

  private static final List<Place> MEMORY =
      List.of(
          new Place(Watch.GPU, TelemetryId.MEMORY_USED_BYTES),
          new Place(Watch.SERVER, TelemetryId.MEMORY_USED_BYTES),
          new Place(Watch.SERVER, TelemetryId.PROCESS_RSS_BYTES),
          new Place(Watch.PROCESS, TelemetryId.RSS_BYTES));

  /**
   * @param bytesPerToken bytes of the KV cache for one token, where the user says them
   * @param loadNanos the longest load of the model that an answer told
   */
  ServerUse(Watch watch, @Nullable Double bytesPerToken, @Nullable Long loadNanos) {
    this.loadNanos = loadNanos;
    this.watch = watch;
    this.bytesPerToken = bytesPerToken;
  }

  void into(Map<String, MetricSummary> metrics) {
    put(metrics, ResourceMetric.KV_USED_TOKENS, gauge(TelemetryId.KV_USED_TOKENS, "tok", true));
    put(metrics, ResourceMetric.KV_USED_BYTES, cacheBytes());
    put(metrics, ResourceMetric.KV_USED_RATIO, gauge(TelemetryId.KV_USED_RATIO, "ratio", false));
    metrics.put(ResourceMetric.PREFIX_HIT_RATE.id(), prefixHits());
    put(metrics, ResourceMetric.EVICTED_TOKENS, evictedTokens());
    put(
        metrics,
        ResourceMetric.EVICTIONS,
        first(
            counter(TelemetryId.EVICTION_PASSES_COUNT, "count", 1),
            counter(TelemetryId.EVICTED_BLOCKS_COUNT, "count", 1)));
    put(metrics, ResourceMetric.EVICTION_TIME, counter(TelemetryId.EVICTION_SECONDS, "ms", MILLIS));
    put(metrics, ResourceMetric.PREEMPTIONS, counter(TelemetryId.PREEMPTIONS_COUNT, "count", 1));
    metrics.put(ResourceMetric.SPEC_ACCEPT_RATE.id(), acceptance());
    put(
        metrics,
        ResourceMetric.QUEUE_DEPTH,
        gauge(TelemetryId.REQUESTS_WAITING_COUNT, "req", true));
    put(
        metrics,
        ResourceMetric.RUNNING_BATCH,
        gauge(TelemetryId.REQUESTS_RUNNING_COUNT, "req", true));
    put(metrics, ResourceMetric.MODEL_LOAD_TIME, loadTime());
    memory(metrics);
    put(metrics, ResourceMetric.SERVER_CPU, processors());
    put(metrics, ResourceMetric.HOST_CPU, hostCpu());
    put(metrics, ResourceMetric.HOST_MEMORY_PEAK, hostMemory());
  }

  private static void put(
      Map<String, MetricSummary> metrics, ResourceMetric id, MetricSummary summary) {
    metrics.put(id.id(), summary);
  }

  private MetricSummary gauge(TelemetryId id, String unit, boolean added) {
    return watch.gauge(Watch.SERVER, id, unit, 1, added);
  }

  private MetricSummary counter(TelemetryId id, String unit, double factor) {
    return watch.counter(Watch.SERVER, id, unit, factor);
  }

  /** The first that was measured; else why the first was not. */
  private static MetricSummary first(MetricSummary... summaries) {
    for (MetricSummary summary : summaries) {
      if (summary.notMeasured() == null) {
        return summary;
      }
    }
    return summaries[0];
  }

  /** Each server's share of its own bytes; else its tokens times what the user says of each. */
  private MetricSummary cacheBytes() {
    Levels levels = new Levels(true);
    for (Track server : watch.of(Watch.SERVER)) {
      Level ratio = watch.level(server, TelemetryId.KV_USED_RATIO);
      Level capacity = watch.level(server, TelemetryId.KV_CAPACITY_BYTES);
      Level tokens = watch.level(server, TelemetryId.KV_USED_TOKENS);
      if (ratio != null && capacity != null) {
        levels.add(ratio, capacity.max());
      } else if (tokens != null && bytesPerToken != null) {
        levels.add(tokens, bytesPerToken);
      } else {
        return MetricSummary.absent(
            "B",
            tokens == null
                ? watch.why(Watch.SERVER, server, TelemetryId.KV_USED_TOKENS)
                : "not exposed by "
                    + Watch.name(Watch.SERVER, server)
                    + " (kv_capacity_bytes); telemetry.kvBytesPerToken makes bytes of tokens");
      }
    }
    return levels.isEmpty()
        ? MetricSummary.absent("B", watch.silence(Watch.SERVER))
        : levels.summary("B", 1);
  }

  private MetricSummary prefixHits() {
    MetricSummary told =
        share(
            TelemetryId.PROMPT_CACHED_TOKENS,
            TelemetryId.PROMPT_TOKENS,
            "the servers counted no prompt token");
    MetricSummary lookedUp =
        share(
            TelemetryId.PREFIX_HIT_TOKENS,
            TelemetryId.PREFIX_QUERIED_TOKENS,
            "the servers looked nothing up");
    MetricSummary own = watch.gauge(Watch.SERVER, TelemetryId.PREFIX_HIT_RATIO, "ratio", 1, false);
    Double mean = own.mean();
    MetricSummary byGauge =
        mean == null
            ? MetricSummary.absent("ratio", String.valueOf(own.notMeasured()))
            : MetricSummary.ofValue("ratio", mean, own.count());
    return first(told, lookedUp, blocks(), byGauge);
  }

  private MetricSummary blocks() {
    Double hits = counter(TelemetryId.PREFIX_HIT_BLOCKS_COUNT, "count", 1).value();
    MetricSummary missed = counter(TelemetryId.PREFIX_MISSED_BLOCKS_COUNT, "count", 1);
    Double misses = missed.value();
    if (hits == null || misses == null) {
      return MetricSummary.absent("ratio", String.valueOf(missed.notMeasured()));
    }
    double all = hits + misses;
    return all > 0
        ? MetricSummary.ofValue("ratio", hits / all, missed.count())
        : MetricSummary.absent("ratio", "the servers looked nothing up");
  }

  private MetricSummary share(TelemetryId part, TelemetryId whole, String none) {
    MetricSummary parts = counter(part, "tok", 1);
    MetricSummary all = counter(whole, "tok", 1);
    Double some = parts.value();
    Double every = all.value();
    if (some == null || every == null) {
      return MetricSummary.absent(
          "ratio", String.valueOf(some == null ? parts.notMeasured() : all.notMeasured()));
    }
    return every > 0
        ? MetricSummary.ofValue("ratio", some / every, all.count())
        : MetricSummary.absent("ratio", none);
  }

  private MetricSummary evictedTokens() {
    MetricSummary tokens = counter(TelemetryId.EVICTED_TOKENS, "tok", 1);
    if (tokens.notMeasured() == null) {
      return tokens;
    }
    double sum = 0;
    long count = 0;
    for (Track server : watch.of(Watch.SERVER)) {
      Timeline blocks = server.of(TelemetryId.EVICTED_BLOCKS_COUNT);
      Growth growth = watch.growth(blocks);
      Level size = watch.level(server, TelemetryId.KV_BLOCK_TOKENS);
      if (growth == null || size == null) {
        return tokens;
      }
      sum += growth.value() * size.max();
      count++;
    }
    return count == 0 ? tokens : MetricSummary.ofValue("tok", sum, count);
  }

  private MetricSummary acceptance() {
    MetricSummary counted =
        share(
            TelemetryId.SPEC_ACCEPTED_TOKENS,
            TelemetryId.SPEC_DRAFT_TOKENS,
            "no token was drafted: the servers did not speculate");
    MetricSummary own = watch.gauge(Watch.SERVER, TelemetryId.SPEC_ACCEPT_RATIO, "ratio", 1, false);
    Double mean = own.mean();
    return counted.notMeasured() == null || mean == null
        ? counted
        : MetricSummary.ofValue("ratio", mean, own.count());
  }

  private MetricSummary loadTime() {
    MetricSummary told = toldLoadTime();
    return told.notMeasured() == null || loadNanos == null
        ? told
        : MetricSummary.ofValue("s", loadNanos / NANOS, 1);
  }

  /** Told once and for all: the moment of the sample does not matter. */
  private MetricSummary toldLoadTime() {
    double most = 0;
    List<Track> all = watch.of(Watch.SERVER);
    for (Track server : all) {
      Timeline told = server.of(TelemetryId.MODEL_LOAD_SECONDS);
      Double seconds = told == null ? null : told.lastUntil(Long.MAX_VALUE);
      if (seconds == null) {
        return MetricSummary.absent(
            "s", watch.why(Watch.SERVER, server, TelemetryId.MODEL_LOAD_SECONDS));
      }
      most = Math.max(most, seconds);
    }
    return all.isEmpty()
        ? MetricSummary.absent("s", watch.silence(Watch.SERVER))
        : MetricSummary.ofValue("s", most, all.size());
  }

  private void memory(Map<String, MetricSummary> metrics) {
    MetricSummary found = null;
    for (Place place : MEMORY) {
      MetricSummary summary = watch.gauge(place.source, place.id, "MiB", 1 / MIB, true);
      if (summary.notMeasured() == null && found == null) {
        found = summary;
      }
    }
    Double max = found == null ? null : found.max();
    Double mean = found == null ? null : found.mean();
    long count = found == null ? 0 : found.count();
    String none =
        watch.silence(Watch.GPU)
            + ", "
            + watch.silence(Watch.SERVER)
            + ", and "
            + watch.silence(Watch.PROCESS);
    metrics.put(
        ResourceMetric.PEAK_MEMORY.id(),
        max == null ? MetricSummary.absent("MiB", none) : MetricSummary.ofValue("MiB", max, count));
    put(
        metrics,
        ResourceMetric.MEAN_MEMORY,
        mean == null
            ? MetricSummary.absent("MiB", none)
            : MetricSummary.ofValue("MiB", mean, count));
  }

  private MetricSummary processors() {
    MetricSummary seconds = watch.counter(Watch.PROCESS, TelemetryId.CPU_SECONDS, "cores", 1);
    Double used = seconds.value();
    double window = watch.window().seconds();
    if (used == null || window <= 0) {
      return seconds.notMeasured() == null
          ? MetricSummary.absent("cores", "no time passed")
          : seconds;
    }
    MetricSummary between = watch.gauge(Watch.PROCESS, TelemetryId.CPU_CORES, "cores", 1, true);
    return MetricSummary.ofGauge(
        "cores", seconds.count(), between.min(), used / window, between.max());
  }

  private MetricSummary hostMemory() {
    Track host = watch.host();
    if (host == null) {
      return MetricSummary.absent("ratio", watch.silence(Watch.HOST));
    }
    Level used = watch.level(host, TelemetryId.MEMORY_USED_BYTES);
    Level total = watch.level(host, TelemetryId.MEMORY_TOTAL_BYTES);
    if (used == null || total == null || total.max() <= 0) {
      return MetricSummary.absent(
          "ratio", watch.why(Watch.HOST, host, TelemetryId.MEMORY_USED_BYTES));
    }
    return MetricSummary.ofValue("ratio", used.max() / total.max(), used.sampleCount());
  }

  private MetricSummary hostCpu() {
    Track host = watch.host();
    if (host == null) {
      return MetricSummary.absent("ratio", watch.silence(Watch.HOST));
    }
    Level busy = watch.level(host, TelemetryId.CPU_BUSY_RATIO);
    if (busy == null) {
      return MetricSummary.absent("ratio", watch.why(Watch.HOST, host, TelemetryId.CPU_BUSY_RATIO));
    }
    Levels levels = new Levels(false);
    levels.add(busy);
    return levels.summary("ratio", 1);
  }
}
