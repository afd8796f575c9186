package llmload.grading;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import llmload.config.ConfigException;
import llmload.model.RunSnapshot;

/** The rules by which a run is held against a baseline: the setting {@code baseline.policy}. */
public enum ComparisonPolicy {
  /** Core metrics with their confidence intervals. */
  LLMLOAD,
  /** PyAgent's: 5 % of the mean tokens per second. */
  PYAGENT,
  /** mini-biai-1's: 10 % of throughput and of retrieval p95. */
  MINIBIAI,
  /** sagellm-benchmark's: three averages, a warning beyond 5 % and critical beyond 10 %. */
  SAGELLM;

  /** What the policy compares, by the names that {@code baseline.allow} knows. */
  private List<String> metrics() {
    return switch (this) {
      case LLMLOAD -> IntervalRules.METRICS;
      case PYAGENT -> List.of(PyagentRules.AVG_TPS);
      case MINIBIAI -> List.of(MinibiaiRules.THROUGHPUT, MinibiaiRules.RETRIEVAL);
      case SAGELLM -> SagellmRules.METRICS;
    };
  }

  /** The word of the setting. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Every policy by its word. */
  public static Map<String, ComparisonPolicy> words() {
    Map<String, ComparisonPolicy> words = new LinkedHashMap<>();
    Arrays.stream(values()).forEach(policy -> words.put(policy.id(), policy));
    return words;
  }

  /** The policy that fits a baseline where none is named: that of the suite that wrote it. */
  public static ComparisonPolicy of(RunSnapshot baseline) {
    return words().getOrDefault(baseline.format(), LLMLOAD);
  }

  /**
   * The metrics of {@code allow} as a set.
   *
   * @throws ConfigException with a problem for each that this policy does not compare
   */
  public Set<String> allowed(List<String> allow) {
    Problems problems = new Problems("");
    List<String> metrics = metrics();
    for (String metric : allow) {
      if (!metrics.contains(metric)) {
        problems.add(
            "baseline.allow",
            "metrics that the policy " + id() + " compares, of " + String.join(", ", metrics),
            metric,
            NearestWord.hint(metric, metrics));
      }
    }
    problems.throwIfAny();
    return new TreeSet<>(allow);
  }

  /** What the policy makes of the two runs' numbers, whatever else tells the runs apart. */
  ComparedNumbers compare(RunSnapshot baseline, RunSnapshot current, Set<String> allowed) {
    return switch (this) {
      case LLMLOAD -> IntervalRules.compare(baseline, current);
      case PYAGENT -> PyagentRules.compare(baseline, current);
      case MINIBIAI -> MinibiaiRules.compare(baseline, current);
      case SAGELLM -> SagellmRules.compare(baseline, current, allowed);
    };
  }
}
