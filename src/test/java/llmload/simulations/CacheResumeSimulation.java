package llmload.simulations;

import llmload.feeders.SyntheticText;
import llmload.run.LoadSettings;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.agents.CacheRounds;
import llmload.simulations.scenarios.agents.CacheSettings;
import llmload.simulations.scenarios.agents.SessionNames;
import llmload.wire.TokenCounter;

/** Cold, hot and resumed sessions of several sizes, their caches saved, dropped and loaded. */
public final class CacheResumeSimulation extends PartedSimulation {
  /** Builds the load; Gatling makes the instance. */
  public CacheResumeSimulation() {
    this(OwnSettings.by(CacheSettings::read).needing(CacheSettings::needs));
  }

  private CacheResumeSimulation(OwnSettings<CacheSettings> own) {
    super(
        Workload.closed("cache").with(own).exporting("agent-memory").heldTo("agent-memory-cache"));
    CacheSettings cache = own.value();
    SessionNames sessions = new SessionNames(cache.dialect(), runId());
    CacheRounds rounds = new CacheRounds(cache, requests(), sessions);
    TokenCounter embedded = embeddedTokenizer();
    TokenCounter counter = embedded == null ? tokenCounter() : embedded;
    SyntheticText texts =
        new SyntheticText(counter == null ? null : counter::count, settings().load().seed());
    plan(rounds.requestCount() * cache.sizes().size());
    warmUp(requests().chat("warm_up", sessions::warmUp));
    for (int size : cache.sizes()) {
      LoadSettings load = settings().load().part(1, rounds.requestCount());
      part(rounds.of(size, texts.next("", size), control(load)));
    }
    tidyUpBy(sessions::deletions);
    begin();
  }
}
