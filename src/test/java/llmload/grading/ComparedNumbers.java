package llmload.grading;

import java.util.List;
import java.util.Map;
import llmload.model.Comparison;

/**
 * What a policy makes of two runs' numbers.
 *
 * @param rows each number beside the baseline's
 * @param suiteResult the same by the suite's own keys; empty for llmload's own policy
 */
record ComparedNumbers(List<Comparison> rows, Map<String, Object> suiteResult) {}
