package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.metrics.SampleFixture;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.TelemetrySample;

/**
 * Measurements of slow requests among ten ordinary ones (connected after 1 ms, first token after
 * 101 ms, then nine gaps of 10 ms: 191 ms), and of the samples beside them.
 */
final class SlowRequestFixture {
  private static final long SLOW_SENT_MILLIS = 20_000;

  private final List<TelemetrySample> samples = new ArrayList<>();

  /** The samples, to add to and to take from. */
  List<TelemetrySample> samples() {
    return samples;
  }

  /** An ordinary request but for its gaps. */
  static RequestFixture ordinary(int... gapMillis) {
    return RequestFixture.stream(gapMillis).connected(1).usage(10, gapMillis.length);
  }

  /** So many gaps, all alike but the first. */
  static int[] gaps(int first, int count, int gap) {
    int[] gaps = new int[count];
    Arrays.fill(gaps, gap);
    gaps[0] = first;
    return gaps;
  }

  /** A sample each second; that from 20 to 24 s is another. */
  void eachSecond(String source, String name, double ordinary, double slow) {
    for (int second = 0; second <= 40; second++) {
      double value = second >= 20 && second <= 24 ? slow : ordinary;
      samples.add(SampleFixture.sample(source, second, name, value, "url", "a"));
    }
  }

  /** All requests, {@code slow} sent after 20 s. */
  RunMeasurements measured(RequestFixture... slow) {
    RunManifest manifest = ManifestFixture.closed();
    RunAnalysis analysis = new RunAnalysis(manifest);
    TelemetryAnalysis telemetry = new TelemetryAnalysis(manifest);
    List<RequestRecord> requests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      requests.add(ordinary(gaps(101, 10, 10)).sent(i * 1_000).build());
    }
    for (RequestFixture each : slow) {
      requests.add(each.sent(SLOW_SENT_MILLIS).build());
    }
    requests.forEach(analysis::accept);
    requests.forEach(telemetry::accept);
    samples.forEach(telemetry::accept);
    return telemetry.into(analysis.finish(null, requests.size(), 0));
  }

  /** What was watched, by its id. */
  static ResultTable table(RunMeasurements run, String id) {
    return run.telemetry().tables().stream()
        .filter(table -> table.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
