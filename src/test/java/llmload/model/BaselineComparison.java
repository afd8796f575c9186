package llmload.model;

import java.util.List;
import java.util.Map;

/**
 * A run held against a baseline.
 *
 * @param baseline what it was held against
 * @param policy the rules it was held to
 * @param regression what it comes to
 * @param reasons why it comes to that where no row says so, one sentence each
 * @param differences in what the two runs are not alike
 * @param rows each number beside the baseline's
 * @param suiteResult the same as the policy's own suite states it: texts, numbers, booleans, lists
 *     and maps of these by the suite's keys; empty for llmload's own policy
 */
public record BaselineComparison(
    RunSnapshot baseline,
    String policy,
    Regression regression,
    List<String> reasons,
    List<Difference> differences,
    List<Comparison> rows,
    Map<String, Object> suiteResult) {

  /** Copies the lists. */
  public BaselineComparison {
    reasons = List.copyOf(reasons);
    differences = List.copyOf(differences);
    rows = List.copyOf(rows);
  }

  /** The rows that come to {@code verdict}. */
  public List<Comparison> rows(Regression verdict) {
    return rows.stream().filter(row -> row.verdict() == verdict).toList();
  }
}
