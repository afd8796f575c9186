package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.SuiteMetric;
import llmload.model.Tags;
import org.jspecify.annotations.Nullable;

/** The quality of answers by request name: JSON or not, by the schema or not, owned errors. */
final class AnswerQuality {
  private static final String SCHEMA = Tags.CHECK_PREFIX + "schema";
  private static final String JSON = Tags.CHECK_PREFIX + "reply_is_json";
  private static final Set<String> NO_JSON = Set.of("not_json", "truncated_json");
  private static final Set<Outcome> OWNED =
      Set.of(Outcome.HTTP_4XX, Outcome.HTTP_429, Outcome.HTTP_5XX);

  private final Map<String, Counts> byRequest = new TreeMap<>();

  private static final class Counts {
    private long askedCount;
    private long jsonCount;
    private long fittingCount;
    private long failedCount;
    private long ownedCount;

    private void add(RequestRecord request) {
      String schema = request.tags().get(SCHEMA);
      if (schema != null && !schema.startsWith("not evaluated")) {
        askedCount++;
        String json = request.tags().get(JSON);
        jsonCount += (json == null ? !NO_JSON.contains(schema) : json.equals("true")) ? 1 : 0;
        fittingCount += schema.equals("valid") ? 1 : 0;
      }
      if (request.outcome().isFailed()) {
        failedCount++;
        String message = request.message();
        boolean told = message != null && !message.equals("HTTP " + request.status());
        ownedCount += OWNED.contains(request.outcome()) && told ? 1 : 0;
      }
    }
  }

  /** Takes one measured request. */
  void accept(RequestRecord request) {
    byRequest.computeIfAbsent(request.request(), name -> new Counts()).add(request);
  }

  /** The metrics of each request name that has any. */
  Map<String, Map<String, MetricSummary>> metrics() {
    Map<String, Map<String, MetricSummary>> all = new LinkedHashMap<>();
    byRequest.forEach(
        (name, counts) -> {
          Map<String, MetricSummary> own = new LinkedHashMap<>();
          put(own, SuiteMetric.OUTPUT_FORMAT_ACCURACY, counts.jsonCount, counts.askedCount);
          put(own, SuiteMetric.ERROR_HANDLING_EFFECTIVENESS, counts.ownedCount, counts.failedCount);
          if (!own.isEmpty()) {
            all.put(name, own);
          }
        });
    return all;
  }

  private static void put(Map<String, MetricSummary> into, Metric metric, long part, long whole) {
    if (whole > 0) {
      into.put(metric.id(), MetricSummary.ofValue(metric.unit(), part / (double) whole, whole));
    }
  }

  /** The same as a table. */
  ResultTable table() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    byRequest.forEach(
        (name, counts) -> {
          if (counts.askedCount + counts.failedCount > 0) {
            List<@Nullable Object> row = new ArrayList<>();
            row.add(name);
            row.add(ratio(counts.jsonCount, counts.askedCount));
            row.add(ratio(counts.fittingCount, counts.askedCount));
            row.add(ratio(counts.ownedCount, counts.failedCount));
            rows.add(row);
          }
        });
    return new ResultTable(
        "quality",
        "Quality of the answers",
        ResultTable.columns(
            "request", "",
            "output_format_accuracy", "ratio",
            "schema_compliance_rate", "ratio",
            "error_handling_effectiveness", "ratio"),
        rows);
  }

  private static @Nullable Double ratio(long part, long whole) {
    return whole == 0 ? null : Double.valueOf(part / (double) whole);
  }
}
