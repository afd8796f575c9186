package llmload.analysis;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import llmload.metrics.Distribution;
import llmload.metrics.GoodputLimits;
import llmload.metrics.RequestMetrics;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.Tags;

/**
 * Collects the measured requests of one scope, all of generation or none.
 *
 * <p>Distributions and sums are over OK requests; shares are over those that their formula names.
 * Scopes merge, so that {@code all} is made of its parts at the end instead of being fed twice.
 */
final class ScopeCollector {
  /** What a request that generates nothing still has. */
  private static final Set<CoreMetric> OF_ANY_REQUEST =
      EnumSet.of(
          CoreMetric.CONNECT,
          CoreMetric.TIME_TO_HEADERS,
          CoreMetric.TIME_TO_FIRST_BYTE,
          CoreMetric.E2E,
          CoreMetric.E2E_FROM_INTENDED,
          CoreMetric.SEND_LAG,
          CoreMetric.REQUESTS_PER_SECOND,
          CoreMetric.ERROR_RATE,
          CoreMetric.SPIKE_RATE);

  /** What only some of them have: an embedding has a prompt, a health check none. */
  private static final Set<CoreMetric> OF_A_PROMPT =
      EnumSet.of(CoreMetric.INPUT_TOKENS, CoreMetric.TOTAL_TOKENS_PER_SECOND);

  /** What only searches have. */
  private static final Set<CoreMetric> OF_A_SEARCH = EnumSet.of(CoreMetric.RECALL_AT_K);

  private final boolean generation;
  private final GoodputLimits limits;
  private final Map<CoreMetric, Distribution> distributions = new EnumMap<>(CoreMetric.class);
  private final Window window = new Window();
  private boolean limited;
  private long startedCount;
  private long okCount;
  private long failedCount;
  private long okStreamedCount;
  private long okIntendedCount;
  private long goodCount;
  private long unjudgedCount;
  private long schemaCount;
  private long schemaValidCount;
  private long countedCount;
  private long outputTokenCount;
  private long promptCount;
  private long totalTokenCount;
  private long searchCount;

  ScopeCollector(boolean generation, GoodputLimits limits) {
    this.generation = generation;
    this.limits = limits;
    this.limited = !limits.isEmpty();
    for (CoreMetric metric : CoreMetric.values()) {
      boolean kept =
          generation
              ? !OF_A_SEARCH.contains(metric)
              : OF_ANY_REQUEST.contains(metric)
                  || OF_A_PROMPT.contains(metric)
                  || OF_A_SEARCH.contains(metric);
      if (kept && metric.shape() == Metric.Shape.DISTRIBUTION) {
        distributions.put(metric, new Distribution(metric.unit()));
      }
    }
  }

  void add(RequestRecord measured) {
    startedCount++;
    searchCount += RequestKind.RETRIEVAL.id().equals(measured.tags().get(Tags.KIND)) ? 1 : 0;
    Outcome outcome = measured.outcome();
    if (outcome == Outcome.INCOMPLETE) {
      return;
    }
    window.include(measured.sentNanos(), measured.endedNanos());
    if (measured.schemaValid() != null) {
      schemaCount++;
      schemaValidCount += measured.schemaValid() ? 1 : 0;
    }
    if (outcome.isFailed()) {
      failedCount++;
      return;
    }
    addOk(measured);
  }

  private void addOk(RequestRecord ok) {
    okCount++;
    okStreamedCount += RequestMetrics.isStreamed(ok) ? 1 : 0;
    okIntendedCount += ok.intendedNanos() == null ? 0 : 1;
    distributions.forEach(
        (metric, distribution) -> RequestMetrics.forEachSample(metric, ok, distribution));
    switch (limits.judge(ok)) {
      case GOOD -> goodCount++;
      case NOT_MEASURED -> unjudgedCount++;
      case BEYOND -> {}
    }
    OptionalLong n = generation ? RequestMetrics.outputTokens(ok) : OptionalLong.of(0);
    n.ifPresent(
        tokens -> {
          countedCount++;
          outputTokenCount += tokens;
          Integer prompt = ok.usage().inputTokens();
          if (prompt != null) {
            promptCount++;
            totalTokenCount += tokens + prompt;
          }
        });
  }

  void merge(ScopeCollector other) {
    limited |= other.limited;
    window.include(other.window);
    startedCount += other.startedCount;
    okCount += other.okCount;
    failedCount += other.failedCount;
    okStreamedCount += other.okStreamedCount;
    okIntendedCount += other.okIntendedCount;
    goodCount += other.goodCount;
    unjudgedCount += other.unjudgedCount;
    schemaCount += other.schemaCount;
    schemaValidCount += other.schemaValidCount;
    countedCount += other.countedCount;
    outputTokenCount += other.outputTokenCount;
    promptCount += other.promptCount;
    totalTokenCount += other.totalTokenCount;
    searchCount += other.searchCount;
    other.distributions.forEach(
        (metric, distribution) -> {
          Distribution mine = distributions.get(metric);
          if (mine != null) {
            mine.merge(distribution);
          }
        });
  }

  /** Whether the report of this scope has a place for {@code metric}. */
  boolean shows(CoreMetric metric) {
    if (OF_A_SEARCH.contains(metric)) {
      return searchCount > 0;
    }
    return generation
        || OF_ANY_REQUEST.contains(metric)
        || (OF_A_PROMPT.contains(metric) && promptCount > 0);
  }

  /** The samples of a distribution metric that the scope shows. */
  Distribution samples(CoreMetric metric) {
    Distribution found = distributions.get(metric);
    if (found == null) {
      throw new IllegalArgumentException(
          "metric: Expecting a distribution of this scope. Found: " + metric.id() + ".");
    }
    return found;
  }

  boolean hasSamples(CoreMetric metric) {
    Distribution found = distributions.get(metric);
    return found != null && !found.isEmpty();
  }

  boolean isGeneration() {
    return generation;
  }

  /** Whether a target limits the latency of one of its requests. */
  boolean isLimited() {
    return limited;
  }

  /** Whether something with a limit was measured on no OK request at all. */
  boolean isUnjudged() {
    return okCount > 0 && unjudgedCount == okCount;
  }

  /** First sent → last end of the OK and failed requests; empty if that is no time. */
  OptionalDouble windowSeconds() {
    return window.seconds();
  }

  long startedCount() {
    return startedCount;
  }

  long okCount() {
    return okCount;
  }

  long failedCount() {
    return failedCount;
  }

  long okStreamedCount() {
    return okStreamedCount;
  }

  long okIntendedCount() {
    return okIntendedCount;
  }

  long goodCount() {
    return goodCount;
  }

  long schemaCount() {
    return schemaCount;
  }

  long schemaValidCount() {
    return schemaValidCount;
  }

  /** OK requests whose output tokens are known, and these tokens' sum. */
  long countedCount() {
    return countedCount;
  }

  long outputTokenCount() {
    return outputTokenCount;
  }

  /** OK requests whose input and output tokens are known, and the sum of both. */
  long promptCount() {
    return promptCount;
  }

  long totalTokenCount() {
    return totalTokenCount;
  }
}
