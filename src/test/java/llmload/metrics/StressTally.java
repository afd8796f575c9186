package llmload.metrics;

import java.util.OptionalDouble;
import llmload.model.CoreMetric;
import llmload.model.Outcome;
import llmload.model.RequestRecord;

/**
 * What one test or level of a stress run came to: the same tally decides during the run and is made
 * again from the journal. Not safe for use by several threads.
 */
public final class StressTally {
  private final Distribution latencies = new Distribution(CoreMetric.E2E.unit());
  private final Moments cpu = new Moments();
  private final Moments memory = new Moments();
  private long firstSentNanos = Long.MAX_VALUE;
  private long lastEndNanos = Long.MIN_VALUE;
  private long okCount;
  private long failedCount;
  private long incompleteCount;
  private long outputTokenCount;

  /** Takes one measured request. */
  public void add(RequestRecord request) {
    if (request.outcome() == Outcome.INCOMPLETE) {
      incompleteCount++;
      return;
    }
    firstSentNanos = Math.min(firstSentNanos, request.sentNanos());
    lastEndNanos = Math.max(lastEndNanos, request.endedNanos());
    if (request.outcome().isFailed()) {
      failedCount++;
      return;
    }
    okCount++;
    RequestMetrics.sample(CoreMetric.E2E, request).ifPresent(latencies::add);
    outputTokenCount += RequestMetrics.outputTokens(request).orElse(0);
  }

  /** Takes a look at this machine, if it lies between the first request and the last end. */
  public void addHost(HostLoad look) {
    if (look.atNanos() < firstSentNanos || look.atNanos() > lastEndNanos) {
      return;
    }
    Double cpuRatio = look.cpuRatio();
    if (cpuRatio != null) {
      cpu.add(cpuRatio, 1);
    }
    Double memoryRatio = look.memoryRatio();
    if (memoryRatio != null) {
      memory.add(memoryRatio, 1);
    }
  }

  /** Requests sent. */
  public long startedCount() {
    return okCount + failedCount + incompleteCount;
  }

  /** Complete answers. */
  public long okCount() {
    return okCount;
  }

  /** Failures; requests that the end of the run cut off are none. */
  public long failedCount() {
    return failedCount;
  }

  /** End to end latency of the complete answers, in milliseconds. */
  public Distribution latencies() {
    return latencies;
  }

  /** Failed ÷ (ok + failed); empty where nothing ended. */
  public OptionalDouble errorRatio() {
    long ended = okCount + failedCount;
    return ended == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) failedCount / ended);
  }

  /** First sent → last end, in seconds; empty where nothing ended. */
  public OptionalDouble seconds() {
    return okCount + failedCount == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((lastEndNanos - firstSentNanos) / 1e9);
  }

  /** When the first was sent, since the run's anchor; of no meaning where nothing ended. */
  public long firstSentNanos() {
    return firstSentNanos;
  }

  /** When the last ended, since the run's anchor; of no meaning where nothing ended. */
  public long lastEndNanos() {
    return lastEndNanos;
  }

  /** Complete answers a second over {@link #seconds}. */
  public OptionalDouble requestsPerSecond() {
    return perSecond(okCount);
  }

  /** Output tokens a second over {@link #seconds}. */
  public OptionalDouble tokensPerSecond() {
    return perSecond(outputTokenCount);
  }

  private OptionalDouble perSecond(long count) {
    double seconds = seconds().orElse(0);
    return seconds > 0 ? OptionalDouble.of(count / seconds) : OptionalDouble.empty();
  }

  /** The mean share of the host's processors that were busy; empty where nobody looked. */
  public OptionalDouble cpuMeanRatio() {
    return cpu.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(cpu.mean());
  }

  /** The highest share of the host's processors that were busy. */
  public OptionalDouble cpuPeakRatio() {
    return cpu.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(cpu.max());
  }

  /** The mean share of the host's memory in use; empty where nobody looked. */
  public OptionalDouble memoryMeanRatio() {
    return memory.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(memory.mean());
  }

  /** The highest share of the host's memory in use. */
  public OptionalDouble memoryPeakRatio() {
    return memory.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(memory.max());
  }

  /** How often the host was looked at. */
  public long hostSampleCount() {
    return Math.max(cpu.count(), memory.count());
  }
}
