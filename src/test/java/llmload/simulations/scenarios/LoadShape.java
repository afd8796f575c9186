package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.rendezVous;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.stopLoadGeneratorIf;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import llmload.model.Phase;
import llmload.protocol.RequestLog;
import llmload.protocol.SessionKeys;
import llmload.protocol.internal.ArrivalInjection;
import llmload.run.LoadControl;
import llmload.run.LoadSettings;

/** Turns the load that the settings ask for into Gatling populations around one chain. */
public final class LoadShape {
  private static final String GO = "llmload.go";
  private static final int OPEN_WARM_UP_USERS = 4;

  private final String name;
  private final ChainBuilder request;
  private final LoadSettings load;
  private final LoadControl control;
  private final RequestLog log;

  /** A load of {@code request}, a chain that sends exactly one. */
  public LoadShape(
      String name, ChainBuilder request, LoadSettings load, LoadControl control, RequestLog log) {
    this.name = name;
    this.request = request;
    this.load = load;
    this.control = control;
    this.log = log;
  }

  /**
   * Users that each send, wait for the answer, think, and send again; together exactly the planned
   * number. Each user keeps its connection from the warm-up on.
   */
  public PopulationBuilder closed() {
    ChainBuilder warmUp = whileTaken(control::takeWarmUp, request);
    ChainBuilder measured =
        whileTaken(
            control::takeMeasured,
            load.thinkTime().isZero() ? request : exec(request).exec(pause(load.thinkTime())));
    boolean together = load.rampUp().isZero();
    ChainBuilder between = together ? exec(rendezVous(load.users())) : exec(session -> session);
    ScenarioBuilder users =
        scenario(name)
            .exec(phase(Phase.WARMUP))
            .exec(warmUp)
            .exec(between)
            .exec(phase(Phase.MEASURE))
            .exec(measured);
    return together
        ? users.injectOpen(atOnceUsers(load.users()))
        : users.injectOpen(rampUsers(load.users()).during(wholeSeconds(load.rampUp())));
  }

  /** Users that arrive by the schedule, whatever the server does, and send one request each. */
  public PopulationBuilder open(ArrivalPlan plan) {
    ScenarioBuilder arrivals =
        scenario(name)
            .exec(stopLoadGeneratorIf("the load was stopped", session -> log.isStopped()))
            .exec(session -> session.set(SessionKeys.INTENDED_NANOS, plan.nextIntendedNanos()))
            .exec(whileTakenOnce());
    PopulationBuilder measured = ArrivalInjection.inject(arrivals, plan.offsetsNanos());
    boolean warmUp = load.warmUpCount().orElse(1) > 0;
    if (!warmUp) {
      return measured;
    }
    ScenarioBuilder first =
        scenario(name + " warm-up")
            .exec(phase(Phase.WARMUP))
            .exec(whileTaken(control::takeWarmUp, request));
    return first.injectOpen(atOnceUsers(OPEN_WARM_UP_USERS)).andThen(measured);
  }

  private ChainBuilder whileTakenOnce() {
    return exec(session -> session.set(GO, control.takeMeasured()))
        .doIf(session -> session.getBoolean(GO))
        .then(request);
  }

  /** The ticket is taken in a step of its own, since Gatling may ask a condition more than once. */
  private static ChainBuilder whileTaken(BooleanSupplier ticket, ChainBuilder body) {
    ChainBuilder take = exec(session -> session.set(GO, ticket.getAsBoolean()));
    return exec(take).exec(asLongAs(session -> session.getBoolean(GO)).on(exec(body).exec(take)));
  }

  private static ChainBuilder phase(Phase phase) {
    return exec((Session session) -> session.set(SessionKeys.PHASE, phase.id()));
  }

  /** Gatling cuts a ramp to whole seconds. */
  private static Duration wholeSeconds(Duration duration) {
    return Duration.ofSeconds(Math.max(1, Math.round(duration.toMillis() / 1000.0)));
  }
}
