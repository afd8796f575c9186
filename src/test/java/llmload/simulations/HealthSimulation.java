package llmload.simulations;

import llmload.model.RequestKind;
import llmload.run.Workload;

/** The server's health endpoint under the load of the settings. */
public final class HealthSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public HealthSimulation() {
    super(Workload.of(RequestKind.HEALTH), requests -> requests.health("health"));
  }
}
