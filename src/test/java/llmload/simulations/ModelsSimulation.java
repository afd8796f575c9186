package llmload.simulations;

import llmload.model.RequestKind;
import llmload.run.Workload;

/** The server's list of models under the load of the settings. */
public final class ModelsSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public ModelsSimulation() {
    super(Workload.of(RequestKind.MODELS), requests -> requests.models("models"));
  }
}
