package llmload.simulations;

import llmload.run.LoadSettings;
import llmload.simulations.scenarios.BatchWaves;

/**
 * Waves of requests: all users send at once, and again when the last of them has its answer.
 *
 * <p>{@code users} is the size of a wave, {@code requests} the number of all measured requests.
 */
public final class BatchSimulation extends PartedSimulation {
  /** Builds the load; Gatling makes the instance. */
  public BatchSimulation() {
    super("batch");
    LoadSettings load = settings().load();
    plan(load.requestCount());
    warmUp(requests().chat("batch"));
    LoadSettings waves = load.part(load.users(), load.requestCount());
    part(
        BatchWaves.of(
            "batch", requests().chat("batch"), load.users(), load.requestCount(), control(waves)));
    begin();
  }
}
