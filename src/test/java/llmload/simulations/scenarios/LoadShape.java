package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.rendezVous;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.stopLoadGeneratorIf;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
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
  private final AtomicLong ramped = new AtomicLong();

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
            load.thinkTime().isZero()
                ? request
                : exec(request).exec(Waits.of(control, session -> load.thinkTime())));
    ScenarioBuilder users = scenario(name).exec(phase(Phase.WARMUP));
    if (load.rampUp().isZero()) {
      users = users.exec(warmUp).exec(rendezVous(load.users()));
    } else {
      users = users.exec(Waits.of(control, session -> nextStart())).exec(warmUp);
    }
    return users.exec(phase(Phase.MEASURE)).exec(measured).injectOpen(atOnceUsers(load.users()));
  }

  /**
   * When the next user of a ramp begins, evenly spread. Gatling's own ramp is cut to whole seconds
   * and goes on when the load is over.
   */
  private Duration nextStart() {
    return load.rampUp().multipliedBy(ramped.getAndIncrement()).dividedBy(load.users());
  }

  /** Users that arrive by the schedule, whatever the server does, and send one request each. */
  public PopulationBuilder open(ArrivalPlan plan) {
    ScenarioBuilder arrivals =
        scenario(name)
            .exec(stopLoadGeneratorIf("the load was stopped", session -> isOver()))
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

  /** Gatling stops at once, so that nothing may be left to drain. */
  private boolean isOver() {
    return log.isStopped() && log.inFlightCount() == 0;
  }

  private ChainBuilder whileTakenOnce() {
    return exec(session -> session.set(GO, control.takeMeasured()))
        .doIf(session -> session.getBoolean(GO))
        .then(request);
  }

  /** The ticket is taken in a step of its own, since Gatling may ask a condition more than once. */
  private ChainBuilder whileTaken(BooleanSupplier ticket, ChainBuilder body) {
    ChainBuilder take = exec(session -> session.set(GO, ticket.getAsBoolean()));
    ChainBuilder round = exec(body).exec(Waits.afterRefusal(control)).exec(take);
    return exec(take).exec(asLongAs(session -> session.getBoolean(GO)).on(round));
  }

  private static ChainBuilder phase(Phase phase) {
    return exec((Session session) -> session.set(SessionKeys.PHASE, phase.id()));
  }
}
