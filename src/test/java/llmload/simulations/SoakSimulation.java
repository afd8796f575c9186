package llmload.simulations;

import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.agents.SoakRequests;
import llmload.simulations.scenarios.agents.SoakSettings;

/** A long, even load: whether the server gets slower or its memory grows. */
public final class SoakSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public SoakSimulation() {
    this(OwnSettings.by(SoakSettings::read));
  }

  private SoakSimulation(OwnSettings<SoakSettings> own) {
    super(
        Workload.closed("soak").with(own).exporting("agent-memory").heldTo("agent-memory-soak"),
        (requests, runId) -> SoakRequests.of(own.value(), requests, runId));
  }
}
