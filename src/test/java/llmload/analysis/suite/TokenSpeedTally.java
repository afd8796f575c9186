package llmload.analysis.suite;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import llmload.metrics.Distribution;
import llmload.metrics.TokenSpeedCall;
import llmload.model.CoreMetric;
import llmload.model.SuiteMetric;
import org.jspecify.annotations.Nullable;

/** The calls of one test, or of all, summed up. Speeds are over calls that are OK as a whole. */
final class TokenSpeedTally {
  private static final int MOST_PROBLEMS = 100;

  private final TokenSpeedCall first;
  private final Map<String, Long> problems = new TreeMap<>();
  private final Distribution total = new Distribution(SuiteMetric.CALL_TOKENS_PER_SECOND.unit());
  private final Distribution output =
      new Distribution(SuiteMetric.CALL_OUTPUT_TOKENS_PER_SECOND.unit());
  private final Distribution ttftMillis = new Distribution(CoreMetric.TTFT.unit());
  private final Distribution seconds = new Distribution("s");
  private final Ratio totalRatio = new Ratio();
  private final Ratio outputRatio = new Ratio();
  private final Distribution inputTokens = new Distribution(CoreMetric.INPUT_TOKENS.unit());
  private final Distribution outputTokens = new Distribution(CoreMetric.OUTPUT_TOKENS.unit());
  private long sentNanos;
  private long callCount;
  private long okCount;

  /** Nothing yet, of the test that {@code first} belongs to. */
  TokenSpeedTally(TokenSpeedCall first) {
    this.first = first;
    this.sentNanos = first.sentNanos();
  }

  /** Tokens over time, both summed before they are divided. */
  private static final class Ratio {
    private long tokenSum;
    private double secondSum;

    void add(OptionalLong tokens, OptionalDouble time) {
      if (tokens.isPresent() && time.isPresent()) {
        tokenSum += tokens.getAsLong();
        secondSum += time.getAsDouble();
      }
    }

    OptionalDouble perSecond() {
      return secondSum > 0 ? OptionalDouble.of(tokenSum / secondSum) : OptionalDouble.empty();
    }
  }

  void add(TokenSpeedCall call) {
    callCount++;
    sentNanos = Math.min(sentNanos, call.sentNanos());
    String problem = call.problem();
    if (problem != null) {
      // Words of a server's own: there may be as many as there are requests.
      if (problems.size() < MOST_PROBLEMS || problems.containsKey(problem)) {
        problems.merge(problem, 1L, Long::sum);
      }
      return;
    }
    okCount++;
    call.tokensPerSecond().ifPresent(total::add);
    call.outputTokensPerSecond().ifPresent(output::add);
    call.seconds().ifPresent(seconds::add);
    totalRatio.add(call.totalTokens(), call.seconds());
    outputRatio.add(call.outputTokens(), call.seconds());
    Long ttft = call.ttftNanos();
    if (ttft != null) {
      ttftMillis.add(ttft / 1e6);
    }
    Long input = call.inputTokenCount();
    if (input != null) {
      inputTokens.add(input);
    }
    call.outputTokens().ifPresent(outputTokens::add);
  }

  /** The first call that was added. */
  TokenSpeedCall first() {
    return first;
  }

  long sentNanos() {
    return sentNanos;
  }

  long callCount() {
    return callCount;
  }

  long okCount() {
    return okCount;
  }

  /** The most frequent reason of a failure; of equals the first by its words. */
  @Nullable String commonestProblem() {
    return problems.entrySet().stream()
        .max(
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Map.Entry.<String, Long>comparingByKey().reversed()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** Input and output tokens a second, one sample a call. */
  Distribution total() {
    return total;
  }

  /** Output tokens a second, one sample a call. */
  Distribution output() {
    return output;
  }

  Distribution ttftMillis() {
    return ttftMillis;
  }

  Distribution seconds() {
    return seconds;
  }

  /** Prompt tokens, one sample a call. */
  Distribution inputTokens() {
    return inputTokens;
  }

  /** Output tokens, one sample a call. */
  Distribution outputTokens() {
    return outputTokens;
  }

  /** Σ (input and output tokens) ÷ Σ time. */
  OptionalDouble totalPerSecond() {
    return totalRatio.perSecond();
  }

  /** Σ output tokens ÷ Σ time. */
  OptionalDouble outputPerSecond() {
    return outputRatio.perSecond();
  }
}
