package llmload.simulations;

import java.util.List;
import java.util.stream.IntStream;
import llmload.feeders.SyntheticText;
import llmload.run.LoadSettings;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.agents.MemorySettings;
import llmload.simulations.scenarios.agents.SessionNames;
import llmload.simulations.scenarios.agents.SessionSteps;
import llmload.wire.TokenCounter;

/** More and more sessions that stay, and the server's memory with each number of them. */
public final class MemorySimulation extends PartedSimulation {
  /** Builds the load; Gatling makes the instance. */
  public MemorySimulation() {
    this(OwnSettings.by(MemorySettings::read).needing(MemorySettings::needs));
  }

  private MemorySimulation(OwnSettings<MemorySettings> own) {
    super(
        Workload.closed("memory")
            .with(own)
            .exporting("agent-memory")
            .heldTo("agent-memory-memory"));
    MemorySettings memory = own.value();
    SessionNames sessions = new SessionNames(memory.dialect(), runId());
    SessionSteps steps = new SessionSteps(memory, requests(), sessions);
    List<String> texts = texts(memory);
    plan(steps.requestCount() + (steps.asksForShape() ? 1 : 0));
    warmUp(requests().chat("warm_up", sessions::warmUp));
    LoadSettings load = settings().load();
    if (steps.asksForShape()) {
      part(steps.shape(control(load.part(1, 1))));
    }
    part(steps.readings(0, control(load.part(1, steps.readingCount()))));
    int before = 0;
    for (int count : memory.sessions()) {
      int added = count - before;
      part(
          steps.add(
              before, count, texts::get, control(load.part(added, (long) added * memory.turns()))));
      part(steps.readings(count, control(load.part(1, steps.readingCount()))));
      before = count;
    }
    tidyUpBy(sessions::deletions);
    begin();
  }

  /** A text for each turn of each session, so that no two sessions share their beginnings. */
  private List<String> texts(MemorySettings memory) {
    TokenCounter embedded = embeddedTokenizer();
    TokenCounter counter = embedded == null ? tokenCounter() : embedded;
    SyntheticText texts =
        new SyntheticText(counter == null ? null : counter::count, settings().load().seed());
    int most = memory.sessions().get(memory.sessions().size() - 1);
    return IntStream.range(0, most * memory.turns())
        .mapToObj(number -> texts.next("", memory.tokens() / memory.turns()))
        .toList();
  }
}
