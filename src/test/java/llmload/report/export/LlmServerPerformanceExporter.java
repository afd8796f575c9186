package llmload.report.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunReport;
import llmload.model.WrkScenario;

/**
 * {@code performance_results_<time>.txt} of llm-server's {@code performance_test.sh}: a block for
 * each scenario, then the summary as CSV.
 *
 * <p>Requests a second are answers ÷ (last end − first sent). Failed requests are counted and have
 * no latency. Percentiles are the samples at ⌊p × n⌋; the script's own columns stay empty, since
 * wrk prints no such lines.
 */
final class LlmServerPerformanceExporter implements Exporter {
  /** The header of the summary, as the script writes it. */
  static final String HEADER =
      "Test Type,Scenario,Threads,Connections,Duration,Requests/sec,Latency(avg),Latency(p95),"
          + "Latency(p99)";

  private static final double NANOS = 1e9;

  @Override
  public String id() {
    return "llm-server-performance";
  }

  /** What one scenario left. */
  private static final class Samples {
    private double[] seconds = new double[1024];
    private int okCount;
    private long failedCount;
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;

    private void add(RequestRecord request) {
      firstNanos = Math.min(firstNanos, request.sentNanos());
      lastNanos = Math.max(lastNanos, request.endedNanos());
      if (request.outcome().isFailed()) {
        failedCount++;
      } else if (request.outcome().isOk()) {
        if (okCount == seconds.length) {
          seconds = Arrays.copyOf(seconds, okCount * 2);
        }
        seconds[okCount++] = LlmServerText.latencySeconds(request);
      }
    }

    private double spanSeconds() {
      return (lastNanos - firstNanos) / NANOS;
    }
  }

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    Map<WrkScenario, Samples> scenarios = new EnumMap<>(WrkScenario.class);
    records.forEachRequest(
        request -> {
          if (request.phase() == Phase.MEASURE) {
            WrkScenario.ofRequest(request.request())
                .ifPresent(
                    one -> scenarios.computeIfAbsent(one, key -> new Samples()).add(request));
          }
        });
    List<String> lines = new ArrayList<>();
    lines.add("Performance Test Results");
    lines.add("Started: " + report.manifest().startedAt());
    lines.add("Server: " + report.manifest().target().baseUrl());
    List<String> rows = new ArrayList<>();
    scenarios.forEach(
        (scenario, samples) -> {
          Figures figures = Figures.of(samples);
          lines.add("");
          lines.addAll(figures.block(scenario, samples));
          rows.add(figures.row(scenario, samples));
        });
    lines.add("");
    lines.add("Summary of Results");
    lines.add(HEADER);
    lines.addAll(rows);
    Files.write(
        folder.resolve("performance_results_" + LlmServerText.stamp(report) + ".txt"), lines);
  }

  /** A scenario's numbers in words. */
  private record Figures(String perSecond, String average, String p95, String p99, String most) {

    static Figures of(Samples samples) {
      double[] seconds = Arrays.copyOf(samples.seconds, samples.okCount);
      Arrays.sort(seconds);
      if (seconds.length == 0) {
        String none = LlmServerText.ABSENT;
        return new Figures(none, none, none, none, none);
      }
      double span = samples.spanSeconds();
      return new Figures(
          span > 0
              ? String.format(Locale.ROOT, "%.2f", samples.okCount / span)
              : LlmServerText.ABSENT,
          time(Arrays.stream(seconds).average().orElse(0)),
          time(LlmServerText.byIndex(seconds, 0.95)),
          time(LlmServerText.byIndex(seconds, 0.99)),
          time(seconds[seconds.length - 1]));
    }

    List<String> block(WrkScenario scenario, Samples samples) {
      long all = samples.okCount + samples.failedCount;
      return List.of(
          "Scenario: " + scenario.title(),
          "Test type: " + scenario.testType(),
          "Threads: " + scenario.threadCount(),
          "Connections: " + scenario.connectionCount(),
          "Duration: " + LlmServerText.seconds(samples.spanSeconds()) + "s",
          "Requests/sec: " + perSecond,
          "Latency(avg): " + average,
          "Latency(p95): " + p95,
          "Latency(p99): " + p99,
          "Latency(max): " + most,
          "Successful requests: " + samples.okCount,
          "Failed requests: " + samples.failedCount,
          "Error rate: "
              + (all == 0
                  ? LlmServerText.ABSENT
                  : LlmServerText.number(samples.failedCount / (double) all)));
    }

    String row(WrkScenario scenario, Samples samples) {
      return String.join(
          ",",
          scenario.testType(),
          scenario.title(),
          Integer.toString(scenario.threadCount()),
          Integer.toString(scenario.connectionCount()),
          Math.round(samples.spanSeconds()) + "s",
          perSecond,
          average,
          p95,
          p99);
    }

    /** As wrk writes times: two digits, in us below a millisecond, in ms below a second. */
    private static String time(double seconds) {
      if (seconds < 1e-3) {
        return String.format(Locale.ROOT, "%.2fus", seconds * 1e6);
      }
      return seconds < 1
          ? String.format(Locale.ROOT, "%.2fms", seconds * 1e3)
          : String.format(Locale.ROOT, "%.2fs", seconds);
    }
  }
}
