package llmload.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a suite of several parts comes to, beyond the metrics of its requests.
 *
 * @param suite the suite's word, {@link LoadPlan#kind()}
 * @param metrics further metrics by scope, then by metric id; targets may name them
 * @param tables its own tables, in reading order
 * @param remarks what it concludes, one sentence each; recommendations name a value and a target
 */
public record SuiteResult(
    String suite,
    Map<String, Map<String, MetricSummary>> metrics,
    List<ResultTable> tables,
    List<String> remarks) {

  /** Copies everything, orders kept. */
  public SuiteResult {
    Map<String, Map<String, MetricSummary>> copy = new LinkedHashMap<>();
    metrics.forEach(
        (scope, summaries) ->
            copy.put(scope, Collections.unmodifiableMap(new LinkedHashMap<>(summaries))));
    metrics = Collections.unmodifiableMap(copy);
    tables = List.copyOf(tables);
    remarks = List.copyOf(remarks);
  }
}
