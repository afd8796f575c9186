package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.function.Function;
import llmload.protocol.Refusals;
import llmload.run.LoadControl;

/** Waits of a virtual user that end early when the load is over. */
public final class Waits {
  private static final String DUE = "llmload.due";

  private Waits() {}

  /** A wait of the given time, asked for when the user gets there. */
  public static ChainBuilder of(LoadControl control, Function<Session, Duration> time) {
    ChainBuilder nap = pause(session -> control.napUntil(session.getLong(DUE)));
    return exec(session -> session.set(DUE, control.dueNanos(time.apply(session))))
        .exec(asLongAs(session -> !control.napUntil(session.getLong(DUE)).isZero()).on(nap));
  }

  /** A wait where the last request's connection failed, and none otherwise. */
  public static ChainBuilder afterRefusal(LoadControl control) {
    return doIf(Refusals::isRefused).then(of(control, Refusals::pause));
  }
}
