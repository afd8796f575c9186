package llmload.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import llmload.model.CoreMetric;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * One workload's numbers by the formulas of sagellm-benchmark's HTTP client.
 *
 * <p>Of each request that succeeded: {@code first} is its first content, {@code end} the end of its
 * body, both since it was sent, and n its output tokens. TTFT = first; TBT = (end − first) ÷ (n −
 * 1), 0 for n ≤ 1; TPOT = end ÷ n; throughput = n ÷ end. The averages are of these values over the
 * successful requests; a TTFT, TBT or TPOT of 0 is left out. Keeps a few numbers a request. Not
 * safe for use by several threads.
 */
public final class ContractTally {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double BYTES_PER_MEBIBYTE = 1_048_576;

  private final IndexedSamples ttftMillis = new IndexedSamples();
  private final IndexedSamples tbtMillis = new IndexedSamples();
  private final IndexedSamples tpotMillis = new IndexedSamples();
  private final IndexedSamples tokensPerSecond = new IndexedSamples();
  private final IndexedSamples endMillis = new IndexedSamples();
  private final IndexedSamples hitRatios = new IndexedSamples();
  private final @Nullable IndexedSamples gapMillis;
  private long okCount;
  private long failedCount;
  private long inputTokens;
  private long outputTokens;
  private long firstSentNanos = Long.MAX_VALUE;
  private long lastEndNanos = Long.MIN_VALUE;
  private boolean uncountedInput;
  private boolean uncountedOutput;

  /**
   * An empty tally.
   *
   * @param keepsGaps whether the gaps between tokens are kept, a number a chunk
   */
  public ContractTally(boolean keepsGaps) {
    gapMillis = keepsGaps ? new IndexedSamples() : null;
  }

  /** Takes one measured request; one that did not end is passed over. */
  public void add(RequestRecord request) {
    if (request.outcome().isFailed()) {
      failedCount++;
    }
    if (!request.outcome().isOk()) {
      return;
    }
    okCount++;
    firstSentNanos = Math.min(firstSentNanos, request.sentNanos());
    lastEndNanos = Math.max(lastEndNanos, request.endedNanos());
    addTimes(request);
    Integer prompt = request.usage().inputTokens();
    Integer cached = request.usage().cachedTokens();
    if (prompt == null) {
      uncountedInput = true;
    } else {
      inputTokens += prompt;
      if (cached != null && prompt > 0) {
        hitRatios.add((double) cached / prompt);
      }
    }
    IndexedSamples gaps = gapMillis;
    if (gaps != null) {
      RequestMetrics.forEachSample(
          CoreMetric.ITL,
          request,
          (value, count) -> {
            for (long i = 0; i < count; i++) {
              gaps.add(value);
            }
          });
    }
  }

  private void addTimes(RequestRecord request) {
    OptionalDouble first = RequestMetrics.sample(CoreMetric.TTFOT, request);
    double end = request.stamps().endNanos() / NANOS_PER_MILLI;
    endMillis.add(end);
    first.ifPresent(ttftMillis::addPositive);
    OptionalLong counted = RequestMetrics.outputTokens(request);
    if (counted.isEmpty()) {
      uncountedOutput = true;
      return;
    }
    long n = counted.getAsLong();
    outputTokens += n;
    if (first.isPresent() && n > 1) {
      tbtMillis.addPositive((end - first.getAsDouble()) / (n - 1));
    }
    if (n > 0) {
      tpotMillis.addPositive(end / n);
    }
    if (end > 0) {
      tokensPerSecond.add(n * 1000 / end);
    }
  }

  /** Requests that ended, either way. */
  public long requestCount() {
    return okCount + failedCount;
  }

  /** When the first successful request was sent, since the run's anchor; empty if none was. */
  public OptionalLong firstSentNanos() {
    return okCount == 0 ? OptionalLong.empty() : OptionalLong.of(firstSentNanos);
  }

  /** When the last successful request ended, since the run's anchor; empty if none did. */
  public OptionalLong lastEndNanos() {
    return okCount == 0 ? OptionalLong.empty() : OptionalLong.of(lastEndNanos);
  }

  /**
   * The 22 fields of the suite's document, in its order; {@code null} is not measured.
   *
   * @param server what the server tells of the time between first and last request
   * @param anchorSeconds the run's anchor, seconds since 1970
   */
  public Map<String, @Nullable Number> document(ServerFigures server, double anchorSeconds) {
    Map<String, @Nullable Number> fields = latencies();
    fields.put("avg_throughput_tps", tokensPerSecond.mean());
    fields.put("peak_mem_mb", mebibytes(server.peakMemoryBytes()));
    fields.put("avg_mem_mb", mebibytes(server.meanMemoryBytes()));
    counts(fields);
    fields.put("kv_used_tokens", server.kvUsedTokens());
    fields.put("kv_used_bytes", server.kvUsedBytes());
    fields.put("prefix_hit_rate", hitRatio(server));
    fields.put("evict_count", server.evictedCount());
    fields.put("evict_ms", server.evictionMillis());
    fields.put("spec_accept_rate", server.acceptedRatio());
    times(fields, anchorSeconds);
    return fields;
  }

