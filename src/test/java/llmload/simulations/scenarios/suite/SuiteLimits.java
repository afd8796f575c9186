package llmload.simulations.scenarios.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import llmload.config.SettingsReader;
import llmload.metrics.SuiteResults;
import llmload.model.CoreMetric;
import llmload.model.RunMeasurements;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the user's own in place of those of the target files; {@code null} keeps the file's.
 *
 * @param tokensPerSecond the least tokens a second of one stream
 * @param ttftMillis the time to first token
 * @param spikePercents the least and the most spikes
 * @param retrievalMillis the p95 of a search
 */
public record SuiteLimits(
    @Nullable Double tokensPerSecond,
    @Nullable Double ttftMillis,
    List<Double> spikePercents,
    @Nullable Double retrievalMillis) {

  private static final double MOST = 1e9;
  private static final double PERCENT = 100;

  /** Metrics that are judged over the requests of token throughput alone. */
  private static final Set<String> OF_THROUGHPUT =
      Set.of(
          CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER.id(),
          CoreMetric.TTFT.id(),
          CoreMetric.SPIKE_RATE.id());

  /** Copies the list. */
  public SuiteLimits {
    spikePercents = List.copyOf(spikePercents);
  }

  /** Reads {@code llm.suite.target.*}. */
  static SuiteLimits read(SettingsReader settings) {
    return new SuiteLimits(
        number(settings, "suite.target.tokensPerSecond"),
        number(settings, "suite.target.ttftMillis"),
        spikes(settings),
        number(settings, "suite.target.retrievalMillis"));
  }

  private static @Nullable Double number(SettingsReader settings, String key) {
    var value = settings.number(key, 0, MOST);
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static List<Double> spikes(SettingsReader settings) {
    String key = "suite.target.spikePercents";
    List<String> words = settings.list(key).orElse(List.of());
    boolean numbers = words.stream().allMatch(word -> word.strip().matches("\\d+(\\.\\d+)?"));
    List<Double> bounds = new ArrayList<>();
    if (numbers) {
      words.forEach(word -> bounds.add(Double.valueOf(word.strip())));
    }
    boolean ordered = bounds.size() == 2 && bounds.get(0) <= bounds.get(1);
    if (!words.isEmpty() && !ordered) {
      settings.reject(key, "two numbers, the least and the most");
      return List.of();
    }
    return bounds;
  }

  /**
   * The targets of the files for the parts of {@code type}: what is said of all requests is meant
   * of those of token throughput, and what its parts do not measure is left out.
   */
  List<Target> applied(List<Target> targets, SuiteType type) {
    return targets.stream().flatMap(target -> applied(target, type)).toList();
  }

  private Stream<Target> applied(Target target, SuiteType type) {
    if (target.scope().equals(SuiteResults.RETRIEVAL)) {
      return type.searches() ? Stream.of(changed(target, target.scope())) : Stream.empty();
    }
    boolean ofThroughput =
        target.scope().equals(RunMeasurements.ALL) && OF_THROUGHPUT.contains(target.metric());
    if (!ofThroughput) {
      return Stream.of(target);
    }
    return type.generates() ? Stream.of(changed(target, SuiteResults.THROUGHPUT)) : Stream.empty();
  }

  private Target changed(Target target, String scope) {
    Double limit = limit(target.metric());
    boolean spikes = target.metric().equals(CoreMetric.SPIKE_RATE.id()) && !spikePercents.isEmpty();
    double value = limit == null ? target.value() : limit;
    return new Target(
        target.id().replaceFirst("^" + RunMeasurements.ALL + "\\.", scope + "."),
        scope,
        target.metric(),
        target.statistic(),
        target.op(),
        spikes ? spikePercents.get(0) / PERCENT : value,
        spikes ? Double.valueOf(spikePercents.get(1) / PERCENT) : target.upper(),
        target.unit(),
        target.required(),
        target.graded(),
        limit == null && !spikes ? target.source() : "the settings llm.suite.target.*");
  }

  private @Nullable Double limit(String metric) {
    if (metric.equals(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER.id())) {
      return tokensPerSecond;
    }
    if (metric.equals(CoreMetric.TTFT.id())) {
      return ttftMillis;
    }
    return metric.equals(CoreMetric.E2E.id()) ? retrievalMillis : null;
  }
}
