package llmload.simulations;

import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import llmload.run.LlmSimulation;
import llmload.run.LoadSettings;
import llmload.simulations.scenarios.ArrivalPlan;
import llmload.simulations.scenarios.LoadRequests;
import llmload.simulations.scenarios.LoadShape;

/** One kind of request, one load shape, all from settings. */
public final class LoadSimulation extends LlmSimulation {
  /** Builds the load; Gatling makes the instance. */
  public LoadSimulation() {
    LoadSettings load = settings().load();
    LoadShape shape =
        new LoadShape(
            load.kind().id(),
            LoadRequests.of(load, settings().request(), projectFolder(), runId()),
            load,
            control(),
            log());
    SetUp setUp = setUp(population(shape, load)).protocols(llmProtocol());
    Duration max = load.maxDuration().orElse(null);
    if (max != null) {
      // The run ends itself at that time; this only ends users that wait for nothing any more.
      var unused = setUp.maxDuration(max.plusSeconds(10));
    }
  }

  private PopulationBuilder population(LoadShape shape, LoadSettings load) {
    if (!load.isOpen()) {
      return shape.closed();
    }
    ArrivalPlan plan = ArrivalPlan.of(load, nanoClock());
    plan(plan.size());
    return shape.open(plan);
  }
}
