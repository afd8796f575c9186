package llmload.metrics;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.Operator;
import llmload.model.RequestRecord;
import llmload.model.RunMeasurements;
import llmload.model.Target;

/**
 * The latencies that a request must keep to be a good one: the upper limits that the targets set.
 *
 * <p>A limit is a graded target on {@code ttft}, {@code ttfot}, {@code tpot} or {@code e2e} with
 * {@code <} or {@code <=}, of any statistic but {@code std} (a spread is no bound on a latency), of
 * the scope {@code all} or the request's own name. The tightest one of each metric counts.
 */
public final class GoodputLimits {
  /** Why there is no goodput where no target sets a limit. */
  public static final String NO_LIMIT = "no target sets a limit on ttft, ttfot, tpot or e2e";

  private final Map<CoreMetric, Limit> limits = new EnumMap<>(CoreMetric.class);

  private GoodputLimits() {}

  /** What the limits make of one OK request. */
  public enum Judgement {
    /** Within every limit. */
    GOOD,
    /** Beyond one of them. */
    BEYOND,
    /** Beyond none, but something that has a limit was not measured. */
    NOT_MEASURED
  }

  /** The limits that {@code targets} set on requests named {@code request}. */
  public static GoodputLimits of(List<Target> targets, String request) {
    GoodputLimits found = new GoodputLimits();
    for (Target target : targets) {
      boolean inScope =
          target.scope().equals(RunMeasurements.ALL) || target.scope().equals(request);
      if (inScope && target.graded() && !target.statistic().name().equals("std")) {
        Metric.of(target.metric())
            .filter(CoreMetric.class::isInstance)
            .map(CoreMetric.class::cast)
            .ifPresent(metric -> found.tighten(metric, target));
      }
    }
    return found;
  }

  /** Whether no limit is set. */
  public boolean isEmpty() {
    return limits.isEmpty();
  }

  /** Judges one OK request; without limits every one is good. */
  public Judgement judge(RequestRecord request) {
    Judgement judgement = Judgement.GOOD;
    for (Map.Entry<CoreMetric, Limit> entry : limits.entrySet()) {
      OptionalDouble value = RequestMetrics.sample(entry.getKey(), request);
      if (value.isPresent()) {
        if (!entry.getValue().allows(value.getAsDouble())) {
          return Judgement.BEYOND;
        }
      } else if (!(entry.getKey() == CoreMetric.TPOT && hasOneToken(request))) {
        judgement = Judgement.NOT_MEASURED;
      }
    }
    return judgement;
  }

  /** With a single token there is no pace to be too slow. */
  private static boolean hasOneToken(RequestRecord request) {
    OptionalLong n = RequestMetrics.outputTokens(request);
    return n.isPresent() && n.getAsLong() < 2;
  }

  private void tighten(CoreMetric metric, Target target) {
    boolean limited =
        switch (metric) {
          case TTFT, TTFOT, TPOT, E2E ->
              target.op() == Operator.LESS || target.op() == Operator.AT_MOST;
          default -> false;
        };
    if (limited) {
      limits.merge(
          metric,
          new Limit(target.value(), target.op() == Operator.LESS),
          (a, b) -> a.isTighterThan(b) ? a : b);
    }
  }

  /** An upper bound in milliseconds, itself excluded if {@code strict}. */
  private record Limit(double boundMillis, boolean strict) {
    boolean allows(double millis) {
      return strict ? millis < boundMillis : millis <= boundMillis;
    }

    boolean isTighterThan(Limit other) {
      return boundMillis < other.boundMillis || (boundMillis == other.boundMillis && strict);
    }
  }
}
