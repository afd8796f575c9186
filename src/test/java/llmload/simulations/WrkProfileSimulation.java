package llmload.simulations;

import java.time.Duration;
import llmload.model.WrkScenario;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.WrkProfileSettings;

/** The seven loads of llm-server's script for wrk on the health endpoint, one after the other. */
public final class WrkProfileSimulation extends PartedSimulation {
  private static final OwnSettings<WrkProfileSettings> OWN =
      OwnSettings.by(WrkProfileSettings::read);

  /** Builds the load; Gatling makes the instance. */
  public WrkProfileSimulation() {
    super(
        Workload.closed("wrk_profile")
            .with(OWN)
            .endingItself()
            .exporting("llm-server-performance")
            .heldTo("llm-server-wrk"));
    warmUp(requests().health("warm_up"));
    for (WrkScenario scenario : WrkScenario.values()) {
      Duration time = OWN.value().time(scenario);
      part(
          scenario.title(),
          requests().health(scenario.request()),
          scenario.connectionCount(),
          time);
    }
    begin();
  }
}
