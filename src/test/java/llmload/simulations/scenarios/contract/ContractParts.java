package llmload.simulations.scenarios.contract;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import llmload.protocol.RequestLog;
import llmload.run.LoadControl;
import llmload.run.LoadSettings;
import llmload.simulations.scenarios.ArrivalPlan;
import llmload.simulations.scenarios.BatchWaves;
import llmload.simulations.scenarios.LoadShape;

/**
 * Turns workloads into Gatling populations, by the traffic of the settings.
 *
 * @param settings the contract's settings
 * @param load the run's load, of which each workload is a part
 * @param control hands out the tickets of a part
 * @param log where requests are recorded
 * @param nanos the clock of the arrivals
 */
public record ContractParts(
    ContractSettings settings,
    LoadSettings load,
    Function<LoadSettings, LoadControl> control,
    RequestLog log,
    LongSupplier nanos) {

  /**
   * The population of one workload.
   *
   * @param name Gatling's name for it, unique within the run
   * @param request a chain that sends exactly one request
   */
  public PopulationBuilder population(
      String name, ContractWorkload workload, ChainBuilder request) {
    long count = (long) workload.requestCount() * settings.repeats();
    return switch (settings.traffic()) {
      case WORKLOAD ->
          workload.isAtOnce()
              ? waves(name, request, workload.requestCount(), count)
              : users(name, workload, request, count);
      case BATCH -> waves(name, request, workload.requestCount(), count);
      case INSTANT -> waves(name, request, Math.toIntExact(count), count);
      case FIXED, POISSON, GAMMA -> arrivals(name, request, count);
    };
  }

  private PopulationBuilder users(
      String name, ContractWorkload workload, ChainBuilder request, long count) {
    int users = workload.concurrencyCount();
    LoadSettings part = load.part(users, count, (long) workload.warmUpRounds() * users);
    return new LoadShape(name, request, part, control.apply(part), log).closed();
  }

  private PopulationBuilder waves(String name, ChainBuilder request, int size, long count) {
    return BatchWaves.of(name, request, size, count, control.apply(load.part(size, count)));
  }

  private PopulationBuilder arrivals(String name, ChainBuilder request, long count) {
    LoadSettings part =
        load.arrivals(
            settings.traffic().arrival(),
            settings.ratePerSecond().getAsDouble(),
            settings.burstiness(),
            count);
    return new LoadShape(name, request, part, control.apply(part), log)
        .open(ArrivalPlan.of(part, nanos));
  }
}
