package llmload.simulations;

import llmload.model.RequestKind;
import llmload.run.Workload;

/** Answers that must fit a JSON Schema, a fresh one each time: simple, nested and array in turn. */
public final class StructuredSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public StructuredSimulation() {
    super(
        Workload.of(RequestKind.STRUCTURED), requests -> requests.structuredByShape("structured"));
  }
}
