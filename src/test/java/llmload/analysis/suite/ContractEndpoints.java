package llmload.analysis.suite;

import static llmload.model.ResultTable.columns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.metrics.EndpointAverages;
import llmload.metrics.ServerFigures;
import llmload.model.ResultTable;
import org.jspecify.annotations.Nullable;

/** Servers that got the same workloads, laid beside the first of them. */
final class ContractEndpoints {
  private final Map<String, List<ContractPart>> byEndpoint = new LinkedHashMap<>();

  ContractEndpoints(List<ContractPart> parts) {
    parts.forEach(
        part -> byEndpoint.computeIfAbsent(part.endpoint(), label -> new ArrayList<>()).add(part));
  }

  boolean areSeveral() {
    return byEndpoint.size() > 1;
  }

  /** Averages over the workloads of each server, and how far each is from the first one's. */
  ResultTable table() {
    Map<String, EndpointAverages> averages = new LinkedHashMap<>();
    byEndpoint.forEach(
        (label, parts) ->
            averages.put(
                label,
                EndpointAverages.of(
                    parts.stream()
                        .map(part -> part.tally().document(ServerFigures.NONE, 0))
                        .toList())));
    EndpointAverages baseline = averages.values().iterator().next();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    averages.forEach(
        (label, own) -> {
          Map<String, @Nullable Double> values = own.averages();
          Map<String, @Nullable Double> deltas = own.minus(baseline);
          rows.add(
              Arrays.asList(
                  label,
                  own.rowCount(),
                  values.get("avg_ttft_ms"),
                  values.get("avg_tbt_ms"),
                  values.get("avg_throughput_tps"),
                  deltas.get("ttft_ms"),
                  deltas.get("tbt_ms"),
                  deltas.get("throughput_tps")));
        });
    return new ResultTable(
        "contract_endpoints",
        "Servers side by side; the first is the baseline",
        columns(
            "endpoint", "",
            "rows", "",
            "avg_ttft", "ms",
            "avg_tbt", "ms",
            "avg_throughput", "tok/s",
            "delta_ttft", "ms",
            "delta_tbt", "ms",
            "delta_throughput", "tok/s"),
        rows);
  }
}
