package llmload.grading;

import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.Regression;
import llmload.model.RunSnapshot;

/** A comparison of that outcome, with nothing else in it. */
final class SampleComparison {
  private SampleComparison() {}

  static BaselineComparison of(Regression regression) {
    return new BaselineComparison(
        new RunSnapshot(
            "main",
            RunSnapshot.LLMLOAD,
            null,
            null,
            null,
            null,
            false,
            null,
            null,
            Map.of(),
            Map.of(),
            Map.of()),
        "llmload",
        regression,
        List.of("One reason."),
        List.of(),
        List.of(),
        Map.of());
  }
}
