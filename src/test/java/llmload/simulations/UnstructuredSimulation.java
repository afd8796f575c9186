package llmload.simulations;

import llmload.model.RequestKind;
import llmload.run.Workload;

/** Free text, streamed where the settings say so. */
public final class UnstructuredSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public UnstructuredSimulation() {
    super(Workload.of(RequestKind.CHAT), requests -> requests.chat("unstructured"));
  }
}
