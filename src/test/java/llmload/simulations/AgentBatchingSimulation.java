package llmload.simulations;

import llmload.run.LoadSettings;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.agents.AgentSettings;
import llmload.simulations.scenarios.agents.AgentWaves;
import llmload.simulations.scenarios.agents.SessionNames;

/** One agent, then more at once: what a group of agents gains over one after the other. */
public final class AgentBatchingSimulation extends PartedSimulation {
  /** Builds the load; Gatling makes the instance. */
  public AgentBatchingSimulation() {
    this(OwnSettings.by(AgentSettings::read).needing(AgentSettings::needs));
  }

  private AgentBatchingSimulation(OwnSettings<AgentSettings> own) {
    super(
        Workload.closed("agents")
            .with(own)
            .exporting("agent-memory")
            .heldTo("agent-memory-batching"));
    AgentSettings agents = own.value();
    SessionNames sessions = new SessionNames(agents.dialect(), runId());
    plan(agents.requestCount());
    warmUp(requests().chat("warm_up", sessions::warmUp));
    for (int count : agents.counts()) {
      LoadSettings load = settings().load().part(count, (long) count * agents.requestsPerAgent());
      part(AgentWaves.of(agents, count, requests(), sessions, control(load)));
    }
    tidyUpBy(sessions::deletions);
    begin();
  }
}
