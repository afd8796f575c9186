package llmload.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import llmload.model.CoreMetric;
import llmload.model.RequestRecord;
import llmload.model.Tags;

/**
 * Spikes among latencies of several kinds, each judged by its own kind: what a longer prompt or
 * more requests at once take longer is no spike. A kind is a request name, concurrency and prompt
 * length; one of less than ten samples is not judged. Only answers count. Not safe for use by
 * several threads.
 */
public final class SpikeGroups {
  private final Map<String, Distribution> groups = new HashMap<>();

  /** Takes one request; a failed one, and one that generates nothing, is passed over. */
  public void add(RequestRecord request) {
    if (request.outcome().isOk() && request.isGeneration()) {
      RequestMetrics.sample(CoreMetric.E2E, request)
          .ifPresent(
              millis ->
                  groups
                      .computeIfAbsent(
                          kind(request), name -> new Distribution(CoreMetric.E2E.unit()))
                      .add(millis));
    }
  }

  private static String kind(RequestRecord request) {
    Map<String, String> tags = request.tags();
    return request.request()
        + '\n'
        + tags.getOrDefault(Tags.CONCURRENCY, "")
        + '\n'
        + tags.getOrDefault(Tags.PROMPT, "");
  }

  /** The spikes by {@link SpikeRate#of} ÷ all that were judged; empty if none was. */
  public OptionalDouble ratio() {
    return ratio(SpikeRate::threshold);
  }

  /** The spikes by {@link SpikeRate#robust} ÷ all that were judged; empty if none was. */
  public OptionalDouble robustRatio() {
    return ratio(SpikeRate::robustThreshold);
  }

  private OptionalDouble ratio(Function<Distribution, OptionalDouble> threshold) {
    long judged = 0;
    long spikes = 0;
    for (Distribution latencies : groups.values()) {
      OptionalDouble limit = threshold.apply(latencies);
      if (limit.isPresent()) {
        judged += latencies.count();
        spikes += latencies.countAbove(limit.getAsDouble());
      }
    }
    return judged == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) spikes / judged);
  }

  /**
   * Whether a request is a spike of its kind, all of which were taken before, by {@link
   * SpikeRate#of}: 1 or 0; empty where it is not judged.
   */
  public OptionalDouble judge(RequestRecord request) {
    Distribution own = groups.get(kind(request));
    if (own == null || !request.outcome().isOk() || !request.isGeneration()) {
      return OptionalDouble.empty();
    }
    OptionalDouble limit = SpikeRate.threshold(own);
    OptionalDouble millis = RequestMetrics.sample(CoreMetric.E2E, request);
    return limit.isEmpty() || millis.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(millis.getAsDouble() > limit.getAsDouble() ? 1 : 0);
  }
}
