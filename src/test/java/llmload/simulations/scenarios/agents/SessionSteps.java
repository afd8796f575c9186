package llmload.simulations.scenarios.agents;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rendezVous;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import llmload.model.AgentTags;
import llmload.protocol.Conversation;
import llmload.protocol.SessionKeys;
import llmload.run.LoadControl;
import llmload.simulations.scenarios.LoadRequests;
import llmload.wire.CacheOperation;

/** Sessions that stay on the server while more are added, and readings of its memory between. */
public final class SessionSteps {
  private static final String TURN = "llmload.turn";
  private static final String NUMBER = "llmloadSessionNumber";

  private final MemorySettings settings;
  private final LoadRequests requests;
  private final SessionNames names;

  /**
   * Steps of a run.
   *
   * @param names the run's sessions
   */
  public SessionSteps(MemorySettings settings, LoadRequests requests, SessionNames names) {
    this.settings = settings;
    this.requests = requests;
    this.names = names;
  }

  /** Whether the server tells figures of its memory. */
  private boolean hasFigures() {
    return settings.dialect().call(CacheOperation.MEMORY, "any").isPresent();
  }

  /** Requests of all steps and readings. */
  public long requestCount() {
    int most = settings.sessions().get(settings.sessions().size() - 1);
    return (long) most * settings.turns() + readingCount() * (settings.sessions().size() + 1L);
  }

  /** Requests of the readings after one step; the first also asks for the model's shape. */
  public long readingCount() {
    return hasFigures() ? settings.readings() : 0;
  }

  /** A look at the shape of the model's cache; only where the server has sessions. */
  public boolean asksForShape() {
    return hasFigures();
  }

  /** That look. */
  public PopulationBuilder shape(LoadControl control) {
    return scenario("model_shape")
        .exec(CacheSteps.step(control, exec(CacheSteps.shape("model_shape"))))
        .injectOpen(atOnceUsers(1));
  }

  /**
   * Readings once the step before has settled; just the pause where the server tells none.
   *
   * @param sessions sessions that there are
   */
  public PopulationBuilder readings(int sessions, LoadControl control) {
    ChainBuilder reading =
        exec(
            CacheSteps.step(
                control,
                hasFigures()
                    ? exec(
                        CacheSteps.memory("memory", settings.dialect())
                            .tag(AgentTags.SESSIONS, (Session session) -> String.valueOf(sessions)))
                    : exec(session -> session)));
    ChainBuilder all =
        hasFigures()
            ? repeat(settings.readings()).on(pause(settings.settle()).exec(reading))
            : pause(settings.settle());
    return scenario("memory_at_" + sessions)
        .exec(session -> CacheSteps.enter(session, "none"))
        .exec(all)
        .injectOpen(atOnceUsers(1));
  }

  /**
   * Further sessions, all at once, until there are {@code sessions}.
   *
   * @param before sessions that there are already
   * @param texts a prompt for each session and turn, by number
   */
  public PopulationBuilder add(
      int before, int sessions, IntFunction<String> texts, LoadControl control) {
    String name = "sessions_" + sessions;
    // Gatling numbers users over all parts, warm-up and readings too.
    AtomicInteger next = new AtomicInteger(before);
    ChainBuilder turn =
        requests.turn(
            name,
            session ->
                texts.apply(session.getInt(NUMBER) * settings.turns() + session.getInt(TURN)),
            request ->
                CacheSteps.tied(request, settings.dialect())
                    .maxTokens(settings.maxTokens())
                    .tag(AgentTags.SESSIONS, (Session session) -> String.valueOf(sessions)));
    ChainBuilder turns = repeat(settings.turns(), TURN).on(CacheSteps.step(control, turn));
    return scenario(name)
        .exec(
            session -> {
              Session entered = names.enter(session);
              return entered
                  .set(NUMBER, next.getAndIncrement())
                  .set(
                      SessionKeys.CONVERSATION,
                      Conversation.start(CacheSteps.sessionOf(entered), ""));
            })
        .exec(rendezVous(sessions - before))
        .exec(turns)
        .injectOpen(atOnceUsers(sessions - before));
  }
}