  private static @Nullable Double mebibytes(@Nullable Double bytes) {
    return bytes == null ? null : Double.valueOf(bytes / BYTES_PER_MEBIBYTE);
  }

  private Map<String, @Nullable Number> latencies() {
    Map<String, @Nullable Number> fields = new LinkedHashMap<>();
    fields.put("avg_ttft_ms", ttftMillis.mean());
    percentiles(fields, "ttft_ms", ttftMillis);
    fields.put("avg_tbt_ms", tbtMillis.mean());
    fields.put("avg_tpot_ms", tpotMillis.mean());
    return fields;
  }

  private static void percentiles(
      Map<String, @Nullable Number> fields, String name, IndexedSamples samples) {
    fields.put("p50_" + name, samples.percentile(0.5));
    fields.put("p95_" + name, samples.percentile(0.95));
    fields.put("p99_" + name, samples.percentile(0.99));
  }

  private void counts(Map<String, @Nullable Number> fields) {
    long all = requestCount();
    fields.put("error_rate", all == 0 ? null : Double.valueOf((double) failedCount / all));
    fields.put("total_requests", all);
    fields.put("successful_requests", okCount);
    fields.put("failed_requests", failedCount);
  }

  /** The mean of what the requests' own usage says, else what the server's counters say. */
  private @Nullable Double hitRatio(ServerFigures server) {
    return hitRatios.size() == okCount && okCount > 0 ? hitRatios.mean() : server.prefixHitRatio();
  }

  private void times(Map<String, @Nullable Number> fields, double anchorSeconds) {
    boolean none = okCount == 0;
    fields.put("total_time_s", totalSeconds());
    fields.put(
        "start_time",
        none ? null : Double.valueOf(anchorSeconds + firstSentNanos / NANOS_PER_SECOND));
    fields.put(
        "end_time", none ? null : Double.valueOf(anchorSeconds + lastEndNanos / NANOS_PER_SECOND));
  }

  /** Last end − first start of the successful requests; {@code null} where none was. */
  private @Nullable Double totalSeconds() {
    return okCount == 0 ? null : Double.valueOf((lastEndNanos - firstSentNanos) / NANOS_PER_SECOND);
  }

  /**
   * The fields of the suite's newer code: those of the document under their newer names, with more
   * percentiles and rates; {@code avg_mem_mb} is no longer among them.
   *
   * @param server what the server tells of the time between first and last request
   * @param anchorSeconds the run's anchor, seconds since 1970
   */
  public Map<String, @Nullable Number> current(ServerFigures server, double anchorSeconds) {
    Map<String, @Nullable Number> fields = latencies();
    fields.put("std_ttft_ms", ttftMillis.std());
    spread(fields, "tpot_ms", tpotMillis);
    IndexedSamples gaps = gapMillis == null ? new IndexedSamples() : gapMillis;
    fields.put("avg_itl_ms", gaps.mean());
    spread(fields, "itl_ms", gaps);
    fields.put("avg_e2el_ms", endMillis.mean());
    spread(fields, "e2el_ms", endMillis);
    fields.put("avg_throughput_tps", tokensPerSecond.mean());
    rates(fields);
    fields.put("peak_mem_mb", mebibytes(server.peakMemoryBytes()));
    counts(fields);
    fields.put("total_kv_used_tokens", server.kvUsedTokens());
    fields.put("total_kv_used_bytes", server.kvUsedBytes());
    fields.put("avg_prefix_hit_rate", hitRatio(server));
    fields.put("total_evict_count", server.evictedCount());
    fields.put("total_evict_ms", server.evictionMillis());
    fields.put("avg_spec_accept_rate", server.acceptedRatio());
    times(fields, anchorSeconds);
    return fields;
  }

  private static void spread(
      Map<String, @Nullable Number> fields, String name, IndexedSamples samples) {
    percentiles(fields, name, samples);
    fields.put("std_" + name, samples.std());
  }

  private void rates(Map<String, @Nullable Number> fields) {
    Long in = okCount == 0 || uncountedInput ? null : Long.valueOf(inputTokens);
    Long out = okCount == 0 || uncountedOutput ? null : Long.valueOf(outputTokens);
    fields.put("total_throughput_tps", in == null || out == null ? null : perSecond(in + out));
    fields.put("request_throughput_rps", okCount == 0 ? null : perSecond(okCount));
    fields.put("input_throughput_tps", in == null ? null : perSecond(in));
    fields.put("output_throughput_tps", out == null ? null : perSecond(out));
    fields.put("total_input_tokens", in);
    fields.put("total_output_tokens", out);
  }

  private @Nullable Double perSecond(long count) {
    Double seconds = totalSeconds();
    return seconds == null || seconds <= 0 ? null : Double.valueOf(count / seconds);
  }
}
