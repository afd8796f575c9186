package llmload.simulations;

import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.stress.StressControl;
import llmload.simulations.scenarios.stress.StressSettings;
import llmload.simulations.scenarios.stress.StressUsers;

/**
 * Load until it breaks: steady, growing and bursting load, and stairs whose next level waits for
 * the outcome of the one before.
 */
public final class StressSimulation extends PartedSimulation {
  /** Builds the load; Gatling makes the instance. */
  public StressSimulation() {
    this(OwnSettings.by(StressSettings::read));
  }

  private StressSimulation(OwnSettings<StressSettings> own) {
    super(
        Workload.closed("stress")
            .with(own)
            .endingItself()
            .withAlerts()
            .heldTo("mini-biai-stress")
            .exporting("minibiai-stress"));
    StressControl turns =
        new StressControl(
            own.value(),
            serverPlace(),
            nanoClock(),
            settings().request().timeouts().total().plusSeconds(5));
    listen(turns::recorded);
    listenToSamples(turns::sampled);
    warmUp(requests().chat("warm-up"));
    part(new StressUsers(own.value(), turns, control()).population(requests()));
    begin();
  }
}
