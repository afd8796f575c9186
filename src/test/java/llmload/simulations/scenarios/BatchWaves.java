package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.rendezVous;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import llmload.run.LoadControl;

/** Users that send in waves: all at once, then nobody until everybody has an answer. */
public final class BatchWaves {
  private static final String GO = "llmload.go";

  private BatchWaves() {}

  /**
   * Waves of {@code users} requests, the last one smaller where the count is no multiple.
   *
   * <p>Everybody takes part in every wave, with or without a ticket: a user that left would keep
   * the others waiting.
   */
  public static PopulationBuilder of(
      String name, ChainBuilder request, int users, long requestCount, LoadControl control) {
    int waves = Math.toIntExact((requestCount + users - 1) / users);
    ChainBuilder wave =
        exec(rendezVous(users))
            .exec(session -> session.set(GO, control.takeMeasured()))
            .doIf(session -> session.getBoolean(GO))
            .then(request);
    return scenario(name).exec(repeat(waves).on(wave)).injectOpen(atOnceUsers(users));
  }
}
