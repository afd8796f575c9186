package llmload.analysis.suite;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.metrics.Distribution;
import llmload.metrics.TokenSpeedCall;
import llmload.metrics.TokenSpeedCalls;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/**
 * The token speed suite: each test's speed, what batches and streams gain over single answers, and
 * the servers side by side.
 */
final class TokenSpeedAnalysis implements SuiteAnalysis {
  /** The suite's word. */
  static final String SUITE = "token_speed";

  private static final String NO_CALL = "no call succeeded whose tokens are known";

  private final RunManifest manifest;
  private final Map<String, TokenSpeedTally> tests = new HashMap<>();
  private final Map<String, Distribution> latencies = new HashMap<>();
  private final TokenSpeedCalls calls = new TokenSpeedCalls(this::add);
  private @Nullable TokenSpeedTally all;

  TokenSpeedAnalysis(RunManifest manifest) {
    this.manifest = manifest;
  }

  @Override
  public void accept(RequestRecord request) {
    calls.accept(request);
    boolean ok = request.phase() == Phase.MEASURE && request.outcome().isOk();
    if (ok && TokenSpeedCall.wave(request) != null) {
      latencies
          .computeIfAbsent(request.request(), name -> new Distribution("ms"))
          .add((request.endedNanos() - request.sentNanos()) / 1e6);
    }
  }

  private void add(TokenSpeedCall call) {
    tests.computeIfAbsent(call.test(), name -> new TokenSpeedTally(call)).add(call);
    if (all == null) {
      all = new TokenSpeedTally(call);
    }
    all.add(call);
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    calls.finish();
    List<TokenSpeedTally> inOrder =
        tests.values().stream()
            .sorted(Comparator.comparingLong(TokenSpeedTally::sentNanos))
            .toList();
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    if (all != null) {
      metrics.put(RunMeasurements.ALL, speeds(all));
    }
    for (TokenSpeedTally test : inOrder) {
      Map<String, MetricSummary> own = speeds(test);
      own.putAll(compared(test));
      metrics.put(test.first().test(), own);
    }
    TokenSpeedTables tables = new TokenSpeedTables(manifest, inOrder, metrics, latencies);
    List<String> remarks =
        all == null ? List.of() : new TokenSpeedRemarks(all, inOrder, metrics).sentences();
    return new SuiteResult(SUITE, metrics, tables.all(), remarks);
  }

  private static Map<String, MetricSummary> speeds(TokenSpeedTally tally) {
    Map<String, MetricSummary> speeds = new LinkedHashMap<>();
    speeds.put(SuiteMetric.CALL_TOKENS_PER_SECOND.id(), tally.total().summarize(NO_CALL));
    speeds.put(SuiteMetric.CALL_OUTPUT_TOKENS_PER_SECOND.id(), tally.output().summarize(NO_CALL));
    return speeds;
  }

  private Map<String, MetricSummary> compared(TokenSpeedTally test) {
    Map<String, MetricSummary> compared = new LinkedHashMap<>();
    TokenSpeedCall call = test.first();
    if (call.batched()) {
      OptionalDouble speed = test.totalPerSecond();
      compared.put(
          SuiteMetric.THROUGHPUT_PER_ITEM.id(),
          speed.isPresent()
              ? MetricSummary.ofValue(
                  SuiteMetric.THROUGHPUT_PER_ITEM.unit(),
                  speed.getAsDouble() / call.plannedCount(),
                  test.total().count())
              : MetricSummary.absent(SuiteMetric.THROUGHPUT_PER_ITEM.unit(), NO_CALL));
      compared.put(SuiteMetric.BATCH_SPEEDUP.id(), ratio(SuiteMetric.BATCH_SPEEDUP, test));
    } else if (call.test().equals("streaming_" + call.prompt())) {
      compared.put(SuiteMetric.STREAMING_RATIO.id(), ratio(SuiteMetric.STREAMING_RATIO, test));
    }
    return compared;
  }

  /** The test's speed over that of the whole answers to single requests of the same prompts. */
  private MetricSummary ratio(Metric metric, TokenSpeedTally test) {
    String single = "single_" + test.first().prompt();
    TokenSpeedTally base = tests.get(single);
    if (base == null) {
      return MetricSummary.absent(metric.unit(), single + " was not run");
    }
    double speed = test.outputPerSecond().orElse(0);
    double whole = base.outputPerSecond().orElse(0);
    return speed > 0 && whole > 0
        ? MetricSummary.ofValue(metric.unit(), speed / whole, test.okCount())
        : MetricSummary.absent(metric.unit(), NO_CALL);
  }
}
