package llmload.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import llmload.model.ResultTable;
import llmload.model.SuiteResult;

/** The results of a suite that tests show. */
final class SampleSuite {
  private SampleSuite() {}

  /** Every text of it is {@code text}. */
  static SuiteResult hostile(String text) {
    return new SuiteResult(
        text,
        Map.of(),
        List.of(
            new ResultTable(
                text,
                text,
                ResultTable.columns(text, text, "number", "ms"),
                List.of(Arrays.asList(text, null)))),
        List.of(text));
  }
}
