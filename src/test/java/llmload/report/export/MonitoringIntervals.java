package llmload.report.export;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import llmload.metrics.Distribution;
import llmload.metrics.RequestMetrics;
import llmload.metrics.SpikeGroups;
import llmload.metrics.SpikeRate;
import llmload.metrics.SuiteResults;
import llmload.model.CoreMetric;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.SeriesPoint;

/**
 * What ended in each interval of a run beyond its series: searches, and spikes by what the whole
 * run says of their kind. Takes the journal a second time, once all of it has been seen.
 */
final class MonitoringIntervals {
  /** How long before the last end a request counts as current. */
  static final long CURRENT_NANOS = 10_000_000_000L;

  private static final double NANOS = 1e9;

  private final SpikeGroups spikes;
  private final long currentFromNanos;
  private final NavigableMap<Long, Integer> byStart = new TreeMap<>();
  private final Distribution[] searches;
  private final Share[] shares;
  private final Share current = new Share();

  private static final class Share {
    private long judgedCount;
    private double spikeCount;

    void add(double spike) {
      judgedCount++;
      spikeCount += spike;
    }

    OptionalDouble ratio() {
      return judgedCount < SpikeRate.MIN_COUNT
          ? OptionalDouble.empty()
          : OptionalDouble.of(spikeCount / judgedCount);
    }
  }

  MonitoringIntervals(List<SeriesPoint> series, SuiteResults results) {
    spikes = results.spikes();
    long firstNanos = results.all().isEmpty() ? 0 : results.all().firstSentNanos();
    currentFromNanos = results.all().isEmpty() ? 0 : results.all().lastEndNanos() - CURRENT_NANOS;
    for (int i = 0; i < series.size(); i++) {
      byStart.put(firstNanos + (long) (series.get(i).startSeconds() * NANOS), i);
    }
    searches = new Distribution[series.size()];
    shares = new Share[series.size()];
    Arrays.setAll(searches, i -> new Distribution(CoreMetric.E2E.unit()));
    Arrays.setAll(shares, i -> new Share());
  }

  /** Takes one request; what is not measured is passed over. */
  void add(RequestRecord request) {
    if (request.phase() == Phase.WARMUP || !request.outcome().isOk()) {
      return;
    }
    Map.Entry<Long, Integer> interval = byStart.floorEntry(request.endedNanos());
    if (interval != null && SuiteResults.isSearch(request.request())) {
      RequestMetrics.sample(CoreMetric.E2E, request).ifPresent(searches[interval.getValue()]::add);
    }
    spikes
        .judge(request)
        .ifPresent(
            spike -> {
              if (interval != null) {
                shares[interval.getValue()].add(spike);
              }
              if (request.endedNanos() >= currentFromNanos) {
                current.add(spike);
              }
            });
  }

  /** The suite's p95 of the searches that ended in that interval, in milliseconds. */
  OptionalDouble searchP95Millis(int interval) {
    return searches[interval].linearPercentile(95);
  }

  /** Spikes ÷ judged answers that ended in that interval; empty below ten of them. */
  OptionalDouble spikeRatio(int interval) {
    return shares[interval].ratio();
  }

  /** The same of the last ten seconds. */
  OptionalDouble currentSpikeRatio() {
    return current.ratio();
  }
}
