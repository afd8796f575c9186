package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import llmload.model.AgentTags;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.SuiteMetric;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/**
 * Agents at once: the throughput of each group, and what it gains over one agent.
 *
 * <p>A group's throughput is the sum of its generated tokens over the time from its first request
 * to its last answer, never a mean of rates.
 */
final class AgentsAnalysis implements SuiteAnalysis {
  /** Below this, agent-memory calls batching poor. */
  private static final double POOR_SPEEDUP = 1.2;

  private final String suite;
  private final TreeMap<Integer, Part> groups = new TreeMap<>();
  private final TreeMap<Integer, String> names = new TreeMap<>();
  private final Map<String, long[]> starts = new HashMap<>();
  private final Map<Integer, Long> spreads = new HashMap<>();

  AgentsAnalysis(RunManifest manifest) {
    suite = manifest.plan().kind();
  }

  @Override
  public void accept(RequestRecord request) {
    Integer agents = Numbers.whole(request.tags().get(AgentTags.AGENTS));
    if (agents == null || request.phase() == Phase.WARMUP) {
      return;
    }
    // A wave begins together whatever becomes of its requests.
    String wave = agents + "/" + request.tags().get(AgentTags.WAVE);
    long[] span =
        starts.computeIfAbsent(
            wave, unused -> new long[] {request.sentNanos(), request.sentNanos()});
    span[0] = Math.min(span[0], request.sentNanos());
    span[1] = Math.max(span[1], request.sentNanos());
    spreads.merge(agents, span[1] - span[0], Math::max);
    if (request.outcome().isOk()) {
      names.put(agents, request.request());
      groups.computeIfAbsent(agents, unused -> new Part()).add(request);
    }
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    Part one = groups.get(1);
    boolean comparable = one != null && one.isCounted();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    List<String> remarks = new ArrayList<>();
    groups.forEach(
        (agents, group) -> {
          Double rate = group.isCounted() ? group.tokensPerSecond() : null;
          Double speedup =
              comparable && one != null && rate != null ? rate / one.tokensPerSecond() : null;
          List<@Nullable Object> row = new ArrayList<>();
          row.add(agents);
          row.add(group.requestCount());
          row.add(group.isCounted() ? group.tokenCount() : null);
          row.add(group.seconds());
          row.add(rate);
          row.add(speedup);
          row.add(spreads.getOrDefault(agents, 0L) / 1e6);
          rows.add(row);
          String name = String.valueOf(names.get(agents));
          metrics.put(name, Map.of(SuiteMetric.AGENT_SPEEDUP.id(), summary(speedup, group)));
          if (agents > 1 && speedup != null) {
            remarks.add(remark(agents, speedup));
          }
        });
    if (!comparable) {
      remarks.add("No speed-up can be told: there is no counted run of 1 agent to compare with.");
    }
    return new SuiteResult(
        suite,
        metrics,
        List.of(
            new ResultTable(
                "throughput_comparison",
                "Throughput of agents at once",
                ResultTable.columns(
                    "agents",
                    "",
                    "requests",
                    "",
                    "total_tokens",
                    "tok",
                    "elapsed",
                    "s",
                    "tokens_per_second",
                    "tok/s",
                    "speedup",
                    "x",
                    "start_spread_max",
                    "ms"),
                rows)),
        remarks);
  }

  private static MetricSummary summary(@Nullable Double speedup, Part group) {
    String unit = SuiteMetric.AGENT_SPEEDUP.unit();
    return speedup == null
        ? MetricSummary.absent(unit, "no counted tokens of this group, or of 1 agent")
        : MetricSummary.ofValue(unit, speedup, group.requestCount());
  }

  private static String remark(int agents, double speedup) {
    String found =
        String.format(
            Locale.ROOT,
            "%d agents at once have %.2f times the throughput of one",
            agents,
            speedup);
    if (speedup < 1) {
      return found + ", less than one after the other: the server does not batch them.";
    }
    return speedup < POOR_SPEEDUP
        ? found + ", below 1.2: look whether the server batches."
        : found + ".";
  }
}
