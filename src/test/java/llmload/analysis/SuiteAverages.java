package llmload.analysis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import llmload.metrics.Distribution;
import llmload.metrics.RequestMetrics;
import llmload.metrics.SuiteResults;
import llmload.metrics.TokenSpeedCall;
import llmload.metrics.TokenSpeedCalls;
import llmload.model.CoreMetric;
import llmload.model.Phase;
import llmload.model.RequestRecord;

/**
 * The averages that other suites compare with a baseline, by their own formulas, over measured
 * requests that are OK: all but the last over generation requests. One thread only; memory grows
 * with batches alone.
 *
 * <ul>
 *   <li>{@code avg_tps} (PyAgent): mean of (input + output tokens) ÷ (end − sent), in tok/s;
 *       requests sent together as a batch are one sample, over all of it, as in that suite's files
 *   <li>{@code avg_ttft_ms} (sagellm-benchmark): mean of first content − sent, in ms
 *   <li>{@code avg_tbt_ms} (the same): mean of (end − first content) ÷ (n − 1), in ms
 *   <li>{@code avg_throughput_tps} (the same): mean of n ÷ (end − sent), in tok/s
 *   <li>{@code p95_ms} (mini-biai-1): p95 of the searches' time, in a line between the two samples
 *       nearest to it, as NumPy does by default and as that suite's files have it, in ms
 * </ul>
 *
 * As in that suite, answers of less than two tokens and times of 0 are in no average of times;
 * answers that were not streamed have no first content.
 */
public final class SuiteAverages {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<String, Mean> means = new LinkedHashMap<>();
  private final Distribution searches = new Distribution(CoreMetric.E2E.unit());
  private final TokenSpeedCalls calls = new TokenSpeedCalls(this::addCall);

  /** Takes one request of any phase and outcome. */
  public void accept(RequestRecord request) {
    calls.accept(request);
    if (request.phase() != Phase.MEASURE || !request.outcome().isOk()) {
      return;
    }
    if (SuiteResults.isSearch(request.request())) {
      RequestMetrics.sample(CoreMetric.E2E, request).ifPresent(searches::add);
    }
    long endNanos = request.stamps().endNanos();
    if (!request.isGeneration() || endNanos <= 0) {
      return;
    }
    OptionalLong output = RequestMetrics.outputTokens(request);
    if (output.isPresent()) {
      add("avg_throughput_tps", output.getAsLong() * NANOS_PER_SECOND / endNanos);
    }
    Long first = request.stamps().firstContentNanos();
    if (first == null || !RequestMetrics.isStreamed(request)) {
      return;
    }
    addTime("avg_ttft_ms", first / NANOS_PER_MILLI);
    if (output.isPresent() && output.getAsLong() > 1) {
      addTime("avg_tbt_ms", (endNanos - first) / NANOS_PER_MILLI / (output.getAsLong() - 1));
    }
  }

  private void addCall(TokenSpeedCall call) {
    if (call.isOk()) {
      call.tokensPerSecond().ifPresent(speed -> add("avg_tps", speed));
    }
  }

  /** Each average that has a sample, by the suite's key. */
  public Map<String, Double> numbers() {
    calls.finish();
    Map<String, Double> numbers = new LinkedHashMap<>();
    means.forEach((key, mean) -> numbers.put(key, mean.sum / mean.count));
    searches.linearPercentile(95).ifPresent(p95 -> numbers.put("p95_ms", p95));
    return numbers;
  }

  private void addTime(String key, double millis) {
    if (millis > 0) {
      add(key, millis);
    }
  }

  private void add(String key, double value) {
    Mean mean = means.computeIfAbsent(key, unused -> new Mean());
    mean.sum += value;
    mean.count++;
  }

  private static final class Mean {
    private double sum;
    private long count;
  }
}
