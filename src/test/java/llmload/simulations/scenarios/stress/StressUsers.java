package llmload.simulations.scenarios.stress;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.doSwitch;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.onCase;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Choice;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.model.Phase;
import llmload.model.Tags;
import llmload.protocol.SessionKeys;
import llmload.run.LoadControl;
import llmload.simulations.scenarios.LoadRequests;
import llmload.simulations.scenarios.Waits;

/** The users of a stress run: as many as its highest load, of whom those beyond the load wait. */
public final class StressUsers {
  private static final String USER = "llmload.stressUser";
  private static final String TURN = "llmload.stressTurn";

  /** How soon a waiting user notices that its turn has come. */
  private static final Duration NAP = Duration.ofMillis(20);

  private final StressSettings settings;
  private final StressControl turns;
  private final LoadControl control;
  private final AtomicInteger users = new AtomicInteger();

  /** Users that take their turns from {@code turns}. */
  public StressUsers(StressSettings settings, StressControl turns, LoadControl control) {
    this.settings = settings;
    this.turns = turns;
    this.control = control;
  }

  /** All of them, each sending {@code requests}' chats, named after the test. */
  public PopulationBuilder population(LoadRequests requests) {
    List<String> names = new ArrayList<>();
    settings.tests().forEach(test -> names.add(test.name()));
    if (settings.hasStairs()) {
      names.add(StressControl.STAIRS);
    }
    ChainBuilder take = exec(this::take);
    ChainBuilder turn =
        doIfOrElse(session -> turn(session).action() == StressTurn.Action.SEND)
            .then(exec(byTest(names, requests)).exec(Waits.afterRefusal(control)))
            .orElse(pause(NAP));
    return scenario("stress")
        .exec(session -> session.set(USER, users.getAndIncrement()))
        .exec(session -> session.set(SessionKeys.PHASE, Phase.MEASURE.id()))
        .exec(take)
        .exec(
            asLongAs(session -> turn(session).action() != StressTurn.Action.LEAVE)
                .on(exec(turn).exec(take)))
        .injectOpen(atOnceUsers(settings.userCount()));
  }

  /** Gatling has no switch of a single case. */
  private static ChainBuilder byTest(List<String> names, LoadRequests requests) {
    if (names.size() == 1) {
      return named(names.get(0), requests);
    }
    List<Choice.WithKey> tests = new ArrayList<>();
    names.forEach(name -> tests.add(onCase(name).then(named(name, requests))));
    return doSwitch(session -> turn(session).test()).on(tests);
  }

  private static ChainBuilder named(String test, LoadRequests requests) {
    return requests.chat(
        test,
        request ->
            request
                .tag(Tags.STAGE, session -> turn(session).stage())
                .tag(Tags.CONCURRENCY, session -> Integer.toString(turn(session).userCount())));
  }

  /** The ticket first: without one, nobody may count on a record. */
  private Session take(Session session) {
    return session.set(
        TURN, control.takeMeasured() ? turns.next(session.getInt(USER)) : StressTurn.LEAVE);
  }

  private static StressTurn turn(Session session) {
    StressTurn turn = session.get(TURN);
    return turn == null ? StressTurn.LEAVE : turn;
  }
}
