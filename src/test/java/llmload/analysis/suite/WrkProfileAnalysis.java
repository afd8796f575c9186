package llmload.analysis.suite;

import java.util.List;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunMeasurements;
import llmload.model.SuiteResult;

/** The seven loads of llm-server's script beside each other. */
final class WrkProfileAnalysis implements SuiteAnalysis {
  private final PartTable parts = new PartTable();

  @Override
  public void accept(RequestRecord request) {
    if (request.phase() == Phase.MEASURE) {
      parts.accept(request);
    }
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    return new SuiteResult("wrk_profile", parts.metrics(run), List.of(parts.table(run)), List.of());
  }
}
