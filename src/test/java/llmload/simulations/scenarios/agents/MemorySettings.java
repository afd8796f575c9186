package llmload.simulations.scenarios.agents;

import java.time.Duration;
import java.util.List;
import llmload.config.SettingsReader;
import llmload.run.ServerNeeds;
import llmload.wire.CacheDialect;
import llmload.wire.CacheDialects;

/**
 * How many sessions there are, how long each is, and how memory is read.
 *
 * @param sessions sessions of each step, ascending; those of a step stay for the next
 * @param tokens tokens of a session's prompts, all turns together
 * @param turns turns of a session
 * @param maxTokens the limit of each answer
 * @param readings readings of the server's own figures after each step
 * @param settle the pause before each reading
 * @param dialect how the server's sessions are named
 */
public record MemorySettings(
    List<Integer> sessions,
    int tokens,
    int turns,
    int maxTokens,
    int readings,
    Duration settle,
    CacheDialect dialect) {
  private static final String SHAPE = "memory.kvShape";
  private static final int SHAPE_NUMBERS = 5;

  /** Reads {@code llm.memory.*}. */
  public static MemorySettings read(SettingsReader settings) {
    var unused = SuiteSettings.output(settings);
    settings
        .list(SHAPE)
        .filter(
            words ->
                words.size() != SHAPE_NUMBERS
                    || words.stream().anyMatch(word -> !word.matches("[1-9]\\d{0,8}")))
        .ifPresent(
            words ->
                settings.reject(
                    SHAPE, "layers,kvHeads,headDimension,bits,blockTokens, as 32,8,128,4,256"));
    int tokens = settings.integer("memory.tokens", 1_000, 1, 10_000_000);
    return new MemorySettings(
        SuiteSettings.numbers(settings, "memory.sessions", List.of("1", "5", "10"), 100_000),
        tokens,
        settings.integer("memory.turns", 2, 1, tokens),
        settings.integer("memory.maxTokens", 32, 1, 1_000_000),
        settings.integer("memory.readings", 3, 1, 10_000),
        settings.duration("memory.settle", Duration.ofSeconds(2)),
        CacheDialects.of(
            settings.choice("memory.dialect", List.of("prefix", "agent-memory"), "prefix")));
  }

  /** A server whose sessions can be used as the dialect does, with room for a whole one. */
  public ServerNeeds needs() {
    return new ServerNeeds(
        "memory.dialect",
        dialect.id(),
        dialect.probe("0").orElse(null),
        "memory.tokens",
        tokens + turns * maxTokens);
  }
}
