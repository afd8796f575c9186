package llmload.simulations;

import llmload.run.Workload;

/** One kind of request, one load shape, all from settings. */
public final class LoadSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public LoadSimulation() {
    super(Workload.OF_SETTINGS, requests -> requests.ofSettings());
  }
}
