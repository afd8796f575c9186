package llmload.simulations;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import llmload.run.LlmSimulation;
import llmload.run.LoadSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.ArrivalPlan;
import llmload.simulations.scenarios.LoadRequests;
import llmload.simulations.scenarios.LoadShape;

/** One chain under one load shape, closed or open, all from settings. */
abstract class SingleLoadSimulation extends LlmSimulation {
  /**
   * Builds the load.
   *
   * @param workload what it sends
   * @param chain a chain that sends exactly one request
   */
  SingleLoadSimulation(Workload workload, Function<LoadRequests, ChainBuilder> chain) {
    this(workload, (requests, runId) -> chain.apply(requests));
  }

  /** The same with a chain that uses the name of the run's folder. */
  SingleLoadSimulation(Workload workload, BiFunction<LoadRequests, String, ChainBuilder> chain) {
    super(workload);
    LoadSettings load = settings().load();
    LoadShape shape =
        new LoadShape(
            load.workload(), chain.apply(loadRequests(), runId()), load, control(), log());
    SetUp setUp = setUp(population(shape, load)).protocols(llmProtocol());
    Duration max = load.maxDuration().orElse(null);
    if (max != null) {
      // The run ends itself at that time; this only ends users that wait for nothing any more.
      var unused = setUp.maxDuration(max.plusSeconds(10));
    }
  }

  private LoadRequests loadRequests() {
    return new LoadRequests(
        settings().load(), settings().request(), projectFolder(), runId(), tokenCounter());
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
