package llmload.simulations;

import java.util.ArrayList;
import java.util.List;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.agents.SessionNames;
import llmload.simulations.scenarios.agents.SoakRequests;
import llmload.simulations.scenarios.agents.SoakSettings;

/** A long, even load: whether the server gets slower or its memory grows. */
public final class SoakSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public SoakSimulation() {
    this(OwnSettings.by(SoakSettings::read).needing(SoakSettings::needs), new ArrayList<>());
  }

  /** The sessions have the run's name, which is there only once the chain is asked for. */
  private SoakSimulation(OwnSettings<SoakSettings> own, List<SessionNames> made) {
    super(
        Workload.closed("soak").with(own).exporting("agent-memory").heldTo("agent-memory-soak"),
        (requests, runId) -> {
          SessionNames sessions = new SessionNames(own.value().dialect(), runId);
          made.add(sessions);
          return SoakRequests.of(own.value(), requests, sessions);
        });
    tidyUpBy(() -> made.stream().flatMap(sessions -> sessions.deletions().stream()).toList());
  }
}
