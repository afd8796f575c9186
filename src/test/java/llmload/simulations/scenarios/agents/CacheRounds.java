package llmload.simulations.scenarios.agents;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmload.model.AgentTags;
import llmload.model.Phase;
import llmload.model.Tags;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.SessionKeys;
import llmload.run.LoadControl;
import llmload.simulations.scenarios.LoadRequests;
import llmload.wire.CacheDialect;
import llmload.wire.CacheOperation;

/**
 * The same prompt cold, hot and warm, again and again, with the cache saved, dropped and loaded in
 * between; one user, so that nothing else runs meanwhile.
 *
 * <p>Cold is a session that was deleted before. Where a server cannot forget, each round's prompt
 * begins with another word, so that its first sending is cold and its second is not.
 */
public final class CacheRounds {
  private static final String ROUND = "llmload.round";
  private static final String OVER = "llmload.over";

  private final CacheSettings settings;
  private final LoadRequests requests;
  private final SessionNames names;

  /**
   * Rounds of a run.
   *
   * @param names the run's sessions
   */
  public CacheRounds(CacheSettings settings, LoadRequests requests, SessionNames names) {
    this.settings = settings;
    this.requests = requests;
    this.names = names;
  }

  /** One thing done with the cache; a state is a generation, all else a call. */
  private record Step(String word, CacheOperation operation, boolean generation) {
    static Step state(String word) {
      return new Step(word, CacheOperation.LOAD, true);
    }

    static Step call(CacheOperation operation) {
      return new Step(operation.name().toLowerCase(Locale.ROOT), operation, false);
    }
  }

  private List<Step> steps() {
    CacheDialect dialect = settings.dialect();
    List<Step> steps = new ArrayList<>();
    steps.add(Step.state("cold"));
    if (!dialect.canForget()) {
      steps.add(Step.state("warm"));
      return steps;
    }
    if (!dialect.savesItself()) {
      steps.add(Step.call(CacheOperation.SAVE));
    }
    steps.add(Step.state("hot"));
    steps.add(Step.call(CacheOperation.UNLOAD));
    steps.add(Step.call(CacheOperation.LOAD));
    if (dialect.savesItself()) {
      // The server loads by itself: what it takes shows in the first token.
      steps.add(Step.call(CacheOperation.UNLOAD));
    }
    steps.add(Step.state("warm"));
    steps.add(Step.call(CacheOperation.DELETE));
    return steps;
  }

  /** Requests of one size. */
  public long requestCount() {
    return (long) steps().size() * settings.repetitions();
  }

  /**
   * The rounds of one size.
   *
   * @param text a prompt of that many tokens
   * @param control the tickets of this part
   */
  public PopulationBuilder of(int size, String text, LoadControl control) {
    ChainBuilder round = exec(session -> names.enter(session, session(size)));
    for (Step step : steps()) {
      round = round.exec(CacheSteps.step(control, request(step, size, text)));
    }
    return scenario("cache_" + size)
        .exec(emptied(size, control))
        .exec(repeat(settings.repetitions(), ROUND).on(round))
        .injectOpen(atOnceUsers(1));
  }

  /**
   * A slot is there before the run and holds whatever came last: it is deleted once, outside what
   * is measured. A session that bears the run's name is new.
   */
  private ChainBuilder emptied(int size, LoadControl control) {
    if (!settings.dialect().canForget() || settings.dialect().sessionHeader().isPresent()) {
      return exec(session -> session);
    }
    Step delete = Step.call(CacheOperation.DELETE);
    ChainBuilder erase =
        exec(session -> phase(names.enter(session, session(size)), Phase.WARMUP))
            .exec(tagged(call(delete, size), delete, size))
            .exec(session -> phase(session, Phase.MEASURE));
    return exec(session -> session.set(OVER, control.isOver()))
        .doIf(session -> !session.getBoolean(OVER))
        .then(erase);
  }

  private static Session phase(Session session, Phase phase) {
    return session.set(SessionKeys.PHASE, phase.id());
  }

  private LlmRequestBuilder call(Step step, int size) {
    return CacheSteps.call(step.word() + "_" + size, settings.dialect(), step.operation());
  }

  private String session(int size) {
    return settings.dialect().sessionHeader().isPresent()
        ? names.runId() + "-" + size
        : String.valueOf(settings.slot());
  }

  private ChainBuilder request(Step step, int size, String text) {
    if (!step.generation()) {
      return exec(inRound(tagged(call(step, size), step, size)));
    }
    return requests.chat(
        step.word() + "_" + size,
        session -> prompt(session, size, text),
        request ->
            inRound(tagged(CacheSteps.tied(request, settings.dialect()), step, size))
                .maxTokens(settings.maxTokens())
                .tag(Tags.WANTED_INPUT_TOKENS, (Session session) -> String.valueOf(size)));
  }

  private String prompt(Session session, int size, String text) {
    return settings.dialect().canForget()
        ? text
        : "[" + names.runId() + " " + size + " " + session.getInt(ROUND) + "] " + text;
  }

  private static LlmRequestBuilder inRound(LlmRequestBuilder request) {
    return request.tag(AgentTags.CACHE_ROUND, session -> String.valueOf(session.getInt(ROUND)));
  }

  private static LlmRequestBuilder tagged(LlmRequestBuilder request, Step step, int size) {
    return request
        .tag(AgentTags.CACHE_STEP, (Session session) -> step.word())
        .tag(AgentTags.CACHE_TOKENS, (Session session) -> String.valueOf(size));
  }
}
