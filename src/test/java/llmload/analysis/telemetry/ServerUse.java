package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
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
  private final AnswerTally answers;

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
   * @param answers what the answers tell where no metric does
   */
  ServerUse(Watch watch, @Nullable Double bytesPerToken, AnswerTally answers) {
    this.answers = answers;
    this.watch = watch;
    this.bytesPerToken = bytesPerToken;
  }

  void into(ResourceFigures metrics) {
    metrics.put(ResourceMetric.KV_USED_TOKENS, sum(TelemetryId.KV_USED_TOKENS, "tok"));
    metrics.put(ResourceMetric.KV_USED_BYTES, cacheBytes());
    metrics.put(
        ResourceMetric.KV_USED_RATIO, watch.mean(Watch.SERVER, TelemetryId.KV_USED_RATIO, "ratio"));
    metrics.put(ResourceMetric.PREFIX_HIT_RATE, prefixHits());
    metrics.put(ResourceMetric.EVICTED_TOKENS, evictedTokens());
    metrics.put(
        ResourceMetric.EVICTIONS,
        Figure.first(
            counter(TelemetryId.EVICTION_PASSES_COUNT, "count", 1),
            counter(TelemetryId.EVICTED_BLOCKS_COUNT, "count", 1)));
    metrics.put(ResourceMetric.EVICTION_TIME, counter(TelemetryId.EVICTION_SECONDS, "ms", MILLIS));
    metrics.put(ResourceMetric.PREEMPTIONS, counter(TelemetryId.PREEMPTIONS_COUNT, "count", 1));
    metrics.put(ResourceMetric.SPEC_ACCEPT_RATE, acceptance());
    metrics.put(ResourceMetric.QUEUE_DEPTH, sum(TelemetryId.REQUESTS_WAITING_COUNT, "req"));
    metrics.put(ResourceMetric.RUNNING_BATCH, sum(TelemetryId.REQUESTS_RUNNING_COUNT, "req"));
    metrics.put(ResourceMetric.MODEL_LOAD_TIME, loadTime());
    memory(metrics);
    metrics.put(ResourceMetric.SERVER_CPU, processors());
    metrics.put(ResourceMetric.HOST_CPU, hostCpu());
    metrics.put(ResourceMetric.HOST_MEMORY_PEAK, hostMemory());
  }

  private Figure sum(TelemetryId id, String unit) {
    return watch.sum(Watch.SERVER, id, unit, 1);
  }

  private Figure counter(TelemetryId id, String unit, double factor) {
    return watch.counter(Watch.SERVER, id, unit, factor);
  }

  /** Each server's share of its own bytes; else its tokens times what the user says of each. */
  private Figure cacheBytes() {
    List<Track> servers = watch.of(Watch.SERVER);
    List<Timeline> used = new ArrayList<>();
    Set<String> from = new LinkedHashSet<>();
    for (Track server : servers) {
      Timeline ratio = server.of(TelemetryId.KV_USED_RATIO);
      Double capacity = server.last(TelemetryId.KV_CAPACITY_BYTES);
      Timeline tokens = server.of(TelemetryId.KV_USED_TOKENS);
      if (ratio != null && capacity != null) {
        used.add(ratio.times(capacity));
        from.add(from(server, TelemetryId.KV_USED_RATIO) + " × kv_capacity_bytes");
      } else if (tokens != null && bytesPerToken != null) {
        used.add(tokens.times(bytesPerToken));
        from.add(from(server, TelemetryId.KV_USED_TOKENS) + " × telemetry.kvBytesPerToken");
      } else {
        return Figure.absent("B", whyNoBytes(server));
      }
    }
    Level level = used.isEmpty() ? null : watch.coverage().sum(used, watch.window());
    if (level != null) {
      return new Figure(Watch.summary(level, "B", 1), String.join(", ", from) + Watch.over(level));
    }
    return Figure.absent(
        "B",
        servers.isEmpty()
            ? watch.silence(Watch.SERVER)
            : watch.why(Watch.SERVER, servers.get(0), TelemetryId.KV_USED_RATIO));
  }

  private String from(Track server, TelemetryId id) {
    return watch.from(Watch.SERVER, List.of(server), id);
  }

  private String whyNoBytes(Track server) {
    return server.of(TelemetryId.KV_USED_TOKENS) == null
        ? watch.why(Watch.SERVER, server, TelemetryId.KV_USED_TOKENS)
        : watch.why(Watch.SERVER, server, TelemetryId.KV_CAPACITY_BYTES)
            + "; telemetry.kvBytesPerToken makes bytes of tokens";
  }

  private Figure prefixHits() {
    Figure told =
        share(
            TelemetryId.PROMPT_CACHED_TOKENS,
            TelemetryId.PROMPT_TOKENS,
            "the servers counted no prompt token");
    Figure lookedUp =
        share(
            TelemetryId.PREFIX_HIT_TOKENS,
            TelemetryId.PREFIX_QUERIED_TOKENS,
            "the servers looked nothing up");
    Figure own = watch.mean(Watch.SERVER, TelemetryId.PREFIX_HIT_RATIO, "ratio").mean();
    Figure byMetrics = Figure.first(told, lookedUp, blocks(), own);
    Figure byAnswers = answers.prefixHits();
    return byMetrics.isMeasured() || !byAnswers.isMeasured() ? byMetrics : byAnswers;
  }

  private Figure blocks() {
    Figure found = counter(TelemetryId.PREFIX_HIT_BLOCKS_COUNT, "count", 1);
    Figure missed = counter(TelemetryId.PREFIX_MISSED_BLOCKS_COUNT, "count", 1);
    Double hits = found.value();
    Double misses = missed.value();
    if (hits == null || misses == null) {
      return Figure.absent("ratio", hits == null ? found.reason() : missed.reason());
    }
    double all = hits + misses;
    return all > 0
        ? Figure.of(
            "ratio", hits / all, missed.summary().count(), found.from() + ", of all looked up")
        : Figure.absent("ratio", "the servers looked nothing up");
  }

  private Figure share(TelemetryId part, TelemetryId whole, String none) {
    Figure parts = counter(part, "tok", 1);
    Figure all = counter(whole, "tok", 1);
    Double some = parts.value();
    Double every = all.value();
    if (some == null || every == null) {
      return Figure.absent("ratio", some == null ? parts.reason() : all.reason());
    }
    return every > 0
        ? Figure.of("ratio", some / every, all.summary().count(), part.id() + " ÷ " + all.from())
        : Figure.absent("ratio", none);
  }

  private Figure evictedTokens() {
    Figure tokens = counter(TelemetryId.EVICTED_TOKENS, "tok", 1);
    Figure blocks = counter(TelemetryId.EVICTED_BLOCKS_COUNT, "count", 1);
    if (tokens.isMeasured() || !blocks.isMeasured()) {
      return Figure.first(tokens, Figure.absent("tok", blocks.reason()));
    }
    double sum = 0;
    for (Track server : watch.of(Watch.SERVER)) {
      Growth growth = watch.growth(server.of(TelemetryId.EVICTED_BLOCKS_COUNT));
      Double size = server.last(TelemetryId.KV_BLOCK_TOKENS);
      if (growth == null || size == null) {
        return tokens;
      }
      sum += growth.value() * size;
    }
    return Figure.of("tok", sum, blocks.summary().count(), blocks.from() + " × kv_block_tokens");
  }

  private Figure acceptance() {
    Figure counted =
        share(
            TelemetryId.SPEC_ACCEPTED_TOKENS,
            TelemetryId.SPEC_DRAFT_TOKENS,
            "no token was drafted: the servers did not speculate");
    return Figure.first(
        counted, watch.mean(Watch.SERVER, TelemetryId.SPEC_ACCEPT_RATIO, "ratio").mean());
  }

  private Figure loadTime() {
    Figure told = toldLoadTime();
    Long loadNanos = answers.loadNanos();
    return told.isMeasured() || loadNanos == null
        ? told
        : Figure.of("s", loadNanos / NANOS, 1, "the longest load that an answer told");
  }

  /** Told once and for all: the moment of the sample does not matter. */
  private Figure toldLoadTime() {
    double most = 0;
    List<Track> all = watch.of(Watch.SERVER);
    for (Track server : all) {
      Double seconds = server.last(TelemetryId.MODEL_LOAD_SECONDS);
      if (seconds == null) {
        return Figure.absent("s", watch.why(Watch.SERVER, server, TelemetryId.MODEL_LOAD_SECONDS));
      }
      most = Math.max(most, seconds);
    }
    return all.isEmpty()
        ? Figure.absent("s", watch.silence(Watch.SERVER))
        : Figure.of(
            "s", most, all.size(), watch.from(Watch.SERVER, all, TelemetryId.MODEL_LOAD_SECONDS));
  }

  private void memory(ResourceFigures metrics) {
    String none =
        watch.silence(Watch.GPU)
            + ", "
            + watch.silence(Watch.SERVER)
            + ", and "
            + watch.silence(Watch.PROCESS);
    Figure found =
        MEMORY.stream()
            .map(place -> watch.sum(place.source, place.id, "MiB", 1 / MIB))
            .filter(Figure::isMeasured)
            .findFirst()
            .orElse(Figure.absent("MiB", none));
    metrics.put(ResourceMetric.PEAK_MEMORY, found.max());
    metrics.put(ResourceMetric.MEAN_MEMORY, found.mean());
  }

  private Figure processors() {
    Figure seconds = watch.counter(Watch.PROCESS, TelemetryId.CPU_SECONDS, "cores", 1);
    Double used = seconds.value();
    double window = watch.window().seconds();
    if (used == null || window <= 0) {
      return seconds.isMeasured() ? Figure.absent("cores", "no time passed") : seconds;
    }
    MetricSummary between = watch.sum(Watch.PROCESS, TelemetryId.CPU_CORES, "cores", 1).summary();
    return new Figure(
        MetricSummary.ofGauge(
            "cores", seconds.summary().count(), between.min(), used / window, between.max()),
        seconds.from());
  }

  private Figure hostMemory() {
    Track host = watch.host();
    if (host == null) {
      return Figure.absent("ratio", watch.silence(Watch.HOST));
    }
    Level used = watch.level(host, TelemetryId.MEMORY_USED_BYTES);
    Double total = host.last(TelemetryId.MEMORY_TOTAL_BYTES);
    if (used == null || total == null || total <= 0 || used.coveredRatio() < Coverage.LEAST_RATIO) {
      return Figure.absent("ratio", watch.why(Watch.HOST, host, TelemetryId.MEMORY_USED_BYTES));
    }
    return Figure.of(
        "ratio",
        used.max() / total,
        used.sampleCount(),
        watch.from(Watch.HOST, List.of(host), TelemetryId.MEMORY_USED_BYTES));
  }

  private Figure hostCpu() {
    Track host = watch.host();
    if (host == null) {
      return Figure.absent("ratio", watch.silence(Watch.HOST));
    }
    Level busy = watch.level(host, TelemetryId.CPU_BUSY_RATIO);
    return busy == null
        ? Figure.absent("ratio", watch.why(Watch.HOST, host, TelemetryId.CPU_BUSY_RATIO))
        : new Figure(
            Watch.summary(busy, "ratio", 1),
            watch.from(Watch.HOST, List.of(host), TelemetryId.CPU_BUSY_RATIO) + Watch.over(busy));
  }
}
