package llmload.simulations.scenarios.agents;

import java.util.List;
import llmload.config.SettingsReader;
import llmload.run.ServerNeeds;
import llmload.wire.CacheDialect;
import llmload.wire.CacheDialects;

/**
 * How many agents work at once, and how much each does.
 *
 * @param counts agents of each part, ascending
 * @param requestsPerAgent waves of each part
 * @param maxTokens the limit of each answer
 * @param dialect how an agent's session is named
 */
public record AgentSettings(
    List<Integer> counts, int requestsPerAgent, int maxTokens, CacheDialect dialect) {
  private static final int MAX_AGENTS = 10_000;

  /** Reads {@code llm.agents.*}. */
  public static AgentSettings read(SettingsReader settings) {
    var unused = SuiteSettings.output(settings);
    return new AgentSettings(
        SuiteSettings.numbers(settings, "agents.counts", List.of("1", "3", "5"), MAX_AGENTS),
        settings.integer("agents.requestsPerAgent", 5, 1, 1_000_000),
        settings.integer("agents.maxTokens", 100, 1, 1_000_000),
        CacheDialects.of(
            settings.choice("agents.dialect", List.of("prefix", "agent-memory"), "prefix")));
  }

  /** Requests of all parts. */
  public long requestCount() {
    return counts.stream().mapToLong(count -> (long) count * requestsPerAgent).sum();
  }

  /** A server whose sessions can be used as the dialect does. */
  public ServerNeeds needs() {
    return new ServerNeeds(
        "agents.dialect",
        dialect.id(),
        dialect.probe("0").orElse(null),
        "agents.requestsPerAgent",
        0);
  }
}
