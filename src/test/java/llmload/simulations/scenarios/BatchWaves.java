package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.doSwitch;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.onCase;
import static io.gatling.javaapi.core.CoreDsl.rendezVous;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Choice;
import io.gatling.javaapi.core.PopulationBuilder;
import java.util.List;
import java.util.stream.IntStream;
import llmload.run.LoadControl;

/** Users that send in waves: all at once, then nobody until everybody has an answer. */
public final class BatchWaves {
  private static final String GO = "llmload.go";

  /** Without a dot, which Gatling's expression language takes as a step into a map. */
  private static final String WAVE = "llmloadBatchWave";

  private BatchWaves() {}

  /**
   * Waves of {@code users} requests, the last one smaller where the count is no multiple.
   *
   * <p>Everybody takes part in every wave, with or without a ticket: a user that left would keep
   * the others waiting. Gatling's rendez-vous lets everybody pass once it has opened, so each wave
   * has one of its own.
   */
  public static PopulationBuilder of(
      String name, ChainBuilder request, int users, long requestCount, LoadControl control) {
    int waves = Math.toIntExact((requestCount + users - 1) / users);
    ChainBuilder wave =
        exec(gate(users, waves))
            .exec(session -> session.set(GO, control.takeMeasured()))
            .doIf(session -> session.getBoolean(GO))
            .then(exec(request).exec(Waits.afterRefusal(control)));
    return scenario(name).exec(repeat(waves, WAVE).on(wave)).injectOpen(atOnceUsers(users));
  }

  /** Opens when everybody has come, anew for each wave; one user alone waits for nobody. */
  private static ChainBuilder gate(int users, int waves) {
    if (waves == 1 || users == 1) {
      return exec(rendezVous(users));
    }
    List<Choice.WithKey> gates =
        IntStream.range(0, waves)
            .<Choice.WithKey>mapToObj(wave -> onCase(wave).then(rendezVous(users)))
            .toList();
    return doSwitch("#{" + WAVE + "}").on(gates);
  }
}
