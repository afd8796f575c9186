package llmload.simulations.scenarios.agents;

import static io.gatling.javaapi.core.CoreDsl.exec;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import llmload.model.AgentTags;
import llmload.run.LoadControl;
import llmload.simulations.scenarios.BatchWaves;
import llmload.simulations.scenarios.LoadRequests;

/**
 * Agents that work at once: each has a session of its own and sends its conversation's next turn,
 * history included, when all others are ready to.
 */
public final class AgentWaves {
  private static final String WAVE = "llmload.wave";

  private AgentWaves() {}

  /**
   * One part.
   *
   * @param sessions the run's sessions; each agent gets one
   * @param control the tickets of this part
   */
  public static PopulationBuilder of(
      AgentSettings settings,
      int agents,
      LoadRequests requests,
      SessionNames sessions,
      LoadControl control) {
    String name = "agents_" + agents;
    ChainBuilder turn =
        exec(session ->
                sessions
                    .enter(session)
                    .set(WAVE, session.contains(WAVE) ? session.getInt(WAVE) + 1 : 0))
            .exec(
                requests.conversation(
                    name,
                    request ->
                        CacheSteps.tied(request, settings.dialect())
                            .maxTokens(settings.maxTokens())
                            .tag(AgentTags.AGENTS, (Session session) -> String.valueOf(agents))
                            .tag(AgentTags.WAVE, session -> String.valueOf(session.getInt(WAVE)))));
    long count = (long) agents * settings.requestsPerAgent();
    return BatchWaves.of(name, turn, agents, count, control);
  }
}
