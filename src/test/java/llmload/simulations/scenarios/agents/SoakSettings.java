package llmload.simulations.scenarios.agents;

import java.time.Duration;
import java.util.List;
import llmload.config.SettingsReader;
import llmload.run.ServerNeeds;
import llmload.wire.CacheDialect;
import llmload.wire.CacheDialects;

/**
 * How a long run is looked at.
 *
 * @param window the time at its start and at its end that are compared
 * @param memoryEvery requests from one reading of the server's own memory figures to the next
 * @param dialect how sessions are named and figures asked for
 */
public record SoakSettings(Duration window, int memoryEvery, CacheDialect dialect) {

  /** Reads {@code llm.soak.*}. */
  public static SoakSettings read(SettingsReader settings) {
    var unused = SuiteSettings.output(settings);
    Duration window = settings.duration("soak.window", Duration.ofMinutes(10));
    if (window.isZero()) {
      settings.reject("soak.window", "a duration above 0");
    }
    return new SoakSettings(
        window,
        settings.integer("soak.memoryEvery", 20, 2, 1_000_000_000),
        CacheDialects.of(
            settings.choice("soak.dialect", List.of("prefix", "agent-memory"), "prefix")));
  }

  /** A server whose sessions can be used as the dialect does. */
  public ServerNeeds needs() {
    return new ServerNeeds(
        "soak.dialect", dialect.id(), dialect.probe("0").orElse(null), "maxTokens", 0);
  }
}
